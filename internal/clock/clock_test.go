package clock

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// start is where the tests' base clock stands.
var start = time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)

func fixed() time.Time { return start }

func TestMoves(t *testing.T) {
	tests := []struct {
		name   string
		move   func(*Clock) error
		now    time.Time
		offset time.Duration
		frozen bool
	}{
		{"untouched", func(c *Clock) error { return nil }, start, 0, false},
		{"advance", func(c *Clock) error { return c.Advance(time.Hour) }, start.Add(time.Hour), time.Hour, false},
		{"set back", func(c *Clock) error { return c.Set(start.Add(-time.Hour)) }, start.Add(-time.Hour), -time.Hour, false},
		{"set in another zone", func(c *Clock) error {
			return c.Set(start.Add(time.Minute).In(time.FixedZone("x", 7200)))
		}, start.Add(time.Minute), time.Minute, false},
		{"freeze then advance", func(c *Clock) error { c.Freeze(); return c.Advance(time.Second) }, start.Add(time.Second), time.Second, true},
		{"frozen clock can be set far away", func(c *Clock) error {
			c.Freeze()
			return c.Set(start.AddDate(400, 0, 0))
		}, start.AddDate(400, 0, 0), time.Duration(1<<63 - 1), true},
		{"reset", func(c *Clock) error {
			c.Freeze()
			err := c.Advance(time.Hour)
			c.Reset()
			return err
		}, start, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := New(fixed)
			if err := tt.move(c); err != nil {
				t.Fatal(err)
			}
			s := c.State()
			if !s.Now.Equal(tt.now) || s.Offset != tt.offset || s.Frozen != tt.frozen {
				t.Errorf("State() = %+v, want now %v offset %v frozen %v", s, tt.now, tt.offset, tt.frozen)
			}
			if s.Now.Location() != time.UTC {
				t.Errorf("Now is in %v, want UTC", s.Now.Location())
			}
		})
	}
}

func TestFrozenClockIgnoresTheBase(t *testing.T) {
	now := start
	c := New(func() time.Time { return now })
	c.Freeze()
	now = now.Add(time.Hour)
	if got := c.Now(); !got.Equal(start) {
		t.Errorf("frozen clock shows %v after an hour, want %v", got, start)
	}
	if got := c.State().Offset; got != -time.Hour {
		t.Errorf("Offset = %v, want -1h", got)
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name string
		move func(*Clock) error
		want string
	}{
		{"negative advance", func(c *Clock) error { return c.Advance(-1) }, "use set to go back"},
		{"year 10000", func(c *Clock) error { return c.Set(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)) }, "between 1970 and 9999"},
		{"year 1969", func(c *Clock) error { return c.Set(time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)) }, "between 1970 and 9999"},
		{"beyond the offset's range", func(c *Clock) error { return c.Set(start.AddDate(400, 0, 0)) }, "freeze the clock first"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := New(fixed)
			if err := tt.move(c); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one that contains %q", err, tt.want)
			}
			if !c.Now().Equal(start) {
				t.Errorf("a refused move moved the clock to %v", c.Now())
			}
		})
	}
}

func TestConcurrentUse(t *testing.T) {
	c := New(fixed)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := c.Advance(time.Second); err != nil {
				t.Error(err)
			}
			c.Now()
		})
	}
	wg.Wait()
	if got := c.State().Offset; got != 50*time.Second {
		t.Errorf("Offset = %v after 50 concurrent seconds", got)
	}
}

// The clock below goes on while the clock is moved; an advance by an hour is
// an hour all the same.
func TestAdvanceIsExact(t *testing.T) {
	var reads time.Duration
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	c := New(func() time.Time {
		reads++
		return start.Add(reads * time.Second)
	})
	for range 3 {
		if err := c.Advance(time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.State().Offset; got != 3*time.Hour {
		t.Errorf("the offset is %v, want 3h", got)
	}
}
