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
	db.set(at)
	h, err := db.Hit(t.Context(), project, bucket, hourly)
	if err != nil {
		t.Fatal(err)
	}
	return h.Used
}

// hitsNow is what the counter says without counting.
func hitsNow(t *testing.T, db *DB, project, bucket string, at time.Time) int {
	t.Helper()
	db.set(at)
	h, err := db.Hits(t.Context(), project, bucket, hourly)
	if err != nil {
		t.Fatal(err)
	}
	return h.Used
}

func TestHits(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		if _, err := db.EnsureProject(t.Context(), "other"); err != nil {
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

// A window never goes back, wherever the clock steps, and its budget is that of
// the window that counts.
func TestWindowsNeverGoBack(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		at := func(hours float64) time.Time { return now.Add(time.Duration(hours * float64(time.Hour))) }
		for i, step := range []struct {
			hours float64 // what the clock shows, from now on
			used  int
			start float64 // of the window
		}{
			{0, 0, 0}, {0, 1, 0}, {0, 2, 0}, {0, 3, 0}, // full
			{-1, 3, 0}, {-20, 3, 0}, {0.5, 3, 0}, // set back, and forth again
			{1, 0, 1}, {0, 1, 1}, {1, 2, 1}, {0, 3, 1}, {1, 3, 1},
			{-100, 3, -100}, {-100, 3, -100}, // so far back, those who are shut out need not wait for it
			{-99, 0, -99}, {1, 0, 1},
		} {
			db.set(at(step.hours))
			h, err := db.Hit(t.Context(), "demo", "a", hourly)
			want := Hits{Used: step.used, Start: hourly.Start(at(step.start)), Now: at(step.hours)}
			if err != nil || min(h.Used, hourly.Limit) != want.Used || !h.Start.Equal(want.Start) || !h.Now.Equal(want.Now) {
				t.Errorf("step %d, %v h: %+v, %v; want %+v", i, step.hours, h, err, want)
			}
			if read, err := db.Hits(t.Context(), "demo", "a", hourly); err != nil || !read.Start.Equal(h.Start) || min(read.Used, hourly.Limit) != min(step.used+1, hourly.Limit) {
				t.Errorf("step %d, %v h: reads %+v, %v after %+v", i, step.hours, read, err, h)
			}
		}
	})
}

// A request that is taken back leaves its place to another, in its own window
// only.
func TestUnhit(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		hit(t, db, "demo", "a", now)
		h, err := db.Hit(t.Context(), "demo", "a", hourly)
		if err != nil {
			t.Fatal(err)
		}
		take := func() { inTx(t, db, func(tx *Tx) error { return tx.Unhit(t.Context(), "demo", "a", h) }) }
		take()
		if got := hitsNow(t, db, "demo", "a", now); got != 1 {
			t.Errorf("%d are left, want 1", got)
		}
		hit(t, db, "demo", "a", hourly.End(now))
		take()
		if got := hitsNow(t, db, "demo", "a", hourly.End(now)); got != 1 {
			t.Errorf("of the next window %d are left, want 1", got)
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
			hit(t, db, "demo", fmt.Sprint("new ", i), hourly.End(now).Add(purgeAfter))
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
				h, err := db.Hit(t.Context(), "demo", "a", hourly)
				if err != nil {
					t.Error(err)
				}
				if hourly.Allows(h.Used) {
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
