package tune

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
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
	if got := debug.SetGCPercent(startPercent); got != startPercent {
		t.Errorf("at first it is %d, want %d", got, startPercent)
	}
	live := make([]byte, 400<<20)
	percentBelow(t, 50) // a quarter, and at most 32 MB of 400
	runtime.KeepAlive(live)
}

// percentBelow collects until the percentage is smaller.
func percentBelow(t *testing.T, most uint64) {
	t.Helper()
	for range 1000 {
		runtime.GC()
		runtime.Gosched() // to what is cleaned up
		percent := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		if metrics.Read(percent); percent[0].Value.Uint64() < most {
			return
		}
	}
	t.Errorf("it does not become less than %d", most)
}

func TestPercentFor(t *testing.T) {
	for _, one := range []struct {
		live, mb uint64
		want     int
	}{
		{0, leastMB, 200}, {1 << 20, leastMB, 200}, {10 << 20, leastMB, 55}, {150 << 20, leastMB, 27},
		{1 << 20, mostMB, 800}, {28 << 20, mostMB, 139}, {150 << 20, mostMB, 46},
	} {
		if got := percentFor(one.live, one.mb); got != one.want {
			t.Errorf("with %d bytes alive and %d MB it is %d, want %d", one.live, one.mb, got, one.want)
		}
	}
}

// Collections that come often let more garbage be, those that are rare less.
func TestCollectionsStayRare(t *testing.T) {
	at := time.Unix(0, 0)
	c := &collections{percent: startPercent, mb: leastMB, last: at}
	for i, step := range []struct {
		after time.Duration
		mb    uint64
	}{
		{often / 2, 6}, {often / 2, 12}, {often, 12}, {often / 2, 24}, {often / 2, 32}, {often / 2, 32}, {seldom, 32}, {seldom + 1, leastMB},
	} {
		at = at.Add(step.after)
		c.adjust(10<<20, at)
		if c.mb != step.mb || c.percent != percentFor(10<<20, step.mb) {
			t.Errorf("step %d: %d MB and %d%%, want %d MB", i, c.mb, c.percent, step.mb)
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
