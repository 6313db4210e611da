package wire

import (
	"strings"
	"testing"
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
		if got := CanonicalEmail(s); got != want {
			t.Errorf("CanonicalEmail(%q) = %q, want %q", s, got, want)
		}
	}
}
