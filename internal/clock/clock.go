// Package clock holds the one clock that a server's expiries and limits
// follow, and that tests and the development endpoints move.
package clock

import (
	"fmt"
	"sync"
	"time"
)

// The years a moved clock stays within: RFC 3339 has four digits for a year,
// and dates are stored as milliseconds since 1970.
const (
	minYear = 1970
	maxYear = 9999
)

// Clock is a clock that can be moved. The zero value is not usable: call New.
// It is safe for concurrent use.
type Clock struct {
	base func() time.Time

	mu     sync.RWMutex
	offset time.Duration
	frozen bool
	at     time.Time // what Now answers while frozen
}

// State is one reading of a clock.
type State struct {
	// Now is the time the clock shows, in UTC.
	Now time.Time
	// Offset is how far Now is ahead of the time below (behind: negative).
	Offset time.Duration
	// Frozen says that Now does not advance by itself.
	Frozen bool
}

// New makes a clock that follows base until it is moved; nil means time.Now.
func New(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	return &Clock{base: base}
}

// Now is the time the clock shows, in UTC and without a monotonic reading: a
// moved clock has nothing monotonic to compare with.
func (c *Clock) Now() time.Time { return c.State().Now }

// State reads the clock.
func (c *Clock) State() State {
	c.mu.RLock()
	defer c.mu.RUnlock()
	base := c.below()
	if c.frozen {
		return State{Now: c.at, Offset: c.at.Sub(base), Frozen: true}
	}
	return State{Now: base.Add(c.offset), Offset: c.offset}
}

// Advance moves the clock forward by d, frozen or not. It refuses to go
// backward (Set does that) and to leave the years 1970 to 9999.
func (c *Clock) Advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("clock: cannot advance by %v: the duration must not be negative; use set to go back", d)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	base := c.below()
	return c.show(base, c.now(base).Add(d))
}

// Set makes the clock show t. A frozen clock stays frozen, another one goes
// on from there. It refuses years before 1970 and after 9999.
func (c *Clock) Set(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.show(c.below(), t.UTC().Round(0))
}

// Freeze stops the clock at the time it shows.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.frozen = c.now(c.below()), true
}

// Reset returns to the time below: not frozen, no offset.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.frozen, c.at = 0, false, time.Time{}
}

// below is the time of the clock below. It goes on between two readings, so
// that whoever computes with it reads it once.
func (c *Clock) below() time.Time { return c.base().UTC().Round(0) }

// now is what the clock shows at that time below; the caller holds the lock.
func (c *Clock) now(base time.Time) time.Time {
	if c.frozen {
		return c.at
	}
	return base.Add(c.offset)
}

// show moves the clock to t at that time below; the caller holds the lock.
func (c *Clock) show(base, t time.Time) error {
	if y := t.Year(); y < minYear || y > maxYear {
		return fmt.Errorf("clock: cannot show the year %d: it must be between %d and %d", y, minYear, maxYear)
	}
	if c.frozen {
		c.at = t
		return nil
	}
	offset := t.Sub(base)
	if !base.Add(offset).Equal(t) { // Sub saturates at about 292 years
		return fmt.Errorf("clock: cannot run %d years from the present one: stay within 290 years, or freeze the clock first", t.Year()-base.Year())
	}
	c.offset = offset
	return nil
}
