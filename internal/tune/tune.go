// Package tune sets what the Go runtime is told about a server process.
package tune

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The heap may grow by gcPercent of what is live, with the ballast, before it is
// collected. A server keeps some megabytes alive, and may then make 20 MB of
// garbage: at Go's default, 100% of what is live, it would collect 75 times in
// each second of load, a tenth of its time. With 150 MB alive, under a crowd of
// clients, it may make 40 MB; as large a share as for the few would be a
// gigabyte. A soft limit of the memory would have the collector never rest
// where more than that is live.
const (
	gcPercent   = 12
	ballastSize = 160 << 20
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
