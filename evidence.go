package isojot

import "sync/atomic"

// evidence is what a client's calls have shown of its session. Copies of a
// client that hold the same credentials share it.
type evidence struct {
	worked   atomic.Bool // a call by the session succeeded
	signedIn atomic.Bool // this client's own sign-in succeeded, and no call since
	// pending is what a sign-in gave for the X-Fallback-Cookies header, until
	// it shows whether the browser keeps the cookie.
	pending atomic.Pointer[string]
}

// note takes in that a call succeeded. cookies reports whether the session is in
// a cookie jar, which is empty after a sign-out; one that the client was given
// has then ended.
func (v *evidence) note(call followed, cookies bool) {
	switch {
	case isGraphQL(call.operation): // which guests may call too
	case signsIn(call.operation):
		v.worked.Store(false)
		v.signedIn.Store(true)
	case call.lane == LaneSession:
		v.signedIn.Store(false)
		v.worked.Store(!cookies || !call.signsOut())
	}
}

// kept takes in that the browser keeps the cookie of this client's sign-in.
func (v *evidence) kept() {
	v.signedIn.Store(false)
	v.worked.Store(true)
}

// reason explains the refusal of a call on the lane. cookies reports whether the
// session that was to identify it is in a cookie jar.
func (v *evidence) reason(lane Lane, cookies bool, err *Error) Reason {
	if !isGuest(err) {
		return reasonOf(err)
	}
	switch {
	case lane == LaneJWT:
		// An expired or forged one is user_jwt_invalid: this one is good, but
		// what it is bound to is gone (contract section 5.3, 3).
		return ReasonSessionEnded
	case lane == LaneKey:
		return ReasonUnknown // a scope that the key has not
	case v.worked.Load():
		return ReasonSessionEnded
	case v.signedIn.Load() && cookies:
		return ReasonCookieBlocked
	case v.signedIn.Load() || !cookies:
		// Refused without ever having worked: mistyped, another project's or
		// ended long ago.
		return ReasonUnknown
	}
	return ReasonNoSession
}

// signsIn reports whether the operation makes a session for the client.
func signsIn(operation *Operation) bool { return operation.Effect == EffectSignsIn }

// signsOut reports whether the call ends the session that made it, whichever it
// is.
func (c followed) signsOut() bool {
	return endsAll(c.operation) || endsOne(c.operation) && c.params.Path["sessionId"] == "current"
}

// endsAll reports whether the operation ends every session of the user.
func endsAll(operation *Operation) bool { return operation.Effect == EffectEndsAll }

// endsOne reports whether the operation ends the session whose id it is given.
func endsOne(operation *Operation) bool { return operation.Effect == EffectEndsSession }
