package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestTxRollsBack(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		boom := errors.New("boom")
		err := db.Tx(t.Context(), func(tx *Tx) error {
			if err := tx.SetBlocked(t.Context(), "demo", "u1", true); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("Tx = %v", err)
		}
		if u, err := db.User(t.Context(), "demo", "u1"); err != nil || u.Blocked {
			t.Errorf("after the rollback: %+v, %v", u, err)
		}
	})
}

// A cancelled request must not cost the database in memory its connection.
func TestCancelledContext(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := db.User(ctx, "demo", "u1"); !errors.Is(err, context.Canceled) {
			t.Errorf("User with a cancelled context: %v", err)
		}
		if err := db.Tx(ctx, func(tx *Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("Tx with a cancelled context: %v", err)
		}
		if _, err := db.User(t.Context(), "demo", "u1"); err != nil {
			t.Errorf("User afterwards: %v", err)
		}
	})
}

func TestFilePersistsAndIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data with spaces?&#%41")
	db := openFile(t, dir)
	seed(t, db)
	for _, name := range []string{FileName, FileName + "-wal", FileName + "-shm"} {
		fi, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := fi.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, got)
		}
	}
	if fi, err := os.Stat(dir); err != nil || fi.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v, %v, want 700", fi.Mode(), err)
	}
	// A second process has the same files open, then the first one goes.
	second := openFile(t, dir)
	closeDB(t, db)
	if u, err := second.User(t.Context(), "demo", "u1"); err != nil || u.ID != "u1" {
		t.Errorf("User in the second database = %+v, %v", u, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, FileName), []byte(strings.Repeat("not a database ", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"empty": "", "a file": file, "no database": damaged} {
		if db, err := Open(t.Context(), dir, atNow); err == nil {
			t.Errorf("%s: Open succeeded", name)
			closeDB(t, db)
		}
	}
	if fi, err := os.Stat(filepath.Join(damaged, FileName)); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("an existing file has mode %v, %v, want 600", fi.Mode(), err)
	}
}

func TestMemoryDatabasesAreSeparate(t *testing.T) {
	a, err := OpenMemory(t.Context(), atNow)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB(t, a)
	b, err := OpenMemory(t.Context(), atNow)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB(t, b)
	seed(t, a)
	if _, err := b.Project(t.Context(), "demo"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Project in the other database: %v", err)
	}
}

// SQLite numbers $1, $2 by first appearance (see the package comment), so a
// statement that names them in another order would bind the wrong values.
func TestPlaceholdersAscend(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	times, between := regexp.MustCompile("`\\s*\\+\\s*notBefore\\(\"\\w+\", (\\d+)\\)\\s*\\+\\s*`"), regexp.MustCompile("`\\s*\\+[^`,;\\n]*\\+\\s*`")
	statements, placeholder := regexp.MustCompile("`[^`]*`"), regexp.MustCompile(`\$(\d+)`)
	checked := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		// What is between two parts of a statement stands for itself, or for the
		// placeholder of notBefore.
		whole := between.ReplaceAllString(times.ReplaceAllString(string(src), "$$$1"), "")
		for _, sql := range statements.FindAllString(whole, -1) {
			highest := 0
			for _, m := range placeholder.FindAllStringSubmatch(sql, -1) {
				n, err := strconv.Atoi(m[1])
				if err != nil || n > highest+1 {
					t.Errorf("%s: $%s appears before $%d in %s", file, m[1], highest+1, sql)
				}
				highest = max(highest, n)
				checked++
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d placeholders were found: the test looks in the wrong place", checked)
	}
}

// What is acknowledged is on the disk, also from the first start on, whose
// migrations do not wait for it.
func TestCommitsWaitForTheDisk(t *testing.T) {
	db := openFile(t, t.TempDir())
	var mode int
	if err := db.write.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&mode); err != nil || mode != 2 {
		t.Errorf("synchronous is %d, %v, want 2 (FULL)", mode, err)
	}
}
