package isojot

import (
	"context"
	"time"
)

// bell wakes all who wait for it, each time it rings. Its lock is that of who
// has it.
type bell struct{ next chan struct{} }

// rung returns what is closed when the bell rings next.
func (b *bell) rung() <-chan struct{} {
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// forever is a wait that only the channel and the context end.
const forever time.Duration = -1

// wait waits until the channel is closed, and reports whether it is: no longer
// than d and ctx last. All waiting of the token engine is done here.
func wait(ctx context.Context, d time.Duration, closed <-chan struct{}) bool {
	select {
	case <-closed:
		return true
	default: // also when there is no time to wait
	}
	var late <-chan time.Time
	if d != forever {
		late = time.After(d)
	}
	select {
	case <-closed:
		return true
	case <-late:
	case <-ctx.Done():
	}
	return false
}
