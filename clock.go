package isojot

import "time"

// Clock tells a token's age. Two clocks are needed, since each can fail: the
// wall clock can be set, and the other stands still in many machines while
// they sleep. The larger of the two ages counts.
type Clock interface {
	// Now is the time by the wall clock.
	Now() time.Time
	// Elapsed is the time since any fixed moment by a clock that nobody sets.
	Elapsed() time.Duration
}

// systemClock is the platform's clock.
type systemClock struct{}

// started is the moment from which systemClock counts.
var started = time.Now()

func (systemClock) Now() time.Time         { return time.Now() }
func (systemClock) Elapsed() time.Duration { return time.Since(started) }

// stamp is one moment, by both clocks.
type stamp struct {
	wall time.Time
	mono time.Duration
}

// read takes the time. Round strips what the time package would else compare
// wall times by.
func read(c Clock) stamp { return stamp{wall: c.Now().Round(0), mono: c.Elapsed()} }

// since is how long ago an earlier stamp was taken, at least.
func (s stamp) since(earlier stamp) time.Duration {
	return max(0, s.mono-earlier.mono, s.wall.Sub(earlier.wall))
}

// before is the moment that lies d before s.
func (s stamp) before(d time.Duration) stamp { return stamp{s.wall.Add(-d), s.mono - d} }
