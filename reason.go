package isojot

import (
	"strings"

	"github.com/isojot/isojot/internal/caller"
)

// Reason says why a call was not let through, as far as there is evidence.
// An error that has none of it is ReasonUnknown, never a guess.
type Reason string

// The reasons, and the evidence for each.
const (
	// ReasonUnknown: no evidence for any other; Message and Type say what is
	// known.
	ReasonUnknown Reason = "unknown"
	// ReasonNoSession: the client holds no credential, or the server took a
	// client for a guest that has never been seen signed in.
	ReasonNoSession Reason = "no-session"
	// ReasonCookieBlocked: the server took the first call after this client's
	// own successful sign-in for a guest's.
	ReasonCookieBlocked Reason = "cookie-blocked"
	// ReasonSessionEnded: the server took a client for a guest whose session
	// had worked before or whose JWT it accepts as such; or the session ended
	// here while the call was waiting.
	ReasonSessionEnded Reason = "session-ended"
	// ReasonJWTExpired: the server said so of the JWT, or its exp has passed.
	ReasonJWTExpired Reason = "jwt-expired"
	// ReasonJWTMalformed: it is no JWT that createJWT could have made.
	ReasonJWTMalformed Reason = "jwt-malformed"
	// ReasonJWTAndSession: the server got a JWT and a session in one request.
	ReasonJWTAndSession Reason = "jwt-and-session"
	// ReasonSessionExists: the server makes no session beside the one that the
	// client has.
	ReasonSessionExists Reason = "session-exists"
	// ReasonInvalidCredentials: the server said so of the email and password.
	ReasonInvalidCredentials Reason = "invalid-credentials"
	// ReasonMoreFactors: the session lacks the second factor that its user has.
	ReasonMoreFactors Reason = "more-factors"
	// ReasonInvalidToken: the server said so of a link's secret or a code.
	ReasonInvalidToken Reason = "invalid-token"
	// ReasonUserExists: another user has the ID, the email or the phone number.
	ReasonUserExists Reason = "user-exists"
	// ReasonInvalidArgument: the server refused a parameter.
	ReasonInvalidArgument Reason = "invalid-argument"
	// ReasonUserBlocked: the server said so of the user.
	ReasonUserBlocked Reason = "user-blocked"
	// ReasonRateLimited: the server answered 429, or did so a moment ago and
	// the window has not turned.
	ReasonRateLimited Reason = "rate-limited"
	// ReasonCORS: the page's request failed, but the same server answered a
	// request that needs no permission; or it named the origin as unknown.
	ReasonCORS Reason = "cors"
	// ReasonNetwork: no answer came, and none of CORS's evidence.
	ReasonNetwork Reason = "network"
	// ReasonWrongProject: the server does not know the project.
	ReasonWrongProject Reason = "wrong-project"
	// ReasonNoOperation: the server does not know the operation or its path.
	ReasonNoOperation Reason = "no-operation"
)

// Advice is a sentence that says what to do, or "" for ReasonUnknown.
func (r Reason) Advice() string {
	for i := range advices {
		if advices[i].reason == r {
			return advices[i].text
		}
	}
	return ""
}

// advices are data, rather than a switch or a map, which are several times as
// large in the browser build.
var advices = [...]struct {
	reason Reason
	text   string
}{
	{ReasonNoSession, "Sign in first; on a server, give the client the caller's JWT (" + caller.SetJWT + ") or session (" + caller.SetSession + ")."},
	{ReasonCookieBlocked, "The browser did not keep the session cookie: serve the API from the page's own site, " +
		"for example by a reverse proxy at /v1 or a subdomain, or allow third-party cookies."},
	{ReasonSessionEnded, "Sign in again: the session has expired, was signed out elsewhere, or its user is gone."},
	{ReasonJWTExpired, "Make a new JWT (" + caller.MakeJWT + ") where the session is, and send that."},
	{ReasonJWTMalformed, "Pass the " + caller.CreatedJWT + " as it is: no \"Bearer \", no quotes, nothing cut off."},
	{ReasonJWTAndSession, "Something adds a cookie or session to requests that carry a JWT, such as a proxy or a wrapped fetch: send one of the two."},
	{ReasonSessionExists, "Go on with the session that there is, or sign out first."},
	{ReasonInvalidCredentials, "Ask for the email and the password again."},
	{ReasonMoreFactors, "Ask for the second factor: createMFAChallenge, then updateMFAChallenge with the code; the session stays the same."},
	{ReasonInvalidToken, "Ask for another link or code: this one is wrong, was used, or has expired."},
	{ReasonUserExists, "Sign in instead, or take another email, phone number or ID."},
	{ReasonInvalidArgument, "Correct the parameter that the message names."},
	{ReasonUserBlocked, "The user is blocked; only the project's owner can unblock them."},
	{ReasonRateLimited, "Wait for " + caller.RetryAfter + ". The budget is shared by all of the user's tabs and devices; " +
		caller.TokenSource + " spends it once in a token's life. That of sign-ups and sign-ins is shared by all at one address; " +
		"isojot serve --dev does not count its own machine's."},
	{ReasonCORS, "The server runs but does not accept this page's origin: allow it there " +
		"(isojot serve --allow-origin URL; in Appwrite, add a web platform)."},
	{ReasonNetwork, "Check the connection, that the server runs and that the endpoint is right; of a page, also that its " +
		"Content-Security-Policy (connect-src) allows it."},
	{ReasonWrongProject, "Check the project's id and that the endpoint is the server that has it."},
	{ReasonNoOperation, "Check the endpoint. isojot's server has accounts, users, functions, health and locale; the same call runs against Appwrite."},
}

// reasons are what the server's types of errors say alone. What it said to a
// guest needs more evidence; see evidence.
var reasons = [...]struct {
	kind   ErrorType
	reason Reason
}{
	{ErrUserJWTAndCookieSet, ReasonJWTAndSession},
	{ErrUserJWTCreationDenied, ReasonJWTAndSession},
	{ErrSessionAlreadyExists, ReasonSessionExists},
	{ErrUserInvalidCredentials, ReasonInvalidCredentials},
	{ErrUserMoreFactorsRequired, ReasonMoreFactors},
	{ErrUserInvalidToken, ReasonInvalidToken},
	{ErrUserAlreadyExists, ReasonUserExists},
	{ErrUserTargetAlreadyExists, ReasonUserExists},
	{ErrUserPhoneAlreadyExists, ReasonUserExists},
	{ErrArgumentInvalid, ReasonInvalidArgument},
	{ErrUserBlocked, ReasonUserBlocked},
	{ErrUnknownOrigin, ReasonCORS},
	{ErrProjectNotFound, ReasonWrongProject},
	{ErrRouteNotFound, ReasonNoOperation},
}

// reasonOf reads the reason from what the server said.
func reasonOf(e *Error) Reason {
	if e.Type == ErrUserJWTInvalid {
		return jwtReason(e.Message)
	}
	for i := range reasons {
		if reasons[i].kind == e.Type {
			return reasons[i].reason
		}
	}
	if e.Code == 429 {
		return ReasonRateLimited
	}
	return ReasonUnknown
}

// jwtReason reads the library texts of contract section 5.3. A signature that
// does not match may be another project's, another server's or a forgery's:
// that cannot be told.
func jwtReason(message string) Reason {
	switch {
	case strings.Contains(message, "Expired"):
		return ReasonJWTExpired
	case strings.Contains(message, "Incomplete segments"), strings.Contains(message, "header algo"),
		strings.Contains(message, "JSON failed"):
		return ReasonJWTMalformed
	}
	return ReasonUnknown
}

// isGuest reports whether the server took the caller for nobody.
func isGuest(e *Error) bool { return e.Code == 401 && e.Type == ErrUnauthorizedScope }
