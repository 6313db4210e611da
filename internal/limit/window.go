// Package limit holds the arithmetic of rate limits, apart from where their
// counts are kept: time and counts are passed in.
package limit

import "time"

// Window is a sliding window: at most Limit events in any Period. The zero
// Window limits nothing.
type Window struct {
	// Limit is the number of events, at least 1; 0 switches the limit off.
	Limit int
	// Period is the width of the window.
	Period time.Duration
}

// Off says that the window limits nothing.
func (w Window) Off() bool { return w.Limit == 0 }

// Since is the time after which events still count at now.
func (w Window) Since(now time.Time) time.Time { return now.Add(-w.Period) }

// Usage is what a window holds at some time.
type Usage struct {
	// Count is the number of events in the window.
	Count int
	// Oldest is the time of the oldest of them; zero when there is none.
	Oldest time.Time
}

// Budget is what a window leaves at some time.
type Budget struct {
	// Limit is the window's limit.
	Limit int
	// Remaining is the number of events still allowed now.
	Remaining int
	// Reset is when the oldest event leaves the window; now when the window
	// is empty.
	Reset time.Time
	// RetryAfter is how long a refused caller must wait, in whole seconds
	// and at least one; 0 when Remaining is not 0.
	RetryAfter time.Duration
}

// Budget computes what is left at now of a window used that far.
func (w Window) Budget(u Usage, now time.Time) Budget {
	b := Budget{Limit: w.Limit, Remaining: max(w.Limit-u.Count, 0), Reset: now}
	if u.Count > 0 {
		b.Reset = u.Oldest.Add(w.Period)
	}
	if b.Remaining == 0 {
		b.RetryAfter = max(ceilSecond(b.Reset.Sub(now)), time.Second)
	}
	return b
}

// ResetUnix is Reset in unix seconds, rounded up: a caller that waits until
// then does not come too early.
func (b Budget) ResetUnix() int64 {
	sec := b.Reset.Unix()
	if b.Reset.Nanosecond() > 0 {
		sec++
	}
	return sec
}

// ceilSecond rounds up to whole seconds.
func ceilSecond(d time.Duration) time.Duration {
	if r := d % time.Second; r > 0 {
		d += time.Second - r
	}
	return d
}
