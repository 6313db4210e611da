package executions

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Who is silent for a lease is taken for dead: not sooner, and not when nobody
// looked.
func TestWatch(t *testing.T) {
	start := time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)
	w := &watch{lease: 60 * time.Second}
	look := func(at time.Duration, want string, beats map[string]int64) {
		t.Helper()
		silent := w.look(beats, start.Add(at))
		slices.Sort(silent)
		if got := strings.Join(silent, " "); got != want {
			t.Errorf("after %v %q is silent, want %q", at, got, want)
		}
	}
	for n := range 6 {
		look(time.Duration(n)*10*time.Second, "", map[string]int64{"alive": int64(n + 1), "dead": 7, "gone": 0})
	}
	look(60*time.Second-time.Millisecond, "", map[string]int64{"alive": 7, "dead": 7, "gone": 0})
	look(60*time.Second, "dead gone", map[string]int64{"alive": 8, "dead": 7, "gone": 0})
	// One that was forgotten begins anew, whatever it says.
	look(70*time.Second, "", map[string]int64{"alive": 9})
	look(80*time.Second, "", map[string]int64{"alive": 10, "dead": 7})
	// Nobody looked for long: they may not have been able to beat.
	look(300*time.Second, "", map[string]int64{"alive": 10, "dead": 7})
	for n := range 5 {
		look(time.Duration(310+10*n)*time.Second, "", map[string]int64{"alive": 11, "dead": 7})
	}
	look(360*time.Second, "dead", map[string]int64{"alive": 11, "dead": 7})
	look(369*time.Second, "dead", map[string]int64{"alive": 11, "dead": 7})
	look(370*time.Second, "alive dead", map[string]int64{"alive": 11, "dead": 7})
}
