package tune

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

func TestGC(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	t.Setenv("GOGC", "150")
	GC()
	if got := debug.SetGCPercent(100); got != 100 {
		t.Errorf("with GOGC it is %d", got)
	}
	t.Setenv("GOGC", "")
	GC()
	if got := debug.SetGCPercent(maxPercent); got != maxPercent {
		t.Errorf("at first it is %d, want %d", got, maxPercent)
	}
	live := make([]byte, 100<<20)
	percentIs(t, 28) // 3 MB and a quarter of 100
	runtime.KeepAlive(live)
	live = nil
	percentIs(t, maxPercent)
}

// percentIs collects until the percentage is about that.
func percentIs(t *testing.T, want int) {
	t.Helper()
	for range 1000 {
		runtime.GC()
		runtime.Gosched() // to what is cleaned up
		percent := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(percent)
		if got := int(percent[0].Value.Uint64()); got >= want-want/5 && got <= want+want/5 {
			return
		}
	}
	t.Errorf("it does not become %d", want)
}

func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: maxPercent, 1 << 20: maxPercent, 10 << 20: 55, 28 << 20: 35, 150 << 20: 27, 1 << 30: 25} {
		if got := percentFor(live); got != want {
			t.Errorf("with %d bytes alive it is %d, want %d", live, got, want)
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
