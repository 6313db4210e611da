// Package tune sets what the Go runtime is told about a server process.
package tune

import (
	"os"
	"runtime"
	"runtime/debug"
)

// gcPercent lets the heap grow to five times what is live before it is
// collected. A server keeps about 1 MB alive, so that this costs some
// megabytes; at Go's default of 100 it collects 75 times in each second of
// load, a tenth of its time.
const gcPercent = 400

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
