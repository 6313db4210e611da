package isojot

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/isojot/isojot/internal/moment"
	"github.com/isojot/isojot/internal/tabs"
)

// The walk of one flight, down and back: Token joins it; obtain asks the state
// of the tabs, step by step, what to do; make has the creator ask the server;
// land, and nothing before it, changes what is in hand; and all who wait take
// the outcome along.

const (
	// flightTimeout bounds the making of a token.
	flightTimeout = time.Minute
	// patience is how long callers wait for a new token, from when it was
	// asked for, while the old one lives longer than that.
	patience = tabs.ClaimLife
)

// flight is the making of one token, for all who wait for it.
type flight struct {
	era     int
	began   time.Time
	creator creator
	ctx     context.Context
	cancel  context.CancelFunc
	forced  bool // another tab's token will not do

	done  chan struct{} // closed when the rest is set
	token *Token
	err   *Error
}

// join returns the flight under way, or starts one. living reports whether there
// is a token to fall back on, forced that only a new one will do. s.mu is held.
func (s *SessionTokens) join(ctx context.Context, now moment.Moment, living, forced bool) (*flight, *Error) {
	if s.closed {
		return nil, closedError()
	}
	if err := ctx.Err(); err != nil {
		return nil, canceledError(err)
	}
	if s.flight != nil {
		s.flight.forced = s.flight.forced || forced
		return s.flight, nil
	}
	if err := s.pause.blocks(now, living); err != nil {
		return nil, err
	}
	if s.orphaned() {
		return nil, orphanedError()
	}
	s.flight = newFlight(ctx, s.creator, s.era, forced)
	go s.fly(s.flight)
	return s.flight, nil
}

// newFlight returns a flight that outlives ctx, whose values it keeps.
func newFlight(ctx context.Context, c creator, era int, forced bool) *flight {
	f := &flight{era: era, began: time.Now(), creator: c, forced: forced, done: make(chan struct{})}
	// WithTimeout would link much of package time into the browser build.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	timeout := time.AfterFunc(flightTimeout, cancel)
	f.ctx, f.cancel = ctx, func() { timeout.Stop(); cancel() }
	return f
}

// wait returns the flight's token, or ctx's error. Who has a token to fall back
// on waits no longer than patience.
func (f *flight) wait(ctx context.Context, fallback bool) (*Token, *Error) {
	span := forever
	if fallback {
		span = max(0, patience-time.Since(f.began))
	}
	if wait(ctx, span, f.done) {
		return f.outcome()
	}
	if err := ctx.Err(); err != nil {
		return nil, canceledError(err)
	}
	return nil, slowError()
}

// outcome returns copies: callers may change what they get.
func (f *flight) outcome() (*Token, *Error) {
	if f.err != nil {
		err := *f.err
		return nil, &err
	}
	token := *f.token
	return &token, nil
}

// fly makes the token, or takes over another tab's.
func (s *SessionTokens) fly(f *flight) {
	h, err := s.obtain(f)
	f.cancel()
	s.mu.Lock()
	f.token, f.err = s.land(f, h, err)
	s.mu.Unlock()
	close(f.done)
	s.queue.run()
}

// obtain does what the state of the tabs says, until there is a token.
func (s *SessionTokens) obtain(f *flight) (*held, *Error) {
	for {
		switch now := s.next(f); now.step.Do {
		case tabs.Wait:
			wait(f.ctx, now.step.For, now.rung)
		case tabs.Verify:
			if h, err := s.verify(f, heldFrom(now.step.Offer)); h != nil || err != nil {
				return h, err
			}
		case tabs.Take:
			return now.held, nil
		case tabs.Stop:
			return nil, now.blocked
		default:
			return s.make(f)
		}
	}
}

// nextStep is what a flight does next, and what it needs for that.
type nextStep struct {
	step    tabs.Step
	rung    <-chan struct{} // for Wait
	held    *held           // for Take
	blocked *Error          // for Stop
}

// next asks the state of the tabs what to do. A flight that is over asks as a
// tab without others does: the turn is then that of the next one.
func (s *SessionTokens) next(f *flight) nextStep {
	s.mu.Lock()
	state := &s.tabs
	if s.flight != f {
		state = &tabs.State{}
	}
	blocked := s.pause.blocks(s.now(), false)
	want := tabs.Want{Forced: f.forced, Blocked: blocked != nil, Over: f.ctx.Err() != nil, Lot: tabs.MinLot + rand.Int64N(tabs.MaxLot-tabs.MinLot+1)}
	self := s.self()
	step, actions := state.Next(want, &self)
	s.perform(nil, actions...)
	next := nextStep{step, s.turns.rung(), s.held, blocked}
	s.mu.Unlock()
	s.queue.run()
	return next
}

// verify returns another tab's token if this tab, which does not know its
// session yet, finds that it is the same; else nil. It is an error if there is
// no session at all. That is one cheap request instead of one of the budget.
func (s *SessionTokens) verify(f *flight, offer *held) (*held, *Error) {
	who, err := f.creator.session(f.ctx)
	if err != nil && isGuest(err) {
		return nil, err
	}
	s.mu.Lock()
	if err != nil || f.forced || offer.left(s.now()) == 0 || identityOf(offer) != who {
		offer = nil
	}
	s.mu.Unlock()
	return offer, nil
}

// make asks the server for a token.
func (s *SessionTokens) make(f *flight) (*held, *Error) {
	if err := s.checkUser(f); err != nil {
		return nil, err
	}
	return f.creator.create(f.ctx, s.now())
}

// checkUser finds out whose session it is before a token from outside is
// replaced: another user's would be of no use, and count against their
// budget. Asking counts against nobody's.
func (s *SessionTokens) checkUser(f *flight) *Error {
	s.mu.Lock()
	ask := s.held != nil && s.held.outside && s.who.User == "" && f.creator.user() == ""
	s.mu.Unlock()
	if !ask {
		return nil
	}
	if _, err := f.creator.session(f.ctx); err != nil {
		return err
	}
	s.mu.Lock()
	orphaned := s.orphaned()
	s.mu.Unlock()
	if orphaned {
		return changedError()
	}
	return nil
}

// orphaned reports whether the token in hand was given and there is no session of
// its user to make another.
func (s *SessionTokens) orphaned() bool {
	if s.held == nil || !s.held.outside {
		return false
	}
	user, present := s.held.token.UserID, or(s.creator.user(), s.who.User)
	return user == "" || s.known == signedOut || present != "" && present != user
}

// land takes the new token, unless somebody signed in or out since it was
// asked for: then it is dropped, and whoever waited is told. s.mu is held.
func (s *SessionTokens) land(f *flight, h *held, err *Error) (*Token, *Error) {
	s.notice()
	last := s.flight == f
	if last {
		s.flight = nil
	}
	t, err := s.result(f, h, err)
	if last {
		s.yield() // whatever came of its turn
	}
	return t, err
}

// result is what those who wait for the flight get. s.mu is held.
func (s *SessionTokens) result(f *flight, h *held, err *Error) (*Token, *Error) {
	canceled := err != nil && err.Type == ErrCanceled // by forget, or for its time
	switch {
	case s.closed:
		return nil, closedError()
	case f.era != s.era && (err == nil || canceled):
		return nil, changedError()
	case canceled:
		return nil, s.failed(f, timeoutError(err))
	case err != nil:
		return nil, s.failed(f, err)
	}
	return s.arrive(h)
}

// arrive takes a token of this era.
func (s *SessionTokens) arrive(h *held) (*Token, *Error) {
	foreign := s.held != nil && s.held.outside && s.held.token.UserID != h.token.UserID
	changed := foreign || s.known == signedIn && !s.who.Allows(identityOf(h))
	if s.held != h { // else it was taken over from another tab already
		s.become(identityOf(h))
		if !foreign {
			s.adopt(h, true)
		}
	}
	if changed {
		return nil, changedError()
	}
	return s.copyHeld(), nil
}

// failed keeps what lives, and says when to try again.
func (s *SessionTokens) failed(f *flight, err *Error) *Error {
	if f.era == s.era {
		s.pause = pauseAfter(err, s.now())
		s.persist()
		s.announce(Change{Kind: AuthError, UserID: s.who.User, SessionID: s.who.Session, Err: err})
	}
	return err
}
