package ids

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Ids sort by the order they were made in, whatever the clock does.
func TestIDsAscend(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)
	var g Source
	last := ""
	for _, at := range []time.Time{start, start, start.Add(-time.Hour), start.Add(time.Second)} {
		id := g.Unique(at)
		if len(id) != 20 || id[:13] <= last {
			t.Errorf("id %q after %q", id, last)
		}
		last = id[:13]
	}
	if want := fmt.Sprintf("%08x", start.Add(time.Second).Unix()); !strings.HasPrefix(last, want) {
		t.Errorf("id %q does not begin with the time %s", last, want)
	}
}
