package server

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/isojot/isojot/server/internal/reach"
)

// behind trusts a proxy on this machine and the networks it may be behind.
func behind(o *Options) { o.TrustedProxies = []string{"127.0.0.1", "10.0.0.0/8", "fd00::/8"} }

func TestClientAddress(t *testing.T) {
	t.Parallel()
	trusting, plain := newFixture(t, behind), newFixture(t)
	for _, tt := range []struct{ name, peer, forwarded, want string }{
		{"no header", "127.0.0.1:1", "", "127.0.0.1"},
		{"one hop", "127.0.0.1:1", "203.0.113.7", "203.0.113.7"},
		{"two proxies", "127.0.0.1:1", "203.0.113.7, 10.1.2.3", "203.0.113.7"},
		{"what the client claims", "127.0.0.1:1", "8.8.8.8, 203.0.113.7, 10.1.2.3", "203.0.113.7"},
		{"proxies only", "127.0.0.1:1", "10.0.0.1, 10.0.0.2", "10.0.0.1"},
		{"not an address", "127.0.0.1:1", "203.0.113.7, unknown, 10.0.0.2", "10.0.0.2"},
		{"garbage", "127.0.0.1:1", "garbage", "127.0.0.1"},
		{"with port", "127.0.0.1:1", "203.0.113.7:4711", "203.0.113.7"},
		{"IPv6", "[fd00::1]:1", "2001:db8::1", "2001:db8::1"},
		{"IPv6 in brackets", "[fd00::1]:1", "[2001:db8::1]:4711", "2001:db8::1"},
		{"mapped peer", "[::ffff:127.0.0.1]:1", "::ffff:203.0.113.7", "203.0.113.7"},
		{"nobody to trust", "192.0.2.1:1", "203.0.113.7", "192.0.2.1"},
	} {
		h := headers{"RemoteAddr": tt.peer, "X-Forwarded-For": tt.forwarded}
		if got := trusting.must(200, "GET", "/v1/locale", h, "").text("ip"); got != tt.want {
			t.Errorf("%s: the client is %s, want %s", tt.name, got, tt.want)
		}
		if got := plain.must(200, "GET", "/v1/locale", h, "").text("ip"); strings.Contains(tt.forwarded, got) && tt.forwarded != "" {
			t.Errorf("%s: without trust the header is believed: %s", tt.name, got)
		}
	}
	// Each header of its own is a part of one list.
	r := httptest.NewRequest("GET", "/v1/locale", nil)
	r.RemoteAddr = "127.0.0.1:1"
	r.Header["X-Forwarded-For"] = []string{"8.8.8.8", "203.0.113.7", "10.0.0.1"}
	if got := reach.ClientIP(trusting.proxies.Resolve(r)); got != "203.0.113.7" {
		t.Errorf("three headers: the client is %s", got)
	}
}

func TestForwardedSchemeAndHost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, behind, noLimits)
	f.signUp("ann")
	signIn := func(h headers) (cookie, hsts string) {
		a := f.must(201, "POST", signInPath, h, rightPassword("ann"))
		return a.Header().Values("Set-Cookie")[0], a.Header().Get("Strict-Transport-Security")
	}
	forwarded := headers{"RemoteAddr": "127.0.0.1:1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.example.com, internal"}
	if cookie, hsts := signIn(forwarded); !strings.Contains(cookie, " domain=.api.example.com; secure; HttpOnly") || hsts == "" {
		t.Errorf("behind a proxy: %s, %q", cookie, hsts)
	}
	forwarded["RemoteAddr"] = "192.0.2.1:1"
	if cookie, hsts := signIn(forwarded); strings.Contains(cookie, "domain") || strings.Contains(cookie, "secure") || hsts != "" {
		t.Errorf("without trust: %s, %q", cookie, hsts)
	}
	plain := headers{"RemoteAddr": "127.0.0.1:1", "X-Forwarded-Proto": "http"}
	if cookie, _ := signIn(plain); strings.Contains(cookie, "secure") {
		t.Errorf("by http: %s", cookie)
	}
}

// Who comes by a proxy on this machine is not on this machine.
func TestDevelopmentIsNotForProxied(t *testing.T) {
	t.Parallel()
	f := newFixture(t, behind, func(o *Options) { o.Dev = &Dev{Token: "0123456789abcdef"} })
	h := headers{"RemoteAddr": "127.0.0.1:1", "X-Forwarded-For": "127.0.0.1, 203.0.113.7", "Authorization": "Bearer 0123456789abcdef"}
	f.must(403, "GET", "/_isojot/clock", h, "")
	delete(h, "X-Forwarded-For")
	f.must(200, "GET", "/_isojot/clock", h, "")
}
