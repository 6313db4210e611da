package server

import (
	"context"
	"errors"
	"sync/atomic"
)

// errBusyNow says that so many wait already that nobody else may.
var errBusyNow = errors.New("server: too many wait")

// slots bound how much is done at once, and how many callers wait for it.
// Those who wait are served in their order.
type slots struct {
	taken   chan struct{}
	waiting atomic.Int64
	queue   int64
}

// newSlots has n slots, and a queue of at most queue callers.
func newSlots(n, queue int) *slots {
	return &slots{taken: make(chan struct{}, n), queue: int64(queue)}
}

// take waits for a slot. A full queue is errBusyNow, the end of the context
// its error.
func (s *slots) take(ctx context.Context) error {
	select {
	case s.taken <- struct{}{}:
		return nil
	default:
	}
	defer s.waiting.Add(-1)
	if s.waiting.Add(1) > s.queue {
		return errBusyNow
	}
	select {
	case s.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// give gives a slot back.
func (s *slots) give() { <-s.taken }

// wait is take without a bound of the queue.
func (s *slots) wait(ctx context.Context) error {
	select {
	case s.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
