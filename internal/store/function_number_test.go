package store

import (
	"fmt"
	"sync"
	"testing"
)

// Every function has one number for good, and no other has it.
func TestFunctionNumbers(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		for want, key := range [][2]string{{"a", "f"}, {"b", "f"}, {"a", "g"}} {
			for range 2 {
				if got, err := db.FunctionNumber(t.Context(), key[0], key[1]); err != nil || got != want {
					t.Errorf("%v has %d, %v, want %d", key, got, err, want)
				}
			}
		}
		var mu sync.Mutex
		var askers sync.WaitGroup
		owners := map[int]string{}
		for i := range 20 {
			askers.Go(func() {
				id := fmt.Sprint("f", i%10)
				number, err := db.FunctionNumber(t.Context(), "many", id)
				mu.Lock()
				defer mu.Unlock()
				if owner := owners[number]; err != nil || owner != "" && owner != id || number < 3 {
					t.Errorf("%s has %d of %q: %v", id, number, owner, err)
				}
				owners[number] = id
			})
		}
		askers.Wait()
		if len(owners) != 10 {
			t.Errorf("%d numbers", len(owners))
		}
	})
}
