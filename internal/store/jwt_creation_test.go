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

// addJWT counts a creation in a transaction of its own.
func (db *DB) addJWT(t *testing.T, user string, id int) (u limit.Usage, added bool, err error) {
	t.Helper()
	err = db.Tx(t.Context(), func(tx *Tx) error {
		u, added, err = tx.AddJWTCreation(t.Context(), "demo", user, strconv.Itoa(id), window)
		return err
	})
	return u, added, err
}

func TestJWTCreationsSlide(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		add := func(id int, at time.Time) (limit.Usage, bool) {
			t.Helper()
			db.set(at)
			u, added, err := db.addJWT(t, "u1", id)
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
	})
}

// A clock that is set back opens no window, nor does it set forth again to where
// it was.
func TestJWTCreationsNeverGoBack(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		id := 0
		for i, step := range []struct {
			hours float64 // what the clock shows, from now on
			want  int     // of 11
		}{
			{0, 10}, {-0.5, 0}, {-3, 0}, {-23, 0}, {0.5, 0}, {1, 10}, {0, 0}, {1.5, 0}, {2, 10},
			{-100, 0}, {-99.5, 0}, {-99, 10}, // so far back, those who are shut out wait for an hour
		} {
			db.set(now.Add(time.Duration(step.hours * float64(time.Hour))))
			got := 0
			for range 11 {
				id++
				switch _, added, err := db.addJWT(t, "u1", id); {
				case err != nil:
					t.Fatal(err)
				case added:
					got++
				}
				if u, _, err := db.JWTCreations(t.Context(), "demo", "u1", window); err != nil || u.Count != 10 && got == 10 {
					t.Errorf("step %d: %+v, %v after %d", i, u, err, got)
				}
			}
			if got != step.want {
				t.Errorf("step %d, %v h: %d were added, want %d", i, step.hours, got, step.want)
			}
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
				_, ok, err := db.addJWT(t, "u1", i)
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
		if _, _, err := db.addJWT(t, "nobody", 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	})
}
