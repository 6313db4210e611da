package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

// hourly is a small window; now is within it.
var hourly = limit.Fixed{Limit: 3, Period: time.Hour}

// hit counts once and returns what had been counted before.
func hit(t *testing.T, db *DB, project, bucket string, at time.Time) int {
	t.Helper()
	used, err := db.Hit(t.Context(), project, bucket, hourly, at)
	if err != nil {
		t.Fatal(err)
	}
	return used
}

// hitsNow is what the counter says without counting.
func hitsNow(t *testing.T, db *DB, project, bucket string, at time.Time) int {
	t.Helper()
	n, err := db.Hits(t.Context(), project, bucket, hourly, at)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestHits(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		if _, err := db.EnsureProject(t.Context(), "other", now); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int{0, 1, 2, 3, 3} { // refused ones do not count
			if got := hit(t, db, "demo", "a", now); got != want {
				t.Errorf("hit %d found %d, want %d", i, got, want)
			}
		}
		if a, b, other := hitsNow(t, db, "demo", "a", now), hit(t, db, "demo", "b", now), hit(t, db, "other", "a", now); a != 3 || b != 0 || other != 0 {
			t.Errorf("a %d, b %d, other %d; want 3, 0, 0", a, b, other)
		}
		end := hourly.End(now)
		if got := hitsNow(t, db, "demo", "a", end.Add(-time.Millisecond)); got != 3 {
			t.Errorf("just before the end: %d", got)
		}
		if got := hit(t, db, "demo", "a", end); got != 0 {
			t.Errorf("in the next window: %d", got)
		}
		if got := hitsNow(t, db, "demo", "a", end); got != 1 {
			t.Errorf("after one in the next window: %d", got)
		}
		hit(t, db, "demo", "b", end)
		inTx(t, db, func(tx *Tx) error { return tx.ForgetHits(t.Context(), "demo", "a") })
		if a, b := hitsNow(t, db, "demo", "a", end), hitsNow(t, db, "demo", "b", end); a != 0 || b != 1 {
			t.Errorf("after forgetting a: a %d, b %d", a, b)
		}
	})
}

// What has ended is deleted in time, so that the table does not grow with
// every address that ever asked.
func TestEndedWindowsAreDeleted(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for i := range 3 * purgedHits {
			hit(t, db, "demo", fmt.Sprint("old ", i), now)
		}
		rows := func() (n int) {
			if err := db.row(t.Context(), []any{&n}, `SELECT COUNT(*) FROM limit_hits`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := rows(); got != 3*purgedHits {
			t.Fatalf("%d rows, want %d", got, 3*purgedHits)
		}
		for i := range 3 {
			hit(t, db, "demo", fmt.Sprint("new ", i), hourly.End(now).Add(db.dialect.skew))
			if want := (2-i)*purgedHits + i + 1; rows() != want {
				t.Errorf("after %d: %d rows, want %d", i, rows(), want)
			}
		}
	})
}

func TestHitsAreAtomic(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		var allowed atomic.Int32
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				used, err := db.Hit(t.Context(), "demo", "a", hourly, now)
				if err != nil {
					t.Error(err)
				}
				if hourly.Allows(used) {
					allowed.Add(1)
				}
			})
		}
		wg.Wait()
		if allowed.Load() != 3 {
			t.Errorf("%d of 30 were allowed, want 3", allowed.Load())
		}
	})
}

func TestUserCount(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for most, want := range map[int]int{5: 1, 1: 1, 0: 0} {
			err := db.Tx(t.Context(), func(tx *Tx) error {
				n, err := tx.UserCount(t.Context(), "demo", most)
				if err == nil && n != want {
					t.Errorf("at most %d: %d, want %d", most, n, want)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
