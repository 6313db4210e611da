package isojot

import (
	"strings"

	"github.com/isojot/isojot/internal/jsonobj"
)

// authState is what is known of the session.
type authState uint8

const (
	signedUnknown authState = iota
	signedIn
	signedOut
)

// identity is whose session it is; a field that is not known is "".
type identity struct{ user, session string }

func identityOf(h *held) identity { return identity{h.token.UserID, h.token.SessionID} }

// allows reports whether nothing speaks against other being the same.
func (i identity) allows(other identity) bool {
	return (i.user == "" || other.user == "" || i.user == other.user) &&
		(i.session == "" || other.session == "" || i.session == other.session)
}

// followed is a call that a SessionTokens is told of.
type followed struct {
	operation string
	lane      Lane
	params    Params
	jwt       string // on the JWT lane
	era       int    // when it was sent
}

// begin is told of a call before it is sent, and returns the era. A sign-out
// ends the era at once: a token that is still being made is not kept. s may
// be nil.
func (s *SessionTokens) begin(call followed) int {
	if s == nil {
		return 0
	}
	s.checkEpoch()
	s.mu.Lock()
	if s.mayEnd(call) {
		s.forget()
	}
	era := s.era
	s.mu.Unlock()
	s.queue.run()
	return era
}

// mayEnd reports whether the call, if it succeeds, ends this session, or may do
// so since its id is not known.
func (s *SessionTokens) mayEnd(call followed) bool {
	return s.ends(call) || call.mayChangeUser() || s.who.session == "" && call.operation == "account.deleteSession" && s.isBy(call)
}

// ends reports whether the call, if it succeeds, ends this session.
func (s *SessionTokens) ends(call followed) bool {
	here := call.operation == "account.deleteSession" && call.params.Path["sessionId"] == s.who.session
	return (here || call.signsOut()) && s.isBy(call)
}

// isBy reports whether the session, or a JWT of its user, makes the call.
func (s *SessionTokens) isBy(call followed) bool {
	if call.lane != LaneJWT {
		return call.lane == LaneSession
	}
	claims, err := Decode(call.jwt)
	return err == nil && claims.UserID == s.who.user
}

// remembers reports whether a sign-in gives the client a session.
func (s *SessionTokens) remembers() bool {
	c := s.client.cfg()
	return c.session == "" && (c.jar || c.storage != nil)
}

// end is told how a call ended. s may be nil.
func (s *SessionTokens) end(call followed, res *Response, err *Error) {
	if s == nil {
		return
	}
	s.mu.Lock()
	switch {
	case s.closed || call.lane == LaneKey:
	case call.era != s.era && !signsIn(call.operation):
		// It was sent for whoever was signed in then.
	case err != nil:
		s.learnRefusal(call, err)
	case call.lane == LaneJWT:
		s.learnByJWT(call)
	default:
		s.learn(call, res)
	}
	s.mu.Unlock()
	s.queue.run()
}

// learn takes in what a call by the session has shown.
func (s *SessionTokens) learn(call followed, res *Response) {
	switch op := call.operation; {
	case signsIn(op):
		if s.remembers() {
			s.signIn(sessionIdentity(res))
		}
	case s.ends(call):
		s.signOut()
	case call.mayChangeUser():
		s.forget()
		s.known, s.who = signedUnknown, identity{}
	case op == "account.get":
		s.become(userIdentity(res))
	case op == "account.getSession" && call.params.Path["sessionId"] == "current":
		s.become(sessionIdentity(res))
	}
}

// learnByJWT takes in what a call by a token has shown.
func (s *SessionTokens) learnByJWT(call followed) {
	if s.ends(call) {
		s.signOut()
	}
	if h := s.held; endsAll(call.operation) && h != nil && h.outside && h.token.JWT == call.jwt {
		s.spoil(ReasonSessionEnded)
	}
}

// learnRefusal takes in why a call was not let through.
func (s *SessionTokens) learnRefusal(call followed, err *Error) {
	own := call.lane == LaneSession || s.held != nil && s.held.token.JWT == call.jwt
	switch {
	case !own:
	case isGuest(err) && call.lane == LaneJWT && s.held.outside:
		s.spoil(err.Reason) // its session ended, which says nothing of this one's
	case isGuest(err) && s.known != signedOut:
		if err.Reason == ReasonNoSession && s.held.left(s.now()) > 0 && !s.held.outside {
			err.Reason = ReasonSessionEnded
		}
		s.leave(err)
	case err.Type == ErrUserBlocked && s.held != nil && !s.held.refused:
		if call.lane == LaneJWT || !s.held.outside {
			s.spoil(err.Reason)
		}
	case err.Type == ErrUserJWTInvalid && call.lane == LaneJWT:
		s.held.why = err.Reason // Renew, which follows, does the rest
	}
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
	s.bumpEpoch()
	s.become(who)
	s.tell("signed-in")
}

// signOut is this client's own successful sign-out.
func (s *SessionTokens) signOut() {
	s.bumpEpoch()
	s.tell("signed-out")
	s.leave(nil)
}

// become takes in that the session is who's. If it was somebody else's, that
// one is gone, and so is the token.
func (s *SessionTokens) become(who identity) {
	if s.known == signedIn && s.who.allows(who) {
		s.who = identity{or(s.who.user, who.user), or(s.who.session, who.session)}
		return
	}
	if s.known == signedIn {
		s.leave(nil)
	}
	s.known, s.who = signedIn, who
	s.announce(Change{Kind: SignedIn, UserID: who.user, SessionID: who.session})
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// leave takes in that nobody is signed in. err is what showed it, or nil where
// it was asked for.
func (s *SessionTokens) leave(err *Error) {
	s.forget()
	if s.known != signedOut {
		s.announce(Change{Kind: SignedOut, UserID: s.who.user, SessionID: s.who.session, Err: err})
	}
	s.known, s.who = signedOut, identity{}
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
		s.tell("token")
		s.endTurn()
	}
	s.announce(Change{Kind: TokenRefreshed, UserID: s.who.user, SessionID: s.who.session, Token: s.copyHeld()})
}

// userIdentity reads an answer that is a User.
func userIdentity(res *Response) identity {
	obj, _ := jsonobj.Parse(string(res.Body)) // of no object nothing is known
	user, _ := obj.String("$id")
	return identity{user: user}
}

// sessionIdentity reads an answer that is a Session.
func sessionIdentity(res *Response) identity {
	obj, _ := jsonobj.Parse(string(res.Body)) // of no object nothing is known
	user, _ := obj.String("userId")
	session, _ := obj.String("$id")
	return identity{user, session}
}

// isGraphQL reports whether the operation holds operations of its own, whose
// errors do not show in the answer's status.
func isGraphQL(operation string) bool { return strings.HasPrefix(operation, "graphql.") }

// mayChangeUser reports whether a call is GraphQL that may sign in or out. Where
// it does not, a token is made once more than needed.
func (c followed) mayChangeUser() bool {
	if !isGraphQL(c.operation) {
		return false
	}
	body := string(c.params.Body)
	return strings.Contains(body, "accountDelete") || strings.Contains(body, "accountUpdateStatus") ||
		strings.Contains(body, "accountCreate") && strings.Contains(body, "Session")
}
