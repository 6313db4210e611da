package isojot

import "github.com/isojot/isojot/internal/tabs"

// authState is what is known of the session.
type authState uint8

const (
	signedUnknown authState = iota
	signedIn
	signedOut
)

// identity is whose session it is; a field that is not known is "".
type identity = tabs.Identity

func identityOf(h *held) identity { return identity{User: h.token.UserID, Session: h.token.SessionID} }

// user is who is signed in, as far as known.
func (s *SessionTokens) user() string {
	s.mu.Lock()
	user := s.who.User
	s.mu.Unlock()
	return user
}

// refuse is what is done about a token that the server did not accept. One that
// was about to be renewed anyway is no sign of a server that refuses them all:
// that it was ever accepted need not be known here.
func (s *SessionTokens) refuse(err *Error) {
	s.spoil(s.held.why)
	if s.now().Since(s.held.at) >= s.held.life/2 {
		s.refusals = 0
	}
	if s.refusals++; s.refusals > 1 {
		span := min(refusedPause<<min(s.refusals-2, 6), maxLife)
		s.pause = pause{from: s.now(), span: span, err: err}
	}
}

// accepted says that the server took the token.
func (s *SessionTokens) accepted(jwt string) {
	s.mu.Lock()
	if s.held != nil && s.held.token.JWT == jwt {
		s.refusals = 0
	}
	s.mu.Unlock()
}

// spoil takes in that the token in hand is of no more use.
func (s *SessionTokens) spoil(why Reason) {
	s.held.refused, s.held.why = true, why
	s.stopTimer()
	s.heldChanged()
	s.persist()
}

// signIn is this client's own successful sign-in.
func (s *SessionTokens) signIn(who identity) {
	s.forget()
	if s.known == signedIn {
		s.leave(nil)
	}
	s.raise()
	s.become(who)
	s.say(tabs.SignedIn)
}

// signOut is this client's own successful sign-out.
func (s *SessionTokens) signOut() {
	s.raise()
	s.say(tabs.SignedOut)
	s.leave(nil)
}

// become takes in that the session is who's. If it was somebody else's, that
// one is gone, and so is the token.
func (s *SessionTokens) become(who identity) {
	if s.known == signedIn && s.who.Allows(who) {
		s.who = identity{User: or(s.who.User, who.User), Session: or(s.who.Session, who.Session)}
		return
	}
	if s.known == signedIn {
		s.leave(nil)
	}
	s.known, s.who = signedIn, who
	s.announce(Change{Kind: SignedIn, UserID: who.User, SessionID: who.Session})
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// raise begins a new epoch for all tabs.
func (s *SessionTokens) raise() {
	if h := s.share; h != nil {
		s.perform(nil, s.tabs.Raise(h.storedEpoch()))
	}
}

// leave takes in that nobody is signed in. err is what showed it, or nil where
// it was asked for.
func (s *SessionTokens) leave(err *Error) {
	s.forget()
	if s.known != signedOut {
		s.announce(Change{Kind: SignedOut, UserID: s.who.User, SessionID: s.who.Session, Err: err})
	}
	s.known, s.who = signedOut, identity{}
}

// overtaken takes in that tabs signed in or out unheard: whoever was signed in
// is not any more, and who is remains to be seen.
func (s *SessionTokens) overtaken() {
	if s.known == signedIn {
		s.leave(nil)
	}
	s.forget()
	s.known = signedUnknown
}

// forget lets go of the token and of the one that is being made. An outside
// token is not the session's and stays.
func (s *SessionTokens) forget() {
	s.era++
	s.refusals = 0
	s.pause = pause{}
	s.yield()
	if s.flight != nil {
		s.flight.cancel()
		s.flight = nil
	}
	if s.held != nil && !(s.held.outside && !s.closed) {
		s.held = nil
		s.heldChanged()
	}
	s.stopTimer()
	s.persist()
}

// adopt takes a token; own says that it was made here.
func (s *SessionTokens) adopt(h *held, own bool) {
	s.held = h
	if own {
		s.pause = pause{} // another tab's says nothing of what may be made now
	}
	s.heldChanged()
	s.startTimer()
	s.persist()
	if own {
		s.perform(nil, s.tabs.Made())
	}
	s.announce(Change{Kind: TokenRefreshed, UserID: s.who.User, SessionID: s.who.Session, Token: s.copyHeld()})
}
