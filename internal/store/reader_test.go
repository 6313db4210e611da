package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// What is read in one row is read alike by readers and by database/sql.
func TestReadersAgreeWithDatabaseSQL(t *testing.T) {
	db := openFile(t, t.TempDir())
	seed(t, db)
	const query = `SELECT 'text', 7, 8, 1, NULL, 1700000000000, 'more', '{"a":1}' WHERE $1 = 'x' AND $2 = 5 AND $3 = 6 AND $4 IS NULL`
	type read struct {
		text, none, more, prefs string
		long                    int64
		short                   int
		yes                     bool
		at                      time.Time
	}
	run := func() (r read) {
		t.Helper()
		var prefs rawText
		dest := []any{&r.text, &r.long, &r.short, &r.yes, null{&r.none}, millis{&r.at}, &r.more, &prefs}
		if err := db.row(t.Context(), dest, query, "x", int64(5), 6, nil); err != nil {
			t.Fatal(err)
		}
		r.prefs = string(prefs)
		return r
	}
	ours := run()
	one := db.one
	db.one = nil
	theirs := run()
	db.one = one
	if want := (read{"text", "", "more", `{"a":1}`, 7, 8, true, time.UnixMilli(1700000000000).UTC()}); ours != want || theirs != want {
		t.Errorf("readers read %+v, database/sql %+v, want %+v", ours, theirs, want)
	}
}

// A fault names what is wrong, and the next query is answered.
func TestReadersRecover(t *testing.T) {
	db := openFile(t, t.TempDir())
	seed(t, db)
	var text string
	var long int64
	var real float64
	for name, c := range map[string]struct {
		dest  []any
		query string
		args  []any
		want  string
	}{
		"no such table":       {[]any{&text}, `SELECT id FROM nowhere`, nil, "no such table"},
		"NULL as a text":      {[]any{&text}, `SELECT NULL AS name`, nil, "column name: it is NULL, not TEXT"},
		"NULL as an integer":  {[]any{&long}, `SELECT NULL AS n`, nil, "column n: it is NULL, not INTEGER"},
		"text as an integer":  {[]any{&long}, `SELECT '7' AS n`, nil, "it is TEXT, not INTEGER"},
		"too few places":      {[]any{&text}, `SELECT 'a', 'b'`, nil, "2 columns are read into 1 places"},
		"unknown destination": {[]any{&real}, `SELECT 1`, nil, "*float64 is not scanned into"},
		"unknown value":       {[]any{null{&text}}, `SELECT 1.5 AS x`, nil, "column x: FLOAT is not scanned"},
		"refused by Scan":     {[]any{millis{new(time.Time)}}, `SELECT 'now' AS t`, nil, "a time is stored as string"},
		"unknown parameter":   {[]any{&text}, `SELECT $1`, []any{1.5}, "parameter 1 is a float64"},
		"too many parameters": {[]any{&text}, `SELECT 'a'`, []any{"x"}, "out of range"},
		"a write":             {[]any{&text}, `DELETE FROM sessions RETURNING id`, nil, "readonly"},
	} {
		err := db.row(t.Context(), c.dest, c.query, c.args...)
		if err == nil || !strings.HasPrefix(err.Error(), "store: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		for range cap(db.one) { // each of the connections
			if _, err := db.User(t.Context(), "demo", "u1"); err != nil {
				t.Errorf("after %s: %v", name, err)
			}
		}
	}
}

// A reader at rest has no view of the database, or changes would stay hidden
// from it and the write-ahead log could not be cut.
func TestReadersSeeEachChange(t *testing.T) {
	db := openFile(t, t.TempDir())
	seed(t, db)
	for i := range 3 * cap(db.one) {
		blocked := i%2 == 0
		inTx(t, db, func(tx *Tx) error { return tx.SetBlocked(t.Context(), "demo", "u1", blocked) })
		if u, err := db.User(t.Context(), "demo", "u1"); err != nil || u.Blocked != blocked {
			t.Fatalf("change %d: blocked is %v, %v", i, u.Blocked, err)
		}
		if _, err := db.User(t.Context(), "demo", "nobody"); !errors.Is(err, ErrNotFound) {
			t.Fatalf("an unknown user: %v", err)
		}
	}
	var busy, log, moved int
	if err := db.write.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil || busy != 0 || log != 0 {
		t.Errorf("checkpoint: busy %d, %d pages left, %v", busy, log, err)
	}
}

// More callers than readers wait for their turn, no longer than they want to.
func TestReadersAreShared(t *testing.T) {
	db := openFile(t, t.TempDir())
	seed(t, db)
	var wg sync.WaitGroup
	for range 8 * cap(db.one) {
		wg.Go(func() {
			for range 50 {
				if u, err := db.User(t.Context(), "demo", "u1"); err != nil || u.ID != "u1" {
					t.Errorf("%+v, %v", u, err)
					return
				}
			}
		})
	}
	wg.Wait()

	var taken []*reader
	for range cap(db.one) {
		taken = append(taken, <-db.one)
	}
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() { _, err := db.User(ctx, "demo", "u1"); failed <- err }()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that gives up waiting: %v", err)
	}
	for _, r := range taken {
		db.one <- r
	}
}

func TestReadersAfterTheEnd(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir(), atNow)
	if err != nil {
		t.Fatal(err)
	}
	seed(t, db)
	for range 2 {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for range cap(db.one) + 1 {
			if _, err := db.User(t.Context(), "demo", "u1"); !errors.Is(err, errClosed) {
				t.Fatalf("a query after the end: %v", err)
			}
		}
	}
}
