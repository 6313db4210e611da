package isojot

import (
	"time"

	"github.com/isojot/isojot/internal/moment"
)

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

// read takes the time. Round strips what the time package would else compare
// wall times by.
func read(c Clock) moment.Moment {
	return moment.Moment{Wall: c.Now().Round(0), Mono: c.Elapsed()}
}
