package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// copyFiles copies the files of a database as they are, as a power cut leaves
// them: without the index of the write-ahead log, which is rebuilt from it.
func copyFiles(t *testing.T, from, to string) {
	t.Helper()
	for _, name := range []string{FileName, FileName + "-wal"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), text, fileMode); err != nil {
			t.Fatal(err)
		}
	}
}

// writer is the id of the n-th user of the tests below.
func writer(n int) string { return fmt.Sprintf("w%03d", n) }

// tryWrite writes the n-th user, in a transaction of its own.
func tryWrite(t *testing.T, db *DB, n int) error {
	u := User{ID: writer(n), Email: writer(n) + "@example.com", RegisteredAt: now, AccessedAt: now, CreatedAt: now, UpdatedAt: now}
	return db.Tx(t.Context(), func(tx *Tx) error { return tx.InsertUser(t.Context(), "demo", u, "") })
}

// write is tryWrite where nothing is in the way.
func write(t *testing.T, db *DB, n int) {
	t.Helper()
	if err := tryWrite(t, db, n); err != nil {
		t.Fatal(err)
	}
}

// written returns how many of the writers a database has. They must be the first
// ones, and the database whole.
func written(t *testing.T, db *DB) (n int) {
	t.Helper()
	for _, id := range firstColumn(t, db.read, `SELECT id FROM users WHERE id LIKE 'w%' ORDER BY id`) {
		if id != writer(n) {
			t.Errorf("there is %s without %s", id, writer(n))
		}
		n++
	}
	// By the connection that writes: another one may check the text index by what it
	// knew of it before.
	if got := firstColumn(t, db.write, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
		t.Errorf("integrity_check: %q", got)
	}
	if got := firstColumn(t, db.read, "PRAGMA foreign_key_check"); len(got) > 0 {
		t.Errorf("foreign_key_check: %q", got)
	}
	return n
}

// queryer is what a pool and a connection have in common.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// firstColumn returns the first column of a query, as text.
func firstColumn(t *testing.T, q queryer, query string) (all []string) {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	err = each(rows, func(rows *sql.Rows) error {
		dest := make([]any, len(columns))
		for i := range dest {
			dest[i] = new(any)
		}
		err := rows.Scan(dest...)
		all = append(all, fmt.Sprint(*dest[0].(*any)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCommitsReachTheDisk cuts the power after each commit: what was not synced
// by then is lost, and every commit must still be there. With synchronous=NORMAL
// the write-ahead log is synced by checkpoints alone.
func TestCommitsReachTheDisk(t *testing.T) {
	files, durable := t.TempDir(), t.TempDir()
	d := &disk{synced: func(name string) {
		text, err := os.ReadFile(name)
		if err == nil && filepath.Dir(name) == files {
			err = os.WriteFile(filepath.Join(durable, filepath.Base(name)), text, fileMode)
		}
		if err != nil {
			t.Error(err)
		}
	}}
	db, err := openOn(t.Context(), files, atNow, newDisk(t, d))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDB(t, db) })
	seed(t, db)
	for i := range 10 {
		if i == 5 { // the log begins again at its start
			firstColumn(t, db.write, "PRAGMA wal_checkpoint(RESTART)")
		}
		write(t, db, i)
		survived := t.TempDir()
		copyFiles(t, durable, survived)
		after := openFile(t, survived)
		if got := written(t, after); got != i+1 {
			t.Errorf("of %d commits, a power cut leaves %d", i+1, got)
		}
	}
}

// TestConnectionsAreSetUp holds the settings of every connection, that which
// replaces a broken one too: what an acknowledged commit is worth rests on them.
func TestConnectionsAreSetUp(t *testing.T) {
	db := openFile(t, t.TempDir())
	for range 2 {
		conn := connOf(t, db.write)
		checkSettings(t, "0", func(pragma string) string { return firstColumn(t, conn, pragma)[0] })
		// The pool takes it for broken and opens another.
		if err := conn.Raw(func(any) error { return driver.ErrBadConn }); err != driver.ErrBadConn {
			t.Fatal(err)
		}
	}
	for range db.read.Stats().MaxOpenConnections {
		conn := connOf(t, db.read) // kept, so that the next one is another
		checkSettings(t, "1", func(pragma string) string { return firstColumn(t, conn, pragma)[0] })
	}
	for range cap(db.one) {
		r := <-db.one
		defer func() { db.one <- r }()
		checkSettings(t, "1", func(pragma string) string {
			var v any
			if err := r.row([]any{anything{&v}}, pragma, nil); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(v)
		})
	}
}

// anything is a column of any type.
type anything struct{ to *any }

// Scan implements sql.Scanner.
func (a anything) Scan(v any) error {
	*a.to = v
	return nil
}

// connOf takes a connection of a pool until the test ends.
func connOf(t *testing.T, pool *sql.DB) *sql.Conn {
	t.Helper()
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // it may be taken for broken
	return conn
}

// checkSettings asks a connection for its settings.
func checkSettings(t *testing.T, readOnly string, ask func(pragma string) string) {
	t.Helper()
	for pragma, want := range map[string]string{
		"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "10000", "query_only": readOnly,
	} {
		if got := ask("PRAGMA " + pragma); got != want {
			t.Errorf("%s = %s, want %s", pragma, got, want)
		}
	}
}
