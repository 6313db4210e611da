package limit

import "time"

// Fixed is a window of fixed place: at most Limit events in each Period since
// 1970 (contract section 6). Unlike a Window it needs one counter and not the
// time of each event, and all callers' windows end at the same moments.
type Fixed struct {
	// Limit is the number of events, at least 1.
	Limit int
	// Period is the width of the window, in whole seconds.
	Period time.Duration
}

// Start is when the window of now began.
func (f Fixed) Start(now time.Time) time.Time {
	seconds := int64(f.Period / time.Second)
	return time.Unix(now.Unix()-now.Unix()%seconds, 0).UTC()
}

// End is when the window of now ends and the next one begins.
func (f Fixed) End(now time.Time) time.Time { return f.Start(now).Add(f.Period) }

// Allows reports whether one more event may follow those used.
func (f Fixed) Allows(used int) bool { return used < f.Limit }

// Budget computes what a request leaves at now that finds the window of that
// start used that far; where the clock was set back, the window lies ahead.
// Unlike a Window's, Remaining has the request itself taken off already, as
// Appwrite does.
func (f Fixed) Budget(used int, start, now time.Time) Budget {
	b := Budget{Limit: f.Limit, Remaining: max(f.Limit-used-1, 0), Reset: start.Add(f.Period)}
	if !f.Allows(used) {
		b.RetryAfter = max(ceilSecond(b.Reset.Sub(now)), time.Second)
	}
	return b
}
