package isojot

import "sync"

// queue runs functions one after another, in the order in which they were
// added, on whichever goroutine comes first: the others leave theirs to it.
type queue struct {
	mu      sync.Mutex
	waiting []func()
	running bool
}

func (q *queue) add(f func()) {
	q.mu.Lock()
	q.waiting = append(q.waiting, f)
	q.mu.Unlock()
}

// run must be called after each add, without locks.
func (q *queue) run() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running {
		return
	}
	q.running = true
	defer func() { q.running = false }()
	for len(q.waiting) > 0 {
		f := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.call(f)
	}
}

// call lets go of the lock for as long as f runs, also if it panics.
func (q *queue) call(f func()) {
	q.mu.Unlock()
	defer q.mu.Lock()
	f()
}
