package tune

import (
	"runtime"
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

func TestProcs(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for env, want := range map[string]int{"": 4, "3": 2} {
		runtime.GOMAXPROCS(2)
		t.Setenv("GOMAXPROCS", env)
		Procs()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("on two cores with GOMAXPROCS=%q it is %d, want %d", env, got, want)
		}
	}
	for cores, want := range map[int]int{1: 3, 2: 4, 4: 6, 7: 9, 8: 8, 64: 64} {
		if got := procs(cores); got != want {
			t.Errorf("on %d cores it is %d, want %d", cores, got, want)
		}
	}
}

// What a block takes is free when nobody uses it any more, unless so much is live
// that it does not matter.
func TestFreed(t *testing.T) {
	const size = 8 << 20
	collected := func() uint32 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Freed(size)
		runtime.ReadMemStats(&after)
		return after.NumGC - before.NumGC
	}
	runtime.GC()
	if n := collected(); n != 1 {
		t.Errorf("with little alive it collects %d times", n)
	}
	live := make([]byte, share*size)
	runtime.GC()
	if n := collected(); n != 0 {
		t.Errorf("with %d bytes alive it collects %d times", len(live), n)
	}
	runtime.KeepAlive(live)
}
