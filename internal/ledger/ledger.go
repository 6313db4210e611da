// Package ledger is a budget in bytes that many share fairly: whatever one of
// them holds, half of what it leaves is there for another.
package ledger

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// ErrBusy says that there was no room in time.
var ErrBusy = errors.New("ledger: there is no room")

// Ledger says how many bytes are held, by whom, and who waits for some. It is
// safe for concurrent use.
//
// An account may hold as much as it leaves of what the others have not taken:
// half of all while it is alone, a third each while there are two, an eleventh
// while there are ten. So a newcomer always finds room for as much as anybody
// has. Who finds none waits: in its account in the order of arrival, and the
// accounts take turns, so that one with many in wait delays no other.
type Ledger struct {
	total int64
	wait  time.Duration

	mu       sync.Mutex
	used     int64
	accounts map[string]*account // those that hold something, or wait
	turns    list.List           // of *account: those in which somebody waits
}

// account is what one of those who share has.
type account struct {
	held    int64
	waiting list.List     // of *claim
	turn    *list.Element // in turns; nil while nobody waits
}

// claim is somebody who waits.
type claim struct {
	bytes   int64
	granted chan struct{}
}

// New is a budget of total bytes, for which a place waits no longer than wait in
// all, and half of it at least: chance decides, so that those who came at once
// do not go, and come back, at once.
func New(total int64, wait time.Duration) *Ledger {
	return &Ledger{total: total, wait: wait, accounts: map[string]*account{}}
}

// Used is how many bytes are held.
func (l *Ledger) Used() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.used
}

// Most is the most that one account can ever hold.
func (l *Ledger) Most() int64 { return l.total / 2 }

// try takes bytes for an account, if there is room and nobody waits there.
func (l *Ledger) try(key string, bytes int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tryLocked(key, bytes)
}

func (l *Ledger) tryLocked(key string, bytes int64) bool {
	a := l.accounts[key]
	if a == nil {
		a = &account{}
	}
	if a.turn != nil || !l.fits(a, bytes) {
		return false
	}
	l.accounts[key] = a
	l.grant(a, bytes)
	return true
}

// take is try that waits, no longer than wait.
func (l *Ledger) take(ctx context.Context, key string, bytes int64, wait time.Duration) error {
	l.mu.Lock()
	if l.tryLocked(key, bytes) {
		l.mu.Unlock()
		return nil
	}
	if bytes > l.Most() {
		l.mu.Unlock()
		return ErrBusy
	}
	a, at := l.line(key, &claim{bytes, make(chan struct{})})
	l.mu.Unlock()
	return l.await(ctx, key, a, at, wait)
}

// line puts a claim in its account's line.
func (l *Ledger) line(key string, c *claim) (*account, *list.Element) {
	a := l.accounts[key]
	if a == nil {
		a = &account{}
		l.accounts[key] = a
	}
	if a.turn == nil {
		a.turn = l.turns.PushBack(a)
	}
	return a, a.waiting.PushBack(c)
}

// await waits until the claim is granted, for as long as one may.
func (l *Ledger) await(ctx context.Context, key string, a *account, at *list.Element, wait time.Duration) error {
	c := at.Value.(*claim)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	err := ErrBusy
	select {
	case <-c.granted:
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-c.granted: // just now
		return nil
	default:
	}
	a.waiting.Remove(at)
	l.rest(a)
	l.serve() // who waits behind it may want less
	l.forget(key, a)
	return err
}

// give gives bytes back.
func (l *Ledger) give(key string, bytes int64) {
	if bytes == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[key]
	a.held -= bytes
	l.used -= bytes
	l.serve()
	l.forget(key, a)
}

// fits reports whether the account may have so many bytes more.
func (l *Ledger) fits(a *account, bytes int64) bool {
	return a.held+bytes <= l.total-l.used-bytes
}

func (l *Ledger) grant(a *account, bytes int64) {
	a.held += bytes
	l.used += bytes
}

// serve grants what there is room for now: of each account whose turn it is,
// the first that waits; who was served has the next turn last.
func (l *Ledger) serve() {
	for turn := l.turns.Front(); turn != nil; {
		a, next := turn.Value.(*account), turn.Next()
		first := a.waiting.Front()
		c := first.Value.(*claim)
		if l.fits(a, c.bytes) {
			l.grant(a, c.bytes)
			close(c.granted)
			a.waiting.Remove(first)
			if next == nil && a.waiting.Len() > 0 {
				next = turn // it is alone, and may have more
			}
			l.turns.MoveToBack(turn)
			l.rest(a)
		}
		turn = next
	}
}

// rest ends the account's turns where nobody waits any more.
func (l *Ledger) rest(a *account) {
	if a.turn != nil && a.waiting.Len() == 0 {
		l.turns.Remove(a.turn)
		a.turn = nil
	}
}

// forget forgets an account that holds nothing and in which nobody waits.
func (l *Ledger) forget(key string, a *account) {
	if a.held == 0 && a.turn == nil {
		delete(l.accounts, key)
	}
}
