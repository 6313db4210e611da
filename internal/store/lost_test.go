package store

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// leave makes files of these sizes in a new folder.
func leave(t *testing.T, sizes map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for name, size := range sizes {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, size), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What remains of a database that is gone is neither taken for nothing nor
// touched.
func TestALostDatabaseIsRefused(t *testing.T) {
	const wal, shm = FileName + "-wal", FileName + "-shm"
	for _, one := range []struct {
		sizes   map[string]int
		missing bool
		beside  []string
	}{
		{map[string]int{wal: 4152}, true, []string{wal}},
		{map[string]int{shm: 32768}, true, []string{shm}},
		{map[string]int{FileName: 0, wal: 4152, shm: 32768}, false, []string{wal, shm}},
		{map[string]int{FileName: 0, wal: 4152, shm: 0}, false, []string{wal}},
	} {
		dir := leave(t, one.sizes)
		db, err := Open(t.Context(), dir, atNow)
		if err == nil {
			closeDB(t, db)
		}
		lost, _ := errors.AsType[*LostError](err)
		if want := (&LostError{filepath.Join(dir, FileName), one.missing, one.beside}); !reflect.DeepEqual(lost, want) {
			t.Errorf("%v: Open = %v, want %v", one.sizes, err, want)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != len(one.sizes) {
			t.Errorf("%v: afterwards there are %v, %v", one.sizes, entries, err)
		}
		for name, size := range one.sizes {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() != int64(size) {
				t.Errorf("%v: afterwards %s is %v, %v", one.sizes, name, info, err)
			}
		}
	}
}

// What a start leaves that ended before its first write is no database, and the
// next start makes one.
func TestAStartThatDiedIsBegunAnew(t *testing.T) {
	for _, sizes := range []map[string]int{
		{},
		{"isojot.lock": 0},
		{"isojot.lock": 0, FileName: 0},
		{"isojot.lock": 0, FileName: 0, FileName + "-shm": 0},
		{FileName + "-wal": 0, FileName + "-shm": 0},
	} {
		dir := leave(t, sizes)
		if used, err := Used(dir); used || err != nil {
			t.Errorf("%v: Used = %v, %v", sizes, used, err)
		}
		db := openFile(t, dir)
		if !db.Made() {
			t.Errorf("%v: the database was there before", sizes)
		}
		seed(t, db)
		closeDB(t, db)
		if db = openFile(t, dir); db.Made() {
			t.Errorf("%v: the database is made again", sizes)
		}
		if _, err := db.User(t.Context(), "demo", "u1"); err != nil {
			t.Errorf("%v: %v", sizes, err)
		}
		if used, err := Used(dir); !used || err != nil {
			t.Errorf("%v: Used = %v, %v", sizes, used, err)
		}
	}
}
