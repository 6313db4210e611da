package limit

import (
	"fmt"
	"testing"
	"time"
)

var now = time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)

func TestBudget(t *testing.T) {
	w := Window{Limit: 10, Period: time.Hour}
	tests := []struct {
		name  string
		usage Usage
		want  Budget
	}{
		{"empty", Usage{}, Budget{10, 10, now, 0}},
		{"one used", Usage{1, now.Add(-10 * time.Minute)}, Budget{10, 9, now.Add(50 * time.Minute), 0}},
		{"full", Usage{10, now.Add(-10 * time.Minute)}, Budget{10, 0, now.Add(50 * time.Minute), 50 * time.Minute}},
		{"overfull", Usage{12, now}, Budget{10, 0, now.Add(time.Hour), time.Hour}},
		{"full, about to free", Usage{10, now.Add(-time.Hour + time.Millisecond)}, Budget{10, 0, now.Add(time.Millisecond), time.Second}},
		{"full, part of a second", Usage{10, now.Add(-time.Hour + 1500*time.Millisecond)}, Budget{10, 0, now.Add(1500 * time.Millisecond), 2 * time.Second}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := w.Budget(tt.usage, now); got != tt.want {
				t.Errorf("Budget = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestResetRoundsUp(t *testing.T) {
	b := Budget{Reset: now.Add(time.Millisecond)}
	if got := b.ResetUnix(); got != now.Unix()+1 {
		t.Errorf("ResetUnix = %d, want %d", got, now.Unix()+1)
	}
	b.Reset = now
	if got := b.ResetUnix(); got != now.Unix() {
		t.Errorf("ResetUnix = %d, want %d", got, now.Unix())
	}
}

func TestZeroWindowIsOff(t *testing.T) {
	if !(Window{}).Off() || (Window{Limit: 1}).Off() {
		t.Error("only the zero window is off")
	}
}

// Ten creations at 12:00 fill a window of an hour; it opens at 13:00.
func ExampleWindow_Budget() {
	w := Window{Limit: 10, Period: time.Hour}
	for _, minutes := range []time.Duration{0, 30, 59} {
		b := w.Budget(Usage{Count: 10, Oldest: now}, now.Add(minutes*time.Minute))
		fmt.Printf("%2d min: %d left, retry after %v\n", minutes, b.Remaining, b.RetryAfter)
	}
	// Output:
	//  0 min: 0 left, retry after 1h0m0s
	// 30 min: 0 left, retry after 30m0s
	// 59 min: 0 left, retry after 1m0s
}
