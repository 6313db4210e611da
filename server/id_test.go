package server

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Ids sort by the order they were made in, whatever the clock does.
func TestIDsAscend(t *testing.T) {
	t.Parallel()
	var g idSource
	last := ""
	for _, at := range []time.Time{start, start, start.Add(-time.Hour), start.Add(time.Second)} {
		id := g.unique(at)
		if len(id) != 20 || id[:13] <= last {
			t.Errorf("id %q after %q", id, last)
		}
		last = id[:13]
	}
	if want := fmt.Sprintf("%08x", start.Add(time.Second).Unix()); !strings.HasPrefix(last, want) {
		t.Errorf("id %q does not begin with the time %s", last, want)
	}
}

func TestStoreStrings(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	if len(secret) != 256 {
		t.Errorf("a secret has %d digits", len(secret))
	}
	s := encodeStore("ann", secret)
	if user, got, ok := decodeStore(s); !ok || user != "ann" || got != secret {
		t.Errorf("decodeStore(encodeStore) = %q, %q, %v", user, got, ok)
	}
	// {"id":"a","secret":""}, {"id":5,"secret":"x"}, [], "a"
	for _, bad := range []string{"", "!", s + "xx", "eyJpZCI6ImEiLCJzZWNyZXQiOiIifQ==", "eyJpZCI6NSwic2VjcmV0IjoieCJ9", "W10=", "ImEi"} {
		if _, _, ok := decodeStore(bad); ok {
			t.Errorf("decodeStore(%q) is ok", bad)
		}
	}
}
