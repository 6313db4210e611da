// Package tune sets what the Go runtime is told about a server process.
package tune

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// gcPercent lets the heap grow to 8 MB at least, and to three times what is live,
// before it is collected. A server keeps about 1 MB alive: at Go's default of 100
// it would collect twice as often, 60 times in each second of load.
const gcPercent = 200

// GC sets how often the heap is collected, unless the environment variable
// GOGC says so already.
func GC() {
	if os.Getenv("GOGC") == "" {
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
