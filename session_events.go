package isojot

import (
	"sync/atomic"
	"time"
)

// ChangeKind is what happened to who is signed in.
type ChangeKind string

const (
	// SignedIn: a session is there; UserID and SessionID say whose, as far as
	// known.
	SignedIn ChangeKind = "signed-in"
	// SignedOut: it is gone. Err is nil where that was asked for, on this
	// client or, in browsers, in another tab.
	SignedOut ChangeKind = "signed-out"
	// TokenRefreshed: Token is a new one.
	TokenRefreshed ChangeKind = "token-refreshed"
	// TokenExpiring: Token is to be renewed at its next use.
	TokenExpiring ChangeKind = "token-expiring"
	// AuthError: no new token could be made, for Err. A token that still
	// lives goes on being used.
	AuthError ChangeKind = "error"
)

// Change is one thing that happened.
type Change struct {
	Kind              ChangeKind
	UserID, SessionID string // "" where not known
	Token             *Token
	Err               *Error
}

// Holding is the token that a SessionTokens has in hand.
type Holding struct {
	// Token is nil where there is none.
	Token *Token
	// Fresh is how long from now it may be handed out without asking.
	Fresh time.Duration
	// Left is how long from now it lives.
	Left time.Duration
}

// listener is one function that is told of changes or of the token in hand.
type listener struct {
	change func(Change)
	token  func(Holding)
	gone   atomic.Bool
	told   authState // the last that change was queued for
}

// OnChange calls fn after each change, in order, and first with who is signed
// in where that is known. fn may call s and its clients; it should return
// soon, since changes wait for it. The returned function ends it.
func (s *SessionTokens) OnChange(fn func(Change)) (stop func()) {
	l := &listener{change: fn}
	s.mu.Lock()
	s.listeners[l] = struct{}{}
	switch s.known {
	case signedIn:
		s.send(l, Change{Kind: SignedIn, UserID: s.who.User, SessionID: s.who.Session})
	case signedOut:
		s.send(l, Change{Kind: SignedOut})
	}
	s.startTimer()
	s.mu.Unlock()
	s.queue.run()
	return s.stopper(l)
}

// OnToken calls fn with the token in hand, now and whenever another one or
// none takes its place: for a copy of it that is kept elsewhere. fn must not
// block. The returned function ends it.
func (s *SessionTokens) OnToken(fn func(Holding)) (stop func()) {
	l := &listener{token: fn}
	s.mu.Lock()
	s.listeners[l] = struct{}{}
	s.heldChanged()
	s.mu.Unlock()
	s.queue.run()
	return s.stopper(l)
}

func (s *SessionTokens) stopper(l *listener) func() {
	return func() { s.drop(l) }
}

// drop ends what the listener is told.
func (s *SessionTokens) drop(l *listener) {
	l.gone.Store(true)
	s.mu.Lock()
	delete(s.listeners, l)
	s.mu.Unlock()
}

// announce queues a change for all listeners. s.mu is held; they are called
// when it is not.
func (s *SessionTokens) announce(c Change) {
	if c.Err != nil {
		err := *c.Err // the caller goes on with its own
		c.Err = &err
	}
	for l := range s.listeners {
		if l.change != nil {
			s.send(l, c)
		}
	}
}

// send queues a change for one listener, but no second SignedOut in a row: what
// was first learned from another tab may then show in a refusal.
func (s *SessionTokens) send(l *listener, c Change) {
	switch {
	case c.Kind == SignedIn:
		l.told = signedIn
	case c.Kind == SignedOut && l.told == signedOut:
		return
	case c.Kind == SignedOut:
		l.told = signedOut
	}
	s.queue.add(func() {
		if !l.gone.Load() {
			l.change(c)
		}
	})
}

// heldChanged tells of the token in hand. s.mu is held.
func (s *SessionTokens) heldChanged() {
	now := s.holding()
	for l := range s.listeners {
		if l.token != nil {
			s.queue.add(func() {
				if !l.gone.Load() {
					l.token(now)
				}
			})
		}
	}
}

// Holding returns the token in hand, for a copy of it that is kept elsewhere.
func (s *SessionTokens) Holding() Holding {
	s.mu.Lock()
	now := s.holding()
	s.mu.Unlock()
	return now
}

func (s *SessionTokens) holding() Holding {
	now := s.now()
	if s.held.left(now) == 0 {
		return Holding{}
	}
	return Holding{Token: s.copyHeld(), Fresh: s.held.freshFor(now, s.options.early), Left: s.held.left(now)}
}

// startTimer plans TokenExpiring. Nothing is planned for nobody.
func (s *SessionTokens) startTimer() {
	s.stopTimer()
	held, listening := s.held, false
	for l := range s.listeners {
		listening = listening || l.change != nil
	}
	fresh := held.freshFor(s.now(), s.options.early)
	if !listening || fresh == 0 {
		return
	}
	s.expiring = time.AfterFunc(fresh, func() {
		s.mu.Lock()
		if s.held == held && held.left(s.now()) > 0 {
			s.announce(Change{Kind: TokenExpiring, UserID: s.who.User, SessionID: s.who.Session, Token: s.copyHeld()})
		}
		s.mu.Unlock()
		s.queue.run()
	})
}

func (s *SessionTokens) stopTimer() {
	if s.expiring != nil {
		s.expiring.Stop()
		s.expiring = nil
	}
}
