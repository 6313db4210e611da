package store

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

func TestJWTCreationsSlide(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		add := func(id int, at time.Time) (limit.Usage, bool) {
			t.Helper()
			u, added, err := db.AddJWTCreation(t.Context(), "demo", "u1", strconv.Itoa(id), window, at)
			if err != nil {
				t.Fatal(err)
			}
			return u, added
		}
		for i := range 10 {
			at := now.Add(time.Duration(i) * time.Minute)
			if u, added := add(i, at); !added || u.Count != i+1 || !u.Oldest.Equal(now) {
				t.Fatalf("creation %d: %+v, %v", i, u, added)
			}
		}
		if _, added := add(10, now.Add(time.Hour-time.Millisecond)); added {
			t.Error("the 11th was added inside the window")
		}
		if _, added := add(11, now.Add(time.Hour)); !added {
			t.Error("the 11th was refused after the first had left")
		}
		if u, added := add(12, now.Add(time.Hour)); added || !u.Oldest.Equal(now.Add(time.Minute)) {
			t.Errorf("the 12th: %+v, %v; only one had left", u, added)
		}
		// Set back before all of them, the clock finds an empty window.
		u, err := db.JWTCreations(t.Context(), "demo", "u1", window, now.Add(-time.Hour))
		if err != nil || u.Count != 0 || !u.Oldest.IsZero() {
			t.Errorf("before: %+v, %v", u, err)
		}
	})
}

func TestJWTCreationsAreAtomic(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		var added atomic.Int32
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				_, ok, err := db.AddJWTCreation(t.Context(), "demo", "u1", strconv.Itoa(i), window, now)
				if err != nil {
					t.Error(err)
				}
				if ok {
					added.Add(1)
				}
			})
		}
		wg.Wait()
		if added.Load() != 10 {
			t.Errorf("%d of 50 were added, want 10", added.Load())
		}
	})
}

func TestJWTCreationOfNobody(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		if _, _, err := db.AddJWTCreation(t.Context(), "demo", "nobody", "1", window, now); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	})
}
