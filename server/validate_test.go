package server

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestValidEmail(t *testing.T) {
	t.Parallel()
	local64, label63 := strings.Repeat("a", 64), strings.Repeat("b", 63)
	for s, want := range map[string]bool{
		"a@example.com": true, "first.last+tag@sub.example.co": true, "o'neil@example.com": true, local64 + "@example.com": true,
		"a@" + label63 + ".com": true, "a@[127.0.0.1]": true, "a@[IPv6:::1]": true, "a@x--y.example": true,
		"": false, "@example.com": false, "a": false, "a@": false, "a@localhost": false, "a@example.c0m.1": false, ".a@example.com": false,
		"a.@example.com": false, "a..b@example.com": false, "a b@example.com": false, `"a b"@example.com`: false, "a@b@example.com": false,
		local64 + "a@example.com": false, "a@" + label63 + "b.com": false, "a@-x.example": false, "a@x-.example": false,
		"pelé@example.com": false, "a@exämple.com": false, "a@[::1]": false, "a@[IPv6:127.0.0.1]": false, "a@[x]": false, "a@[127.0.0.1": false,
		"a@" + strings.Repeat("b.", 126) + "com": false, "a@example.com\n": false,
	} {
		if got := validEmail(s); got != want {
			t.Errorf("validEmail(%q) = %v", s, got)
		}
	}
}

func TestCanonicalEmail(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"golden.user+tag@gmail.com": "goldenuser@gmail.com", "a.b@googlemail.com": "ab@gmail.com", "a.b+c@example.com": "a.b+c@example.com",
	} {
		if got := canonicalEmail(s); got != want {
			t.Errorf("canonicalEmail(%q) = %q, want %q", s, got, want)
		}
	}
}

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
		if got := date(tt.t); got != tt.want {
			t.Errorf("date(%v) = %q, want %q", tt.t, got, tt.want)
		}
	}
}

// Ids sort by the order they were made in, whatever the clock does.
func TestIDsAscend(t *testing.T) {
	t.Parallel()
	var g idSource
	last := ""
	for _, at := range []time.Time{start, start, start.Add(-time.Hour), start.Add(time.Second)} {
		id := g.unique(at)
		if len(id) != 20 || id[:13] <= last {
			t.Errorf("id %q after %q", id, last)
		}
		last = id[:13]
	}
	if want := fmt.Sprintf("%08x", start.Add(time.Second).Unix()); !strings.HasPrefix(last, want) {
		t.Errorf("id %q does not begin with the time %s", last, want)
	}
}

func TestStoreStrings(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	if len(secret) != 256 {
		t.Errorf("a secret has %d digits", len(secret))
	}
	s := encodeStore("ann", secret)
	if user, got, ok := decodeStore(s); !ok || user != "ann" || got != secret {
		t.Errorf("decodeStore(encodeStore) = %q, %q, %v", user, got, ok)
	}
	// {"id":"a","secret":""}, {"id":5,"secret":"x"}, [], "a"
	for _, bad := range []string{"", "!", s + "xx", "eyJpZCI6ImEiLCJzZWNyZXQiOiIifQ==", "eyJpZCI6NSwic2VjcmV0IjoieCJ9", "W10=", "ImEi"} {
		if _, _, ok := decodeStore(bad); ok {
			t.Errorf("decodeStore(%q) is ok", bad)
		}
	}
}
