package executions

import (
	"testing"

	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/store"
)

// Whom a key counts for decides how many slots it may have.
func TestSlotsOfWaiters(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]int{"ann": 2, store.Guests + "192.0.2.1": 2, "anonymous of 192.0.2.1": 2, KeyWaiter + "k": 3, "": 3} {
		q := fair.New(4, 0, maySlot)
		got := 0
		for q.Take(t.Context(), QueueKey(store.Waiter{Project: "demo", ID: id})) == nil {
			got++
		}
		if got != want {
			t.Errorf("%q gets %d of 4 slots, want %d", id, got, want)
		}
	}
	for n := range 3 { // however few there are, there is one
		for _, id := range []string{"ann", KeyWaiter + "k"} {
			if fair.New(n+1, 0, maySlot).Take(t.Context(), "demo "+id) != nil {
				t.Errorf("%q gets none of %d", id, n+1)
			}
		}
	}
}
