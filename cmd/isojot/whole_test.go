package main

import (
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
