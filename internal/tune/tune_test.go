package tune

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestGC(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	const other = 1 << 40
	for _, one := range []struct {
		percentEnv, limitEnv string
		percent              int
		limit                int64
	}{
		{"", "", gcPercent, softLimit},
		{"150", "", 100, softLimit},
		{"", "1GiB", gcPercent, other},
	} {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(other)
		t.Setenv("GOGC", one.percentEnv)
		t.Setenv("GOMEMLIMIT", one.limitEnv)
		GC()
		if percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1); percent != one.percent || limit != one.limit {
			t.Errorf("with GOGC=%q and GOMEMLIMIT=%q they are %d and %d", one.percentEnv, one.limitEnv, percent, limit)
		}
	}
}

// The limit leaves garbage some room, however much is live.
func TestLimitFor(t *testing.T) {
	for live, want := range map[uint64]int64{0: softLimit, 190 << 20: softLimit, 400 << 20: 500 << 20} {
		if got := limitFor(live); got != want {
			t.Errorf("with %d bytes alive it is %d, want %d", live, got, want)
		}
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	live := make([]byte, 400<<20)
	runtime.GC()
	raiseLimit()
	if got := debug.SetMemoryLimit(-1); got < 500<<20 {
		t.Errorf("with %d bytes alive it is %d", len(live), got)
	}
	runtime.KeepAlive(live)
	live = nil
	runtime.GC()
	raiseLimit()
	if got := debug.SetMemoryLimit(-1); got != softLimit {
		t.Errorf("when they are free it is %d", got)
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

// After a burst the memory is given back, though not while the process is at
// work, and what is in use is looked at more and more rarely.
func TestMemoryIsGivenBack(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // none but its own
	debug.FreeOSMemory()
	var r rest
	r.look()
	burst := make([]byte, 256<<20)
	for i := 0; i < len(burst); i += 4096 {
		burst[i] = 1
	}
	_, full := usage()
	looks := ""
	for range 16 {
		looks += map[bool]string{true: "x", false: "."}[r.look()]
	}
	if looks != ".x.x...x.......x" {
		t.Errorf("in use, it is looked at like %s", looks)
	}
	runtime.KeepAlive(burst)
	burst = nil
	for range 2 * maxPatience {
		r.look()
	}
	if _, has := usage(); has > full-200<<20 {
		t.Errorf("of %d MiB there are %d", full>>20, has>>20)
	}
}
