package isojot

import "time"

const (
	// blindPause is how long no token is asked for after a 429 that did not
	// say when to come back: the window of Appwrite 1.9.
	blindPause = time.Minute
	// failurePause is how long a living token is served, after its renewal
	// failed, before the next attempt.
	failurePause = 5 * time.Second
	// refusedPause is how long no token is asked for after two in a row were
	// refused in the first half of their lives; it doubles with each further
	// one.
	refusedPause = time.Minute
)

// pause is a time in which no token is asked for, and why.
type pause struct {
	from stamp
	span time.Duration
	err  *Error
	// soft pauses hold only while a token lives.
	soft bool
}

// pauseAfter is the pause that a failed creation makes.
func pauseAfter(err *Error, now stamp) pause {
	if err.Code != 429 {
		return pause{from: now, span: failurePause, err: err, soft: true}
	}
	p := pause{from: now, span: err.RetryAfter, err: err}
	if p.span == 0 {
		p.span = blindPause
	}
	return p
}

// left is how much longer the pause lasts.
func (p pause) left(now stamp) time.Duration { return max(0, p.span-now.since(p.from)) }

// blocks returns the error of asking for a token now, or nil. living says
// whether there still is one to serve.
func (p pause) blocks(now stamp, living bool) *Error {
	left := p.left(now)
	if left == 0 || p.soft && !living {
		return nil
	}
	err := *p.err
	if !p.soft {
		err.RetryAfter = left
	}
	return &err
}
