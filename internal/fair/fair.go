// Package fair shares a number of places among callers who have keys, such as
// their addresses: those who wait are served in turn, one of each key after the
// other, so that whoever sends much waits longer, and nobody else does.
package fair

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// ErrBusy reports that as many wait already as may, of whom none has more
// callers waiting than the key of the one that is refused.
var ErrBusy = errors.New("fair: too many wait")

// Queue is a number of places, and a bounded number of callers who wait for
// one. It is safe for concurrent use.
type Queue struct {
	more func(key string, held, free int) bool
	most int // of those who wait

	mu      sync.Mutex
	free    int
	waiting int
	keys    map[string]*share // of those that hold places or wait
	turns   list.List         // the *shares that wait, the next one first
}

// share is what a key has.
type share struct {
	key     string
	held    int
	waiting list.List     // *waiters, the first one first
	turn    *list.Element // in Queue.turns; nil: none waits
}

// waiter is a caller who waits.
type waiter struct {
	share   *share
	bounded bool          // it counts in Queue.waiting
	at      *list.Element // in share.waiting; nil: it waits no more
	done    chan error    // has one: nil with a place, or ErrBusy
}

// New makes a Queue of places, for which at most queue callers wait. A free
// place goes to any key that holds none. Whether one that holds some gets it is
// for more to say, which is told how many it holds and how many are free; with
// nil it does. A key that more refuses waits until fewer of its places are
// taken or more are free, and others go before.
func New(places, queue int, more func(key string, held, free int) bool) *Queue {
	if more == nil {
		more = func(string, int, int) bool { return true }
	}
	return &Queue{more: more, most: queue, free: places, keys: map[string]*share{}}
}

// Half is a rule for New: a key gets another place only while it holds fewer
// than are free. So a key alone gets half of them, rounded up, and as long as
// any is free there is one for a key that comes later.
func Half(_ string, held, free int) bool { return held < free }

// Take waits for a place for the key, which Give gives back. When too many wait
// already, the last one of the key that has most of them gives way, with
// ErrBusy: it is the caller itself unless another key has more. The end of the
// context is its error.
func (q *Queue) Take(ctx context.Context, key string) error { return q.take(ctx, key, true) }

// Wait is Take for a caller who must not be refused. It does not count for the
// bound of those who wait; the key must be its own, and one of it wait at a time.
func (q *Queue) Wait(ctx context.Context, key string) error { return q.take(ctx, key, false) }

func (q *Queue) take(ctx context.Context, key string, bounded bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := q.join(key, bounded)
	if w == nil {
		return err
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		q.leave(w)
		return ctx.Err()
	}
}

// join takes a place at once, or makes a waiter.
func (q *Queue) join(key string, bounded bool) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.share(key)
	defer q.forget(s)
	if q.may(s) { // then none of the key waits: it would have been served
		q.occupy(s)
		return nil, nil
	}
	if bounded && q.waiting >= q.most && !q.giveWay(s) {
		return nil, ErrBusy
	}
	w := &waiter{share: s, bounded: bounded, done: make(chan error, 1)}
	w.at = s.waiting.PushBack(w)
	if s.turn == nil {
		s.turn = q.turns.PushBack(s)
	}
	if bounded {
		q.waiting++
	}
	return w, nil
}

// leave ends a wait, and gives back the place that came meanwhile.
func (q *Queue) leave(w *waiter) {
	q.mu.Lock()
	waits := w.at != nil
	if waits {
		q.remove(w)
		q.forget(w.share)
	}
	q.mu.Unlock()
	if !waits && <-w.done == nil {
		q.Give(w.share.key)
	}
}

// Give gives back a place of the key.
func (q *Queue) Give(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.share(key)
	s.held--
	q.free++
	q.forget(s)
	q.serve()
}

// Move makes a place of one key one of another, whatever that one holds: Full
// tells who should get none.
func (q *Queue) Move(from, to string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	old, next := q.share(from), q.share(to)
	next.held++
	old.held--
	q.forget(old)
	q.serve()
}

// Full returns the keys that may not take the place that another key holds, by
// Move: they hold their part already.
func (q *Queue) Full() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var full []string
	for key, s := range q.keys {
		if s.held > 0 && !q.more(key, s.held, q.free+1) {
			full = append(full, key)
		}
	}
	return full
}

// serve gives the places that are free to those whose turn it is. A key that
// may have none keeps its turn.
func (q *Queue) serve() {
	for at := q.turns.Front(); at != nil && q.free > 0; {
		s := at.Value.(*share)
		if !q.may(s) {
			at = at.Next()
			continue
		}
		w := s.waiting.Front().Value.(*waiter)
		q.remove(w)
		q.occupy(s)
		w.done <- nil
		if s.turn != nil {
			q.turns.MoveToBack(s.turn)
		}
		at = q.turns.Front() // a key that is passed over is so again, since fewer are free
	}
}

// may reports whether a key may take a place now.
func (q *Queue) may(s *share) bool {
	return q.free > 0 && (s.held == 0 || q.more(s.key, s.held, q.free))
}

func (q *Queue) occupy(s *share) {
	s.held++
	q.free--
}

// giveWay makes room for one more of a key, at the cost of the key that has
// most waiting, if that has more even then.
func (q *Queue) giveWay(to *share) bool {
	longest := to
	for at := q.turns.Front(); at != nil; at = at.Next() {
		if s := at.Value.(*share); s.waiting.Len() > longest.waiting.Len() {
			longest = s
		}
	}
	if longest.waiting.Len() <= to.waiting.Len()+1 {
		return false
	}
	w := longest.waiting.Back().Value.(*waiter)
	q.remove(w)
	w.done <- ErrBusy
	return true
}

// remove takes a waiter out.
func (q *Queue) remove(w *waiter) {
	s := w.share
	s.waiting.Remove(w.at)
	w.at = nil
	if w.bounded {
		q.waiting--
	}
	if s.waiting.Len() == 0 {
		q.turns.Remove(s.turn)
		s.turn = nil
	}
}

func (q *Queue) share(key string) *share {
	s := q.keys[key]
	if s == nil {
		s = &share{key: key}
		q.keys[key] = s
	}
	return s
}

// forget drops a key that has nothing.
func (q *Queue) forget(s *share) {
	if s.held == 0 && s.waiting.Len() == 0 {
		delete(q.keys, s.key)
	}
}
