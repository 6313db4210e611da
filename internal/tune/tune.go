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

// The heap may grow by gcPercent of what is live, with the ballast, before it is
// collected. A server keeps some megabytes alive, and may then make 12 MB of
// garbage, more than a password's hash: at Go's default, 100% of what is live, it
// would collect 75 times in each second of load, a tenth of its time. With 150 MB
// alive, under a crowd of clients, it may make 24 MB; as large a share as for the
// few would be more than a gigabyte. A soft limit of the memory would have the collector never rest
// where more than that is live.
const (
	gcPercent   = 8
	ballastSize = 144 << 20
)

// ballast counts as live. It is never written to, and so takes no memory.
var ballast []byte

// GC sets how often the heap is collected, unless the environment variable
// GOGC says so already.
func GC() {
	if os.Getenv("GOGC") == "" {
		ballast = make([]byte, ballastSize)
		debug.SetGCPercent(gcPercent)
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

// GiveBack gives memory back to the system when the process is at rest, until
// ctx ends.
func GiveBack(ctx context.Context) {
	ticker := time.NewTicker(restPeriod)
	defer ticker.Stop()
	var r rest
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.look()
		}
	}
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
	if r.wait--; r.wait >= 0 || had < uint64(len(ballast))+worthBytes {
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
