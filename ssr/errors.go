package ssr

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/isojot/isojot"
)

// The kinds of error that a page treats on its own, to be compared by errors.Is.
var (
	// ErrSignedOut: the request has no session, or its session has ended.
	ErrSignedOut = errors.New("ssr: nobody is signed in")
	// ErrUnavailable: the API did not answer, or not as an API; or it said to
	// come back later, which also is isojot.ErrRateLimitExceeded. The RetryAfter
	// of the *isojot.Error that it wraps says when, where that is known.
	ErrUnavailable = errors.New("ssr: the API cannot be asked at the moment")
	// ErrMoreFactors: the visitor has signed in, and the session must show a second
	// factor before anything else. Ask for one by CreateMFAChallenge of the Client's
	// account, answer by UpdateMFAChallenge, and go on with the same session.
	ErrMoreFactors = errors.New("ssr: the session lacks a second factor")
	// ErrOtherBrowser: a callback came to another browser than began the sign-in.
	// See Visitor.SignInByCallback.
	ErrOtherBrowser = errors.New("ssr: the sign-in was not begun in this browser")
)

// Types of an *isojot.Error of this package; their Code is 0.
const (
	// ErrReused: a visitor, or a client of theirs, was used for another request
	// than theirs, or after its end.
	ErrReused isojot.ErrorType = "client_reused"
	// ErrCookiesReadOnly: the answer's header is on its way, so that no cookie
	// can be set any more.
	ErrCookiesReadOnly isojot.ErrorType = "client_cookies_read_only"
)

// Sort makes an error of a visitor's Client ErrSignedOut, ErrUnavailable or
// ErrMoreFactors, where it is one of them. The errors of a Visitor are sorted already.
func Sort(err error) error {
	e, ok := errors.AsType[*isojot.Error](err)
	switch {
	case !ok || errors.Is(err, ErrSignedOut) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrMoreFactors):
		return err
	case isGuest(e):
		return fmt.Errorf("%w: %w", ErrSignedOut, err)
	case e.Type == isojot.ErrUserMoreFactorsRequired:
		return fmt.Errorf("%w: %w", ErrMoreFactors, err)
	case isUnavailable(err, e):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// isGuest reports whether the API took the caller for nobody, or would have.
func isGuest(e *isojot.Error) bool {
	switch e.Type {
	case isojot.ErrUnauthorizedScope:
		return e.Code == http.StatusUnauthorized
	case isojot.ErrSessionChanged, isojot.ErrClosed: // while a JWT was made
		return true
	}
	return false
}

func isUnavailable(err error, e *isojot.Error) bool {
	switch e.Type {
	case isojot.ErrNetwork, isojot.ErrBadResponse, isojot.ErrRateLimitExceeded:
		return true
	case isojot.ErrCanceled: // the request's own end needs no answer
		return errors.Is(err, context.DeadlineExceeded)
	}
	return e.Code >= http.StatusInternalServerError || e.Code == http.StatusTooManyRequests
}

// noSession is the error of a call that needs a session, without one.
func (s *Sessions) noSession() error {
	return fmt.Errorf("%w: %w", ErrSignedOut, &isojot.Error{
		Code: http.StatusUnauthorized, Type: isojot.ErrUnauthorizedScope, Reason: isojot.ReasonNoSession,
		Message: "the request has no cookie " + s.cookie.name + ", or two different ones: sign in first",
	})
}

// explained is a call's error, sorted, with what only its visitor knows: that
// there was a session.
func explained(err error) error {
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok || !isGuest(e) {
		return Sort(err)
	}
	own := *e
	own.Reason = isojot.ReasonSessionEnded
	return fmt.Errorf("%w: %w", ErrSignedOut, &own)
}

func reusedError() *isojot.Error {
	return &isojot.Error{Type: ErrReused, Message: "this visitor is another request's: the context is of a different one. Take the request's own by ssr.FromContext"}
}

// endedError is of what outlives the handler, such as a goroutine that still
// writes; or a visitor was kept for later.
func endedError() *isojot.Error {
	return &isojot.Error{
		Type: ErrReused, Message: "this visitor's request has ended, with the return of its handler: " +
			"have the handler wait for all that asks for the visitor, also for what it streams; in another request take its own by ssr.FromContext",
	}
}

func readOnlyError() error {
	return &isojot.Error{Type: ErrCookiesReadOnly, Message: "the answer's header is on its way, and no cookie can be set any more: sign in and out before writing the body"}
}
