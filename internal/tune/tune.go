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

// How much garbage the heap may hold before it is collected: a part of what is
// live, and some megabytes, as few as collections are rare. Those that come sooner
// than often after one another double it, those later than seldom take it back: so
// a server at rest is small, and one at work collects some thirty times a second.
// Go's own measure is the part alone: with 1 MB alive it would collect 75 times in
// each second of load, and with 150 MB, under a crowd of clients, keep as much again.
const (
	livePart = 4
	leastMB  = 3
	mostMB   = 32
	often    = 30 * time.Millisecond
	seldom   = time.Second
	// startPercent bounds the least heap, which Go makes 4 MB for each 100%.
	startPercent = 200
)

// GC has the heap collected by that measure, unless the environment variable GOGC
// says when. It looks at what is live after each collection.
func GC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(startPercent)
		afterCollection(&collections{percent: startPercent, mb: leastMB, last: time.Now()})
	}
}

// collections is what is known of them.
type collections struct {
	percent int
	mb      uint64 // of garbage, beside the part of what is live
	last    time.Time
}

// afterCollection adjusts the percentage after the next collection, and so on: an
// object that nothing uses ends with it. It has a pointer, so that it does not
// share its place with others that are used.
func afterCollection(c *collections) {
	runtime.AddCleanup(&struct{ of *collections }{c}, func(c *collections) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if c.adjust(live[0].Value.Uint64(), time.Now()) {
			debug.SetGCPercent(c.percent)
		}
		afterCollection(c)
	}, c)
}

// adjust computes the percentage after a collection that has left so much alive.
// It reports whether it is another one: a change of less than a tenth is not worth
// the stop that it takes.
func (c *collections) adjust(live uint64, now time.Time) bool {
	switch since := now.Sub(c.last); {
	case since < often:
		c.mb = min(2*c.mb, mostMB)
	case since > seldom:
		c.mb = leastMB
	}
	c.last = now
	want := percentFor(live, c.mb)
	if 10*max(want-c.percent, c.percent-want) <= c.percent {
		return false
	}
	c.percent = want
	return true
}

// percentFor is the percentage for so much that is live, and so many megabytes of
// garbage beside a part of it.
func percentFor(live, mb uint64) int {
	most := max(startPercent, 25*mb)
	return int(min(most, 100*(mb<<20+live/livePart)/max(live, 1)))
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

// GiveBack gives memory back to the system: what the start took, and then
// whenever the process is at rest, until ctx ends.
func GiveBack(ctx context.Context) {
	debug.FreeOSMemory()
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
