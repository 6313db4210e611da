package ssr_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

// TestRequestsOfOtherSites that change something are refused, by pages and by
// the proxy.
func TestRequestsOfOtherSites(t *testing.T) {
	const own, other = "http://app.example.com", "http://evil.example"
	for name, test := range map[string]struct {
		opts       []ssr.Option
		method     string
		origin     string
		site, host string
		let        bool
	}{
		"form of this site":             {method: "POST", origin: own, site: "same-origin", let: true},
		"no sec-fetch-site":             {method: "POST", origin: own, let: true},
		"no browser":                    {method: "POST", let: true},
		"typed by the user":             {method: "POST", site: "none", let: true},
		"form of another site":          {method: "POST", origin: other, site: "cross-site"},
		"another site, old browser":     {method: "POST", origin: other},
		"sandboxed frame":               {method: "POST", origin: "null", site: "cross-site"},
		"sandboxed, old browser":        {method: "POST", origin: "null"},
		"neighbouring host":             {method: "POST", origin: "http://www.example.com", site: "same-site"},
		"another port":                  {method: "POST", origin: own + ":81"},
		"deletion":                      {method: "DELETE", origin: other, site: "cross-site"},
		"unknown method":                {method: "FROB", origin: other, site: "cross-site"},
		"link of another site":          {method: "GET", origin: other, site: "cross-site", let: true},
		"trusted site":                  {opts: []ssr.Option{ssr.TrustOrigin(other)}, method: "POST", origin: other, site: "cross-site", let: true},
		"not quite the trusted":         {opts: []ssr.Option{ssr.TrustOrigin(other)}, method: "POST", origin: other + ".com", site: "cross-site"},
		"behind a proxy that hides it":  {method: "POST", origin: own, host: "10.0.0.1:8080"},
		"whose public origin is known":  {opts: []ssr.Option{ssr.PublicOrigin(own)}, method: "POST", origin: own, host: "10.0.0.1:8080", let: true},
		"and another's is not the same": {opts: []ssr.Option{ssr.PublicOrigin(own)}, method: "POST", origin: other, host: "10.0.0.1:8080"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.opts...)
			session := w.CreateSession("ann")
			called := false
			mux := http.NewServeMux()
			mux.HandleFunc("/page", func(http.ResponseWriter, *http.Request) { called = true })
			for path, h := range map[string]http.Handler{"/page": w.sessions.Middleware(mux), "/v1/account/sessions": w.sessions.Proxy()} {
				r := httptest.NewRequest(test.method, "http://app.example.com"+path, nil)
				if test.host != "" {
					r.Host = test.host
				}
				setIf(r, "Origin", test.origin)
				setIf(r, "Sec-Fetch-Site", test.site)
				r.AddCookie(&http.Cookie{Name: "a_session_demo", Value: session})
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, r)
				if path == "/page" && called != test.let {
					t.Errorf("%s: %d, called: %v", path, rec.Code, called)
				}
				if refused := rec.Code == http.StatusForbidden; refused == test.let {
					t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
				}
				if !test.let && (!strings.Contains(rec.Body.String(), "a page of another site sent it") || !w.live(t, session)) {
					t.Errorf("%s: %s, the session lives: %v", path, rec.Body, w.live(t, session))
				}
			}
		})
	}
}

func setIf(r *http.Request, name, value string) {
	if value != "" {
		r.Header.Set(name, value)
	}
}

func TestOptionsSayWhatIsWrong(t *testing.T) {
	base := client(t, "http://127.0.0.1:1/v1", "demo")
	for want, opt := range map[string]ssr.Option{
		`public origin: "app.example.com" is no origin`:               ssr.PublicOrigin("app.example.com"),
		`public origin: "https://app.example.com/" is no origin`:      ssr.PublicOrigin("https://app.example.com/"),
		`public origin: "ftp://app.example.com" is no origin`:         ssr.PublicOrigin("ftp://app.example.com"),
		`trusted origin: "https://app.example.com/login" is no origi`: ssr.TrustOrigin("https://app.example.com/login"),
		`forward address: nil`:                                        ssr.ForwardAddress(nil),
		`token entries: 0 is not between 1 and`:                       ssr.TokenEntries(0),
		`token entries: 1000001 is not between`:                       ssr.TokenEntries(ssr.MaxTokenEntries + 1),
		`proxy transport: nil`:                                        ssr.ProxyTransport(nil),
		`logger: nil`:                                                 ssr.WithLogger(nil),
		`duration: 2h0m0s is not a whole number of`:                   ssr.TokenOptions(isojot.TokenDuration(7200e9)),
	} {
		if _, err := ssr.New(base, opt); !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := ssr.New(nil); !errors.Is(err, isojot.ErrInvalidArgument) {
		t.Errorf("nil client: %v", err)
	}
}
