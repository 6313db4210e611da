package tune

import (
	"runtime/debug"
	"testing"
)

func TestGC(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	for env, want := range map[string]int{"": gcPercent, "150": 100} {
		debug.SetGCPercent(100)
		t.Setenv("GOGC", env)
		GC()
		if got := debug.SetGCPercent(100); got != want {
			t.Errorf("with GOGC=%q it is %d, want %d", env, got, want)
		}
	}
}
