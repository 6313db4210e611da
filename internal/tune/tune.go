// Package tune sets what the Go runtime is told about a server process.
package tune

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How the heap is collected. A server keeps about 1 MB alive, and may let the heap
// grow to 8 MB, the least that gcPercent allows: at Go's default of 100 it would
// collect twice as often. With 150 MB alive, under a crowd of clients, the same
// share would be 300 MB more: from softLimit on, it collects sooner.
const (
	gcPercent = 200
	softLimit = 240 << 20
	// headroom is the part of what is live that garbage may take where more is
	// live than the limit leaves room for: else the collector would never rest.
	headroom = 4
)

// GC sets how often the heap is collected, unless the environment variables
// GOGC and GOMEMLIMIT say so already.
func GC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
}

// limitFor is the soft limit where so much is live.
func limitFor(live uint64) int64 { return max(softLimit, int64(live+live/headroom)) }

// share is the part of the heap from which on a block is worth a collection.
const share = 4

// Freed collects the heap at once when a block of that size, which nobody uses
// any more, is a good part of it. The collector would wait until the heap has
// grown by several times what was live when it last ran, the block with it: then a
// server of 1 MB that hashes passwords, 7 MB each, grows to 40. With so little
// alive, a collection takes less than a millisecond.
func Freed(size uint64) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Uint64() < share*size {
		runtime.GC()
	}
}

// spareProcs is how many goroutines may run beside those that hash, one on each
// core. A hash keeps what it runs on for 20 ms, and Go takes it away for others
// after 10 ms at the earliest; the system does so sooner, where it is asked.
const spareProcs = 2

// fewCores is how many cores are few: on more, some are left without hashes.
const fewCores = 8

// Procs lets more goroutines run at once than there are cores, where those are
// few, unless the environment variable GOMAXPROCS says how many. The system then
// shares the cores among them.
func Procs() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(procs(runtime.GOMAXPROCS(0)))
	}
}

// procs is how many goroutines run at once on so many cores.
func procs(cores int) int {
	if cores < fewCores {
		return cores + spareProcs
	}
	return cores
}

// How memory is given back that nothing uses any more: where little is asked, no
// collection is due for minutes.
const (
	restPeriod = 10 * time.Second
	// restBytes is how much a process at rest asks for in that time.
	restBytes = 8 << 20
	// worthBytes is how much makes a collection worth its while.
	worthBytes = 32 << 20
	// maxPatience is how many periods pass, at most, after those that were not.
	maxPatience = 16
)

// Watch gives memory back to the system when the process is at rest, and raises
// the soft limit where much is live, until ctx ends.
func Watch(ctx context.Context) {
	ticker := time.NewTicker(restPeriod)
	defer ticker.Stop()
	var r rest
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.look()
			raiseLimit()
		}
	}
}

// raiseLimit sets the soft limit for what is live now, heap and stacks.
func raiseLimit() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(s)
	debug.SetMemoryLimit(limitFor(s[0].Value.Uint64() + s[1].Value.Uint64()))
}

// rest is what is known of a process at rest.
type rest struct {
	asked uint64 // bytes it had asked for at the last look
	// wait is how many periods are still to pass, and patience how many at a
	// time.
	wait, patience int
}

// look gives memory back after a period in which little was asked for. Where
// that gives little, because much is in use, it is done more and more rarely.
func (r *rest) look() (looked bool) {
	asked, had := usage()
	atRest := asked-r.asked < restBytes
	r.asked = asked
	if !atRest {
		r.wait, r.patience = 0, 0
		return false
	}
	if r.wait--; r.wait >= 0 || had < worthBytes {
		return false
	}
	debug.FreeOSMemory()
	var has uint64
	r.asked, has = usage()
	r.patience = min(2*r.patience+1, maxPatience)
	if has+worthBytes < had {
		r.patience = 0
	}
	r.wait = r.patience
	return true
}

// usage is how many bytes the process has asked for so far, and has now.
func usage() (asked, has uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64(), s[1].Value.Uint64() - s[2].Value.Uint64()
}
