package isojot

import "github.com/isojot/isojot/internal/caller"

func closedError() *Error {
	return &Error{Type: ErrClosed, Reason: ReasonUnknown, Message: "the " + caller.Tokens + " was closed"}
}

func canceledError(cause error) *Error {
	return &Error{Type: ErrCanceled, Reason: ReasonUnknown, Message: "waiting for a JWT: " + cause.Error(), cause: cause}
}

// slowError is the error of who has a token to fall back on.
func slowError() *Error {
	return &Error{Type: ErrNetwork, Reason: ReasonNetwork, Message: "the server takes long to make a JWT"}
}

// timeoutError leaves the cause out: it is a context's end, but not that of
// the caller's.
func timeoutError(err *Error) *Error {
	return &Error{
		Operation: err.Operation, Type: ErrNetwork, Reason: ReasonNetwork,
		Message: "no JWT came within a minute. " + ReasonNetwork.Advice(),
	}
}

func changedError() *Error {
	return &Error{
		Type: ErrSessionChanged, Reason: ReasonSessionEnded,
		Message: "somebody signed in or out while a JWT was made; ask again for whoever is signed in now",
	}
}

func orphanedError() *Error {
	return &Error{Type: ErrUserJWTInvalid, Code: 401, Message: "there is no session of its user"}
}

func refusedError() *Error {
	return &Error{
		Code: 401, Type: ErrUserJWTInvalid, Reason: ReasonUnknown,
		Message: "the server refused JWTs that it had just made; no more are asked for until it may have recovered",
	}
}

func limitedError() *Error {
	return &Error{
		Code: 429, Type: ErrRateLimitExceeded, Reason: ReasonRateLimited, Operation: opAccountCreateJWT.Name,
		Message: "the user's budget of JWTs, which all of their tabs and devices share, was used up a moment ago",
	}
}

// outsideError is the error of a token that was given to the client, is of no
// more use, and could not be replaced.
func outsideError(h *held, cause *Error) *Error {
	return &Error{
		Code: 401, Type: ErrUserJWTInvalid, Reason: h.reason(), cause: cause,
		Message: "the JWT that the client was given has expired by this machine's clock or was refused, and another could not be made (" +
			cause.Message + "): set a new one with " + caller.SetJWT,
	}
}
