package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/isojot/isojot"
)

// The two kinds of error of a Verifier, to be compared by errors.Is.
var (
	// ErrRefused: the token lets nobody in.
	ErrRefused = errors.New("auth: the JWT is refused")
	// ErrUnavailable: whether the token is valid could not be found out. The
	// RetryAfter of the *isojot.Error that it wraps says when to try again,
	// where that is known.
	ErrUnavailable = errors.New("auth: cannot find out whether the JWT is valid")
)

func refused(err error) error { return fmt.Errorf("%w: %w", ErrRefused, err) }

func unavailable(err error) error { return fmt.Errorf("%w: %w", ErrUnavailable, err) }

// gaveUp is the error of a caller whose context has ended.
func gaveUp(ctx context.Context) error {
	e := &isojot.Error{Type: isojot.ErrCanceled, Reason: isojot.ReasonUnknown, Message: "the caller did not wait for the answer"}
	return unavailable(fmt.Errorf("%w: %w", e, ctx.Err()))
}

// invalidJWT refuses a token as the endpoint would (contract section 5.3).
func invalidJWT(reason isojot.Reason, message string) error {
	return refused(&isojot.Error{
		Code: http.StatusUnauthorized, Type: isojot.ErrUserJWTInvalid, Reason: reason, Message: "JWT: " + message,
	})
}

// aboutProject are refusals that are not the token's fault: what is wrong is
// how the client is set up, or what lies between it and the endpoint (contract
// section 3).
var aboutProject = []isojot.ErrorType{
	isojot.ErrAccessForbidden, isojot.ErrUnknownOrigin, isojot.ErrServiceDisabled, isojot.ErrProjectKeyExpired,
	isojot.ErrUserJWTAndCookieSet, isojot.ErrBadResponse, "general_api_disabled", "project_id_missing",
}

// fromEndpoint sorts an error of a call to the endpoint into the two kinds.
// Only the API's own 401 and 403, and the 412 of a user who must change the
// password, speak of the caller; a proxy's pages with those codes do not.
func fromEndpoint(err error) error {
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok || slices.Contains(aboutProject, e.Type) {
		return unavailable(err)
	}
	switch e.Code {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPreconditionFailed:
		return refused(err)
	}
	return unavailable(err)
}

// sorted makes an error of a Verifier that may be another's one of the kinds.
func sorted(err error) error {
	if err == nil || errors.Is(err, ErrRefused) || errors.Is(err, ErrUnavailable) {
		return err
	}
	return unavailable(err)
}

// reasonOf is the reason that an error carries, or ReasonUnknown.
func reasonOf(err error) isojot.Reason {
	if e, ok := errors.AsType[*isojot.Error](err); ok && e.Reason != "" {
		return e.Reason
	}
	return isojot.ReasonUnknown
}

// retryAfterOf is how long an error says to wait, or zero.
func retryAfterOf(err error) time.Duration {
	if e, ok := errors.AsType[*isojot.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}
