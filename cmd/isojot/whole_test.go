package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"
)

// whole holds that the database of a server that does not run is not damaged.
func whole(t *testing.T, data string) {
	t.Helper()
	db, err := sqlite3.Open("file:" + filepath.ToSlash(filepath.Join(data, "isojot.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for pragma, want := range map[string]string{"integrity_check": "ok", "foreign_key_check": ""} {
		got := ""
		stmt, _, err := db.Prepare("PRAGMA " + pragma)
		if err != nil {
			t.Fatal(err)
		}
		for stmt.Step() {
			got += stmt.ColumnText(0)
		}
		if err := stmt.Close(); err != nil || got != want {
			t.Errorf("%s: %q, %v", pragma, got, err)
		}
	}
}

// sizeOf is the size of a file.
func sizeOf(t *testing.T, name string) uint64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return uint64(info.Size())
}
