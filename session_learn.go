package isojot

import (
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/jsonobj"
)

// followed is a call that a SessionTokens is told of.
type followed struct {
	operation *Operation
	lane      Lane
	params    Params
	jwt       string // on the JWT lane
	era       int    // when it was sent
}

// begin is told of a call before it is sent, and returns the era. A sign-out
// ends the era at once: a token that is still being made is not kept.
func (s *SessionTokens) begin(call followed) int {
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
	return s.ends(call) || call.mayChangeUser() || s.who.Session == "" && endsOne(call.operation) && s.isBy(call)
}

// ends reports whether the call, if it succeeds, ends this session.
func (s *SessionTokens) ends(call followed) bool {
	here := endsOne(call.operation) && call.params.Path["sessionId"] == s.who.Session
	return (here || call.signsOut()) && s.isBy(call)
}

// isBy reports whether the session, or a JWT of its user, makes the call.
func (s *SessionTokens) isBy(call followed) bool {
	if call.lane != LaneJWT {
		return call.lane == LaneSession
	}
	claims, err := Decode(call.jwt)
	return err == nil && claims.UserID == s.who.User
}

// end is told how a call ended.
func (s *SessionTokens) end(call followed, res *Response, err *Error) {
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
		if s.creator.remembers() {
			s.signIn(sessionIdentity(res))
		}
	case s.ends(call):
		s.signOut()
	case call.mayChangeUser():
		s.forget()
		s.known, s.who = signedUnknown, identity{}
	case op.Name == opAccountGet.Name:
		s.become(userIdentity(res))
	case op.Name == opAccountGetSession.Name && call.params.Path["sessionId"] == "current":
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

// userIdentity reads an answer that is a User.
func userIdentity(res *Response) identity {
	obj, _ := jsonobj.Parse(string(res.Body)) // of no object nothing is known
	user, _ := obj.String("$id")
	return identity{User: user}
}

// sessionIdentity reads an answer that is a Session.
func sessionIdentity(res *Response) identity {
	obj, _ := jsonobj.Parse(string(res.Body)) // of no object nothing is known
	user, _ := obj.String("userId")
	session, _ := obj.String("$id")
	return identity{User: user, Session: session}
}

// isGraphQL reports whether the operation holds operations of its own, whose
// errors do not show in the answer's status.
func isGraphQL(operation *Operation) bool { return operation.Effect == EffectEnvelope }

// mayChangeUser reports whether a call may sign in, as one that accepts an
// invitation to a team, or is GraphQL that may sign in or out. Where it does not,
// a token is made once more than needed.
func (c followed) mayChangeUser() bool {
	if c.operation.Effect == EffectMaySignIn {
		return true
	}
	if !isGraphQL(c.operation) {
		return false
	}
	sent := queryOf(c.params) + string(c.params.Body)
	return slices.ContainsFunc(changingFields[:], func(field string) bool { return mentions(sent, field) })
}

// mentions reports whether a text has a field of changingFields.
func mentions(text, field string) bool {
	prefix, suffix, _ := strings.Cut(field, "*")
	for {
		_, rest, found := strings.Cut(text, prefix)
		if !found {
			return false
		}
		if strings.Contains(rest[:wordEnd(rest)], suffix) {
			return true
		}
		text = rest
	}
}

// wordEnd is where the letters, digits and underscores end that a text begins with.
func wordEnd(text string) int {
	end := 0
	for end < len(text) && (text[end] == '_' || ascii.Alphanumeric(text[end])) {
		end++
	}
	return end
}
