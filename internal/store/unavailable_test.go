package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
)

// holdLock takes the write lock of a database file, as another program does.
func holdLock(t *testing.T, dir string) (release func()) {
	t.Helper()
	other, err := open(fileDSN(filepath.Join(dir, FileName), nil), 1)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := other.BeginTx(context.Background(), nil) // BEGIN IMMEDIATE
	if err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() {
		if err := errors.Join(tx.Rollback(), other.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(release)
	return release
}

// While another program holds the write lock, all who write wait for the same
// time, not one after the other; those who read do not wait.
func TestWritersDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openFile(t, dir)
	seed(t, db)
	db.patience = 300 * time.Millisecond
	release := holdLock(t, dir)
	write := func(ctx context.Context) error {
		return db.Tx(ctx, func(tx *Tx) error { return tx.SetBlocked(ctx, "demo", "u1", true) })
	}
	const writers = 20
	began := time.Now()
	answers := make(chan error)
	for range writers {
		go func() { answers <- write(t.Context()) }()
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("reading: %v", err)
	}
	for range writers {
		if err := <-answers; !Unavailable(err) {
			t.Errorf("writing: %v, want an error that says that it is unavailable", err)
		}
	}
	// One after the other it would be 20 times as long.
	if took := time.Since(began); took > writers/2*db.patience {
		t.Errorf("%d writers waited for %v", writers, took)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := write(short); !Unavailable(err) {
		t.Errorf("a writer without time: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := write(gone); Unavailable(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("a writer who has gone: %v", err)
	}
	release()
	if err := write(t.Context()); err != nil {
		t.Errorf("when the lock is free: %v", err)
	}
}

// Only the beginning of a transaction is bounded.
func TestTransactionsMayTakeLonger(t *testing.T) {
	t.Parallel()
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		db.patience = 300 * time.Millisecond
		err := db.Tx(t.Context(), func(tx *Tx) error {
			time.Sleep(2 * db.patience) // a transaction that takes so long
			return tx.SetBlocked(t.Context(), "demo", "u1", true)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Who finds all connections in use does not wait for ever.
func TestWaitingForAConnectionIsBounded(t *testing.T) {
	t.Parallel()
	db := openPostgresURL(t, pgtest.New(t))
	seed(t, db)
	db.patience = 100 * time.Millisecond
	db.read.SetMaxOpenConns(1)
	err := db.Tx(t.Context(), func(*Tx) error {
		if err := db.Ping(t.Context()); !Unavailable(err) {
			t.Errorf("reading one row: %v", err)
		}
		if _, err := db.Keys(t.Context(), "demo"); !Unavailable(err) {
			t.Errorf("reading rows: %v", err)
		}
		if err := db.Tx(t.Context(), func(*Tx) error { return nil }); !Unavailable(err) {
			t.Errorf("writing: %v", err)
		}
		return nil
	})
	if err := errors.Join(err, db.Ping(t.Context())); err != nil {
		t.Error(err)
	}
}

// A full disk refuses what is written, and nothing else; with room again it
// does not.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	db := openFile(t, t.TempDir())
	seed(t, db)
	pages := func(most int) {
		t.Helper()
		if _, err := db.write.Exec(fmt.Sprintf(`PRAGMA max_page_count(%d)`, most)); err != nil {
			t.Fatal(err)
		}
	}
	pages(1) // none but those that are there
	large := make([]byte, 1<<20)
	for i := range large {
		large[i] = 'x'
	}
	write := func() error {
		return db.Tx(t.Context(), func(tx *Tx) error {
			return tx.SetPrefs(t.Context(), "demo", "u1", []byte(`"`+string(large)+`"`))
		})
	}
	if err := write(); !Unavailable(err) {
		t.Errorf("writing: %v", err)
	}
	if _, err := db.User(t.Context(), "demo", "u1"); err != nil {
		t.Errorf("reading: %v", err)
	}
	pages(1 << 30)
	if err := write(); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// A server that has gone, and one that ends what is under way, are unavailable;
// what is wrong with a statement or a row is not.
func TestUnavailablePostgres(t *testing.T) {
	t.Parallel()
	cluster := pgtest.NewCluster(t)
	db := openPostgresURL(t, cluster.NewDatabase(t))
	seed(t, db)
	exec := func(text string) error {
		return db.Tx(t.Context(), func(tx *Tx) error { _, err := tx.exec(t.Context(), text); return err })
	}
	for text, want := range map[string]bool{
		`SELECT 1/0`:  false,
		`SELECT nope`: false,
		`SET LOCAL statement_timeout = 10; SELECT pg_sleep(60)`: true,
		`SELECT pg_terminate_backend(pg_backend_pid())`:         true,
	} {
		if err := exec(text); err == nil || Unavailable(err) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	if Unavailable(nil) || Unavailable(ErrNotFound) || Unavailable(ErrDuplicate) || Unavailable(context.Canceled) {
		t.Error("what is no fault of the database's is taken for one")
	}
	cluster.Crash()
	for name, err := range map[string]error{"reading": db.Ping(t.Context()), "writing": exec(`SELECT 1`), "again": db.Ping(t.Context())} {
		if !Unavailable(err) {
			t.Errorf("%s without a server: %v", name, err)
		}
	}
}
