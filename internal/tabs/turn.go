package isojot

import (
	"context"
	"math/rand/v2"
	"time"
)

// Tabs that call at the same moment would each make a JWT, and spend three of
// the user's ten where one does. So they take turns: a tab that is about to make
// one says so, with a lot that it draws, and listens for a moment. The lowest
// lot makes the token, the others wait for it. Nothing is locked: a tab that is
// closed or frozen meanwhile keeps the others waiting for seconds at most, and
// what goes wrong costs one more JWT.

const (
	// claimWindow is how long a tab that is not alone listens for the others'
	// lots, which take milliseconds between processes.
	claimWindow = 30 * time.Millisecond
	// claimLife is how long a tab waits for the token that another one makes.
	claimLife = patience
	// underway is below each lot: the token is being made.
	underway = 1
)

// turn is who makes the next token, as far as one tab knows.
type turn struct {
	company bool      // another tab was heard
	mine    int64     // this tab's lot, or underway, or 0
	other   int64     // the lot that this tab waits for, or 0
	until   time.Time // when it waits no longer
	// changed is closed when it may be time to look again.
	changed chan struct{}
}

func newTurn() turn { return turn{changed: make(chan struct{})} }

// lot draws a number above underway that a JSON message can hold exactly.
func lot() int64 {
	return rand.Int64N(1<<52) + underway + 1
}

// wake lets those who wait look again.
func (t *turn) wake() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// left is how much longer to wait for another tab's token.
func (t *turn) left() time.Duration {
	if t.other == 0 {
		return 0
	}
	return max(0, time.Until(t.until))
}

// obtain makes the token, or takes over another tab's.
func (s *SessionTokens) obtain(f *flight) (*held, *Error) {
	for {
		if h, err := s.offered(f); h != nil || err != nil {
			return h, err
		}
		turn := s.awaitTurn(f)
		if h, err := s.fromOthers(f); h != nil || err != nil {
			return h, err
		}
		if turn {
			return s.create(f)
		}
	}
}

// awaitTurn reports whether the token is this tab's to make, or, with f's end, no
// longer anybody's. Otherwise another tab had its turn.
func (s *SessionTokens) awaitTurn(f *flight) bool {
	if changed := s.claim(f); changed != nil {
		wait(f.ctx, claimWindow, changed)
	}
	changed, left := s.settle(f)
	if left == 0 {
		return true
	}
	wait(f.ctx, left, changed)
	return f.ctx.Err() != nil
}

// claim tells the other tabs that this one is about to make a token. It returns
// where a change of turn shows, or nil where there is nothing to wait for. What
// was forced waits for nobody, since another tab's token will not do.
func (s *SessionTokens) claim(f *flight) <-chan struct{} {
	defer s.queue.run()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.takesTurns(f) {
		return nil
	}
	t := &s.share.turn
	if t.left() > 0 && !f.forced {
		return nil
	}
	t.mine, t.other = lot(), 0
	if f.forced || !t.company {
		t.mine = underway
	}
	s.tell("making")
	if t.mine == underway {
		return nil
	}
	return t.changed
}

// takesTurns reports whether there may be other tabs, and f is not over: the turn
// is then that of the next flight.
func (s *SessionTokens) takesTurns(f *flight) bool {
	return s.flight == f && s.share != nil && s.share.channel != nil
}

// settle ends the wait for the others' lots. left is how long to wait for
// another tab's token, 0 where this one makes it.
func (s *SessionTokens) settle(f *flight) (changed <-chan struct{}, left time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.takesTurns(f) {
		return nil, 0
	}
	t := &s.share.turn
	if left = t.left(); left > 0 {
		t.mine = 0
		return t.changed, left
	}
	t.mine = underway
	return nil, 0
}

// fromOthers returns the token that came from another tab since f began, or why
// none is made now, or neither.
func (s *SessionTokens) fromOthers(f *flight) (*held, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if err := s.pause.blocks(now, false); err != nil {
		return nil, err
	}
	if f.forced || s.held.freshFor(now, s.options.early) == 0 {
		return nil, nil
	}
	return s.held, nil
}

// heedClaim takes in that another tab is about to make a token.
func (s *SessionTokens) heedClaim(m message) {
	s.overtaken(m.epoch) // by a sign-in that this tab did not hear of
	t := &s.share.turn
	switch {
	case m.lot < underway || !s.who.allows(m.who):
	case t.mine == underway:
		if m.lot != underway {
			s.tell("making") // it has not heard
		}
	case t.mine != 0 && t.mine < m.lot:
	case t.left() == 0 || m.lot < t.other:
		t.other, t.until = m.lot, time.Now().Add(claimLife)
		t.wake()
	}
}

// heedEnd takes in that another tab's turn is over, and what it knows of the
// user's budget.
func (s *SessionTokens) heedEnd(m message) {
	if m.limited > 0 && s.known != signedOut && s.pause.left(s.now()) < m.limited {
		s.pause = pause{from: s.now(), span: m.limited, err: limitedError()}
		s.persist()
	}
	if m.kind != "here" {
		s.share.turn.other = 0
		s.share.turn.wake()
	}
}

// endTurn ends this tab's turn with a token. s.mu is held.
func (s *SessionTokens) endTurn() {
	if s.share != nil {
		s.share.turn.mine = 0
	}
}

// yield ends this tab's turn without a token. s.mu is held.
func (s *SessionTokens) yield() {
	if s.share == nil {
		return
	}
	t := &s.share.turn
	if t.mine != 0 {
		s.tell("unmade")
	}
	t.mine, t.other = 0, 0
	t.wake()
}

// wait waits until the channel is closed, and reports whether it is: no longer than
// d and ctx last.
func wait(ctx context.Context, d time.Duration, changed <-chan struct{}) bool {
	select {
	case <-changed:
		return true
	default: // also when there is no time to wait
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-changed:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
