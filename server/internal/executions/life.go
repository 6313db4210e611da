package executions

import (
	"context"
	"sync"
	"time"
)

// closeGrace is how long executions may take to end when the server closes.
const closeGrace = 10 * time.Second

// life is the time in which a server runs functions.
type life struct {
	// open ends when nothing new may begin, context when what runs is cut off.
	open, context context.Context
	shut          context.CancelFunc
	cut           context.CancelCauseFunc

	mu      sync.Mutex
	over    bool
	running sync.WaitGroup
}

func newLife() *life {
	l := &life{}
	l.open, l.shut = context.WithCancel(context.Background())
	l.context, l.cut = context.WithCancelCause(context.Background())
	return l
}

// begin says that something begins to run, unless it is too late for that. It
// needs an end.
func (l *life) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	l.running.Add(1)
	return true
}

func (l *life) end() { l.running.Done() }

// close lets nothing begin, and waits for what runs; what takes longer than
// the grace is cut off. It may be called again.
func (l *life) close(grace time.Duration) {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.shut()
	timer := time.AfterFunc(grace, func() { l.cut(errStopped) })
	defer timer.Stop()
	l.running.Wait()
	l.cut(errStopped)
}
