package wire

import (
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		t    time.Time
		want string
	}{
		{time.Time{}, ""},
		{time.Date(2026, 8, 21, 14, 42, 57, 0, time.FixedZone("x", 7200)), "2026-08-21T12:42:57.000+00:00"},
		{time.Date(2026, 1, 2, 3, 4, 5, 60_999_999, time.UTC), "2026-01-02T03:04:05.060+00:00"},
		{time.Date(9999, 12, 31, 23, 59, 59, 987e6, time.UTC), "9999-12-31T23:59:59.987+00:00"},
		{time.Date(1969, 12, 31, 23, 59, 59, 1e6, time.UTC), "1969-12-31T23:59:59.001+00:00"},
	} {
		if got := Date(tt.t); got != tt.want {
			t.Errorf("Date(%v) = %q, want %q", tt.t, got, tt.want)
		}
	}
}
