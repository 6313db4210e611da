package executions

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/isojot/isojot/internal/runner"
)

// Function is a program that can be run: server.Function, which says what its
// members mean.
type Function struct {
	ID, Name   string
	Target     string
	Deployment string
	Execute    []string
	Timeout    time.Duration
	Scopes     []string
	Disabled   bool
	SameOrigin bool
	// Runner is nil for one that is not deployed.
	Runner runner.Runner
	// using is read-locked by those who run it, and locked to close it.
	using sync.RWMutex
	// Answered is how much memory its last answer took, or asked for in vain.
	Answered atomic.Int64
}

// close ends what the function keeps, when nobody runs it any more.
func (f *Function) close() error {
	f.using.Lock()
	defer f.using.Unlock()
	if f.Runner == nil {
		return nil
	}
	return f.Runner.Close()
}
