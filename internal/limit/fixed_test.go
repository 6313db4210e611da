package limit

import (
	"testing"
	"time"
)

func TestFixedWindowsBeginAtTheEpoch(t *testing.T) {
	for _, tt := range []struct {
		period     time.Duration
		now        string
		start, end string
	}{
		{time.Hour, "12:42:57.123", "12:00:00", "13:00:00"},
		{time.Minute, "12:42:57.123", "12:42:00", "12:43:00"},
		{time.Minute, "12:42:00", "12:42:00", "12:43:00"},
		{time.Minute, "12:42:59.999999999", "12:42:00", "12:43:00"},
	} {
		f := Fixed{Limit: 1, Period: tt.period}
		at := clockTime(t, tt.now)
		if got := f.Start(at); !got.Equal(clockTime(t, tt.start)) {
			t.Errorf("Start(%s) of %v = %v, want %s", tt.now, tt.period, got, tt.start)
		}
		if got := f.End(at); !got.Equal(clockTime(t, tt.end)) {
			t.Errorf("End(%s) of %v = %v, want %s", tt.now, tt.period, got, tt.end)
		}
	}
}

// clockTime is a time of the day of now.
func clockTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04:05", "2026-08-21 "+text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestFixedBudget(t *testing.T) {
	f := Fixed{Limit: 10, Period: time.Hour}
	end := now.Add(time.Hour) // now is a full hour
	for _, tt := range []struct {
		used    int
		at      time.Time
		allowed bool
		want    Budget
	}{
		{0, now, true, Budget{10, 9, end, 0}},
		{8, now, true, Budget{10, 1, end, 0}},
		{9, now.Add(time.Minute), true, Budget{10, 0, end, 0}},
		{10, now.Add(time.Minute), false, Budget{10, 0, end, 59 * time.Minute}},
		{11, end.Add(-time.Millisecond), false, Budget{10, 0, end, time.Second}},
	} {
		if got := f.Budget(tt.used, now, tt.at); got != tt.want || f.Allows(tt.used) != tt.allowed {
			t.Errorf("%d used: %+v, allowed %v; want %+v, %v", tt.used, got, f.Allows(tt.used), tt.want, tt.allowed)
		}
	}
}
