// Package tune sets what the Go runtime is told about a server process.
package tune

import (
	"os"
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
