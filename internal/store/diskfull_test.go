package store

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3"
)

// small is a disk of which so many writes are left, to files whose names end so.
type small struct {
	left    atomic.Int64
	file    atomic.Value
	refused atomic.Int64
}

func (s *small) write(name string, _ int) error {
	if strings.HasSuffix(name, s.file.Load().(string)) && s.left.Add(-1) < 0 {
		s.refused.Add(1)
		return sqlite3.FULL
	}
	return nil
}

// leave leaves n writes to files whose names end so.
func (s *small) leave(n int64, file string) {
	s.file.Store(file)
	s.left.Store(n)
}

// plenty is more writes than a test makes.
const plenty = 1 << 30

// openSmall opens a seeded database in a folder of a disk that can fill up, and
// has plenty of room as yet.
func openSmall(t *testing.T, files string) (*DB, *small) {
	t.Helper()
	s := &small{}
	s.leave(plenty, "")
	db, err := openOn(t.Context(), files, atNow, newDisk(t, &disk{write: s.write}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDB(t, db) })
	seed(t, db)
	return db, s
}

// TestAFullDisk fills the disk at each write of a transaction. The transaction
// fails as a whole, what was acknowledged can be read, and when there is room
// again the same connections write again.
func TestAFullDisk(t *testing.T) {
	files := t.TempDir()
	db, s := openSmall(t, files)
	n, failed := 0, 0
	for room := range int64(60) {
		s.leave(room, "-wal")
		err := tryWrite(t, db, n)
		switch {
		case err == nil:
			n++
		case errors.Is(err, sqlite3.FULL):
			failed++
		default:
			t.Errorf("with room for %d writes: %v", room, err)
		}
		if u, err := db.User(t.Context(), "demo", "u1"); err != nil || u.ID != "u1" {
			t.Errorf("with room for %d writes, reading says %v", room, err)
		}
		if got := written(t, db); got != n {
			t.Errorf("with room for %d writes, %d users are there, want %d", room, got, n)
		}
		s.leave(plenty, "")
		write(t, db, n)
		n++
	}
	if failed < 5 || failed == 60 {
		t.Errorf("%d of 60 transactions found the disk full: the test fills another one", failed)
	}
	survived := t.TempDir()
	copyFiles(t, files, survived)
	if got := written(t, openFile(t, survived)); got != n {
		t.Errorf("%d users were acknowledged, a crash leaves %d", n, got)
	}
}

// TestCheckpointsOnAFullDisk fills the disk for the database file alone, while
// the log has room: commits go on, and move over when there is room.
func TestCheckpointsOnAFullDisk(t *testing.T) {
	files := t.TempDir()
	db, s := openSmall(t, files)
	firstColumn(t, db.write, "PRAGMA wal_autocheckpoint(1)") // at each commit
	const users = 30
	s.refused.Store(0)
	for n := range users {
		s.leave(int64(n%3), FileName) // a checkpoint stops on its way, too
		write(t, db, n)
	}
	if n := s.refused.Load(); n < users {
		t.Errorf("%d writes of checkpoints were refused: the test fills another disk", n)
	}
	survived := t.TempDir()
	copyFiles(t, files, survived)
	if got := written(t, openFile(t, survived)); got != users {
		t.Errorf("%d users were acknowledged, a crash leaves %d", users, got)
	}
	s.leave(plenty, "")
	write(t, db, users)
	if got := firstColumn(t, db.write, "PRAGMA wal_checkpoint(TRUNCATE)"); got[0] != "0" {
		t.Errorf("with room, the checkpoint says %q", got)
	}
	if got := written(t, db); got != users+1 {
		t.Errorf("afterwards there are %d users, want %d", got, users+1)
	}
}
