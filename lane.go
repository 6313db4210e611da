package isojot

import (
	"slices"

	"github.com/isojot/isojot/internal/caller"
)

// lanesFor are the lanes of a call.
func lanesFor(route Route, p Params) []Lane {
	if p.Path["sessionId"] == "current" && slices.Contains(route.Lanes, LaneSession) {
		// Only the request that presents a session has a current one: with a
		// JWT the answer is 404 (contract section 5.3, 6).
		return []Lane{LaneSession}
	}
	return route.Lanes
}

// lane picks the first of the lanes that c has a credential for.
func (c *config) lane(lanes []Lane) (Lane, bool) {
	for _, lane := range lanes {
		if c.holds(lane) {
			return lane, true
		}
	}
	return LaneGuest, false
}

// holds reports whether c has what the lane needs. In a browser a session always
// may exist, since its HttpOnly cookie cannot be seen; a client that was given
// an API key and no session has been told to use the key.
func (c *config) holds(lane Lane) bool {
	switch lane {
	case LaneJWT:
		return c.jwt != "" || c.bearer != nil
	case LaneKey:
		return c.key != ""
	case LaneSession:
		return c.session != "" || c.jar && c.key == "" || c.fallback() != ""
	}
	return true
}

// identify puts the lane's credential, and no other, on the request.
func (c *config) identify(req *Request, lane Lane, jwt string) {
	switch lane {
	case LaneJWT:
		req.Header["x-appwrite-jwt"] = jwt
	case LaneKey:
		req.Header["x-appwrite-key"] = c.key
	case LaneSession:
		c.presentSession(req)
	}
}

// presentSession lets an explicit session stand alone: beside a cookie the
// server would take the cookie (contract section 1).
func (c *config) presentSession(req *Request) {
	if c.session != "" {
		req.Header["x-appwrite-session"] = c.session
		return
	}
	req.Cookies = c.jar
	if fallback := c.fallback(); fallback != "" {
		req.Header["x-fallback-cookies"] = fallback
	}
}

// twoUsers reports whether c's session and JWT are known to be two users'. An
// operation that ends all sessions goes by the session; who set a JWT may have
// meant its user.
func (c *config) twoUsers() bool {
	user := sessionUser(c.session)
	if c.session == "" {
		user = c.observer.user()
	}
	other := c.jwtUser()
	return user != "" && other != "" && user != other
}

// jwtUser is whose JWT c acts by, or "" where that is not known.
func (c *config) jwtUser() string {
	if c.bearer != nil && c.bearer.user != nil {
		return c.bearer.user()
	}
	claims, err := Decode(c.jwt)
	if err != nil {
		return ""
	}
	return claims.UserID
}

func twoUsersError() *Error {
	return invalid("this client has the session of one user and the JWT of another, and this call cannot be undone: " +
		"make it with a client that has one of the two")
}

// noCredential is the error of a call that could only be refused. It has the
// code and type of the server's refusal, so that a program handles "nobody is
// signed in" in one place.
func (c *config) noCredential(lanes []Lane) *Error {
	e := &Error{Code: 401, Type: ErrUnauthorizedScope, Reason: ReasonNoSession}
	client := "the client of the project " + quote(c.project)
	switch {
	case len(lanes) == 1 && lanes[0] == LaneKey:
		e.Message = "this call needs an API key and the client has none: " +
			caller.UseKey
	case slices.Contains(lanes, LaneJWT):
		e.Message = "nobody is signed in on " + client + ": it has no JWT, session or key. Set the caller's JWT with " +
			caller.SetJWT + " or a session with " + caller.SetSession + noJar
	default:
		e.Message = "this call needs a session and " + client + " has none: sign in and set " +
			caller.SessionSecret + " with " + caller.SetSession + noJar
	}
	return e
}

const noJar = ". Outside browsers no client remembers a session by itself"
