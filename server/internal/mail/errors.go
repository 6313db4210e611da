package mail

import "errors"

// Failures of sending, which say what becomes of the message. Any other is for
// now: it is tried again, a bounded number of times.
type (
	// unreachable: nobody took it up, which is no fault of the message's.
	unreachable struct{ err error }
	// permanent: it will not be taken at another time either.
	permanent struct{ err error }
)

func (e *unreachable) Error() string { return e.err.Error() }
func (e *unreachable) Unwrap() error { return e.err }
func (e *permanent) Error() string   { return e.err.Error() }
func (e *permanent) Unwrap() error   { return e.err }

// isUnreachable and isPermanent report what a failure is.
func isUnreachable(err error) bool {
	_, ok := errors.AsType[*unreachable](err)
	return ok
}

func isPermanent(err error) bool {
	_, ok := errors.AsType[*permanent](err)
	return ok
}
