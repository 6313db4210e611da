package wire

import (
	"time"
)

// Date is a time as the API writes it: UTC, milliseconds, +00:00 and never Z
// (contract section 4). The zero time is "".
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	// Time interprets other layouts than RFC 3339, which takes three times as
	// long, and an account has seven dates.
	b := t.UTC().AppendFormat(make([]byte, 0, 32), time.RFC3339)
	ms := t.Nanosecond() / 1e6
	b = append(b[:len(b)-len("Z")], '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	return string(append(b, "+00:00"...))
}

// dateLayouts are the ways to write a date in a query; without an offset it is
// in UTC.
var dateLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "2006-01", "2006"}

// ParseDate reads a date.
func ParseDate(s string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
