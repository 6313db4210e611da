package runner

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Pool bounds how many functions run at once, over all runners it is used for.
type Pool struct {
	places  chan struct{}
	waiting atomic.Int64
	queue   int64
}

// NewPool lets running functions run at once, at least 1, and queue more wait.
func NewPool(running, queue int) *Pool {
	return &Pool{places: make(chan struct{}, max(running, 1)), queue: int64(max(queue, 0))}
}

// Limit is r with its runs bounded. A run that finds all places taken waits in
// line; ctx, and so the function's timeout, covers the waiting. Where the line is
// full it fails with ErrBusy at once.
func (p *Pool) Limit(r Runner) Runner { return &pooled{r, p} }

type pooled struct {
	Runner
	pool *Pool
}

func (p *pooled) Run(ctx context.Context, req *Request) (*Result, error) {
	if err := p.pool.enter(ctx); err != nil {
		return &Result{}, err
	}
	defer func() { <-p.pool.places }()
	return p.Runner.Run(ctx, req)
}

// Limits are those that the runner behind cannot set.
func (p *pooled) Limits() []string { return Limits(p.Runner) }

// enter takes a place; those who wait for one get it in the order they came.
func (p *Pool) enter(ctx context.Context) error {
	select {
	case p.places <- struct{}{}:
		return nil
	default:
	}
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > p.queue {
		return fmt.Errorf("%w: %d run and %d wait", ErrBusy, cap(p.places), p.queue)
	}
	select {
	case p.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: it was still waiting for one of %d places", contextError(ctx), cap(p.places))
	}
}

// Limits says which limits cannot be set for r's function here, and why, a
// sentence each; the server prints them when it starts.
func Limits(r Runner) []string {
	if l, ok := r.(interface{ Limits() []string }); ok {
		return l.Limits()
	}
	return nil
}
