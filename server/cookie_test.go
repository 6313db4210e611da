package server

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/sessioncookie/cookietest"
)

func TestPresentedSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	ann, _ := f.signIn("ann")
	bob, _ := f.signIn("bob")
	encoded, padded := url.QueryEscape(ann), encodeStore("ann", "x")
	seen := func(name, user string, h headers) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account", headers: h, status: 200, want: []string{`{"$id":"` + user + `"`}}
	}
	guest := func(name string, h headers) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account", headers: h, status: 401, kind: "general_unauthorized_scope", message: guestMessage}
	}
	_, secret, _ := decodeStore(ann)
	f.run([]scenario{
		seen("cookie", "ann", headers{"Cookie": "a_session_demo=" + encoded}),
		seen("cookie not encoded", "ann", headers{"Cookie": "a_session_demo=" + ann}),
		seen("legacy cookie", "ann", headers{"Cookie": "a_session_demo_legacy=" + encoded}),
		seen("the cookie goes before the header", "ann", headers{"Cookie": "a_session_demo=" + encoded, "X-Appwrite-Session": bob}),
		seen("garbage cookie, header", "ann", headers{"Cookie": "a_session_demo=garbage", "X-Appwrite-Session": ann}),
		seen("header", "ann", session(ann)),
		seen("header not padded", "ann", session(strings.TrimRight(ann, "="))),
		seen("fallback", "bob", headers{"X-Fallback-Cookies": `{"a_session_demo":"` + bob + `"}`}),
		seen("fallback as the SDK stores it", "bob", headers{"X-Fallback-Cookies": `{"a_session_demo":"` + bob + `","isojot:endpoint":"https://api.example.com/v1"}`}),
		seen("garbage header, fallback", "bob", headers{"X-Appwrite-Session": "!", "X-Fallback-Cookies": `{"a_session_demo":"` + bob + `"}`}),
		{name: "project in the query", method: "GET", path: "/v1/account?project=demo",
			headers: headers{"X-Appwrite-Project": "none", "X-Appwrite-Session": ann}, status: 200},
		{name: "project in the body", method: "POST", path: "/v1/account/jwts",
			headers: headers{"X-Appwrite-Project": "", "X-Appwrite-Session": ann}, body: `{"project":"demo"}`, status: 201},
		seen("project in capitals", "ann", headers{"X-Appwrite-Project": "DEMO", "X-Appwrite-Session": ann}),
		guest("nothing", nil),
		guest("bad cookie hides the legacy one", headers{"Cookie": "a_session_demo=garbage; a_session_demo_legacy=" + encoded}),
		guest("empty cookie hides the legacy one", headers{"Cookie": "a_session_demo=; a_session_demo_legacy=" + encoded}),
		guest("header percent-encoded", session(encoded)),
		guest("header with more", session(ann+"xx")),
		guest("header of a wrong secret", session(padded)),
		guest("secret of another user", session(encodeStore("bob", secret))),
		guest("header too long", session(strings.Repeat("A", maxStore+4))),
		guest("fallback not JSON", headers{"X-Fallback-Cookies": "zzz"}),
		guest("fallback list", headers{"X-Fallback-Cookies": "[]"}),
		guest("fallback of a wrong type", headers{"X-Fallback-Cookies": `{"a_session_demo":["x"]}`}),
		guest("fallback of the legacy name", headers{"X-Fallback-Cookies": `{"a_session_demo_legacy":"` + ann + `"}`}),
		guest("no project", headers{"X-Appwrite-Project": "", "X-Appwrite-Session": ann}),
	})
}

// TestTwoSessionCookies are nobody's where they differ: a neighbouring host may
// have set one of them. A header that a page must set itself counts nonetheless.
func TestTwoSessionCookies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	ann, _ := f.signIn("ann")
	bob, _ := f.signIn("bob")
	for _, c := range cookietest.Read(t, "../testdata/cookies.json", map[string]string{"ann": ann, "bob": bob}) {
		sc := scenario{name: c.Name, method: "GET", path: "/v1/account", headers: headers{"Cookie": c.Cookie}, status: 200, want: []string{`{"$id":"` + c.User + `"`}}
		if c.User == "" {
			sc.status, sc.kind, sc.message, sc.want = 401, "general_unauthorized_scope", guestMessage, nil
		}
		f.run([]scenario{sc})
	}
	two := headers{"Cookie": "a_session_demo=" + ann + "; a_session_demo=" + bob}
	made := f.must(201, "POST", "/v1/account/jwts", session(ann), "{}")
	f.run([]scenario{
		{name: "and a header", method: "GET", path: "/v1/account", headers: two.with(session(ann)), status: 200, want: []string{`{"$id":"ann"`}},
		{name: "and a JWT", method: "GET", path: "/v1/account", headers: two.with(headers{"X-Appwrite-JWT": made.text("jwt")}), status: 200, want: []string{`{"$id":"ann"`}},
		{name: "no JWT by them", method: "POST", path: "/v1/account/jwts", headers: two, body: "{}", status: 401, kind: "general_unauthorized_scope"},
		{name: "a sign-in goes through", method: "POST", path: "/v1/account/sessions/email", headers: two, body: `{"email":"ann@example.com","password":"password123"}`, status: 201},
	})
}

// TestSignInRemovesTheCookieBeside that a server that renders pages at this host
// has left, without a domain. Browsers keep it beside one that has.
func TestSignInRemovesTheCookieBeside(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	const removal = "=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly"
	dead := url.QueryEscape(encodeStore("ann", "ended"))
	for name, tt := range map[string]struct {
		host, cookie string
		removed      []string
	}{
		"one":           {"app.example.com", "a_session_demo=" + dead, []string{"a_session_demo"}},
		"legacy":        {"app.example.com", "a_session_demo_legacy=" + dead, []string{"a_session_demo_legacy"}},
		"two":           {"app.example.com", "a_session_demo=" + dead + "; a_session_demo=x; a_session_demo_legacy=" + dead, []string{"a_session_demo_legacy", "a_session_demo"}},
		"none":          {"app.example.com", "theme=dark; a_session_other=x", nil},
		"no domain":     {"localhost:7519", "a_session_demo=" + dead, nil},
		"no domain, IP": {"127.0.0.1:7519", "a_session_demo=" + dead, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/v1/account/sessions/email", strings.NewReader(`{"email":"ann@example.com","password":"password123"}`))
			r.Host = tt.host
			r.Header = http.Header{"X-Appwrite-Project": {"demo"}, "Content-Type": {"application/json"}, "Cookie": {tt.cookie}}
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			lines := w.Header().Values("Set-Cookie")
			if w.Code != 201 || len(lines) != len(tt.removed)+2 {
				t.Fatalf("%d, cookies %q", w.Code, lines)
			}
			for n, name := range tt.removed {
				if lines[n] != name+removal { // before the new ones: browsers take them in order
					t.Errorf("cookie %d is %s", n, lines[n])
				}
			}
		})
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	tests := []struct {
		name, host     string
		tls            bool
		domain, secure string
	}{
		{"localhost", "localhost:7519", false, "", ""},
		{"address", "127.0.0.1:7519", false, "", ""},
		{"IPv6", "[::1]:7519", false, "", ""},
		{"single name", "isojot", false, "", ""},
		{"host", "API.example.com:443", false, " domain=.api.example.com;", ""},
		{"TLS", "localhost", true, "", " secure;"},
		{"host with TLS", "api.example.com", true, " domain=.api.example.com;", " secure;"},
		{"a host that would break the header", "a;b.example.com", false, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/v1/account/sessions/email", strings.NewReader(`{"email":"ann@example.com","password":"password123"}`))
			r.Host = tt.host
			r.Header.Set("X-Appwrite-Project", "demo")
			r.Header.Set("Content-Type", "application/json")
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			cookies := w.Header().Values("Set-Cookie")
			if w.Code != 201 || len(cookies) != 2 {
				t.Fatalf("%d, cookies %q", w.Code, cookies)
			}
			value, _, _ := strings.Cut(strings.TrimPrefix(cookies[0], "a_session_demo_legacy="), ";")
			store, err := url.PathUnescape(value)
			if err != nil || strings.ContainsAny(value, "=+/") {
				t.Errorf("the value is not percent-encoded: %q %v", value, err)
			}
			if user, secret, ok := decodeStore(store); !ok || user != "ann" || len(secret) != 256 {
				t.Errorf("the value stands for %q, a secret of %d digits, %v", user, len(secret), ok)
			}
			attributes := "=" + value + "; expires=Sat, 21-Aug-2027 12:42:57 GMT; Max-Age=31536000; path=/;" + tt.domain + tt.secure + " HttpOnly"
			if want := "a_session_demo_legacy" + attributes; cookies[0] != want {
				t.Errorf("first cookie  %s\nwant          %s", cookies[0], want)
			}
			if want := "a_session_demo" + attributes + "; SameSite=None"; cookies[1] != want {
				t.Errorf("second cookie %s\nwant          %s", cookies[1], want)
			}
			if tls := w.Header().Get("Strict-Transport-Security"); (tls != "") != tt.tls {
				t.Errorf("Strict-Transport-Security = %q", tls)
			}
		})
	}
}

func TestFallbackHeader(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.AllowOrigins = []string{"*"} })
	f.signUp("ann")
	for _, tt := range []struct {
		name, host, origin, referer string
		sent                        bool
	}{
		{"localhost", "localhost", "http://localhost:3000", "", true},
		{"address", "127.0.0.1:7519", "http://127.0.0.1:7519", "", true},
		{"no page", "api.example.com", "", "", true},
		{"another site", "api.example.com", "https://example.org", "", true},
		{"the same host", "api.example.com", "https://api.example.com", "", false},
		{"the host above", "api.example.com", "https://example.com:8443", "", false},
		{"by Referer", "example.com", "", "https://www.example.com/page", false},
		{"a host that only ends alike", "example.com", "https://badexample.com", "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := f.do("POST", "/v1/account/sessions/email", headers{"Host": tt.host, "Origin": tt.origin, "Referer": tt.referer},
				`{"email":"ann@example.com","password":"password123"}`)
			if got := a.Header().Get("X-Fallback-Cookies"); a.Code != 201 || (got != "") != tt.sent {
				t.Errorf("%d, X-Fallback-Cookies = %q, want it sent: %v", a.Code, got, tt.sent)
			}
		})
	}
}
