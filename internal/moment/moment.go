// Package moment tells how old something is by two clocks, since each can
// fail: the wall clock can be set, and the other stands still in many machines
// while they sleep.
package moment

import "time"

// Moment is one moment, by both clocks.
type Moment struct {
	// Wall is the time by the wall clock, without a monotonic reading.
	Wall time.Time
	// Mono is the time since any fixed moment by a clock that nobody sets.
	Mono time.Duration
}

// Since returns how long ago an earlier moment was, at least: the larger of the
// two ages, and never less than 0.
func (m Moment) Since(earlier Moment) time.Duration {
	return max(0, m.Mono-earlier.Mono, m.Wall.Sub(earlier.Wall))
}

// Before returns the moment that lies d before m.
func (m Moment) Before(d time.Duration) Moment { return Moment{m.Wall.Add(-d), m.Mono - d} }
