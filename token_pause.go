package isojot

import (
	"time"

	"github.com/isojot/isojot/internal/moment"
)

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
	from moment.Moment
	span time.Duration
	err  *Error
	// soft pauses hold only while a token lives.
	soft bool
}

// pauseAfter is the pause that a failed creation makes.
func pauseAfter(err *Error, now moment.Moment) pause {
	if err.Code != 429 {
		return pause{from: now, span: failurePause, err: err, soft: true}
	}
	p := pause{from: now, span: err.RetryAfter, err: err}
	if p.span == 0 {
		p.span = blindPause
	}
	return p
}

// limitedPause is the pause for a budget that another tab, or this tab's last
// page, found used up.
func limitedPause(now moment.Moment, span time.Duration) pause {
	return pause{from: now, span: span, err: limitedError()}
}

// limited is how much longer the user's budget is known to be used up.
func (p *pause) limited(now moment.Moment) time.Duration {
	if p.err == nil || p.err.Code != 429 {
		return 0
	}
	return p.left(now)
}

// left is how much longer the pause lasts.
func (p *pause) left(now moment.Moment) time.Duration { return max(0, p.span-now.Since(p.from)) }

// blocks returns the error of asking for a token now, or nil. living says
// whether there still is one to serve.
func (p *pause) blocks(now moment.Moment, living bool) *Error {
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
