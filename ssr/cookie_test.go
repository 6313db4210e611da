package ssr_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/sessioncookie/cookietest"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/ssr"
)

// TestWhichCookieCounts, by whose page comes back.
func TestWhichCookieCounts(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.CreateSession("ann"), w.CreateSession("bob")
	tests := map[string]struct{ cookies, user string }{
		"none":                      {"", ""},
		"as servers encode it":      {"a_session_demo=" + url.QueryEscape(ann), "ann"},
		"as frameworks decode it":   {"a_session_demo=" + ann, "ann"},
		"in lower-case hex":         {"a_session_demo=" + strings.ReplaceAll(ann, "=", "%3d"), "ann"},
		"legacy beside a removed":   {"a_session_demo=deleted; a_session_demo_legacy=" + ann, "ann"},
		"another project's":         {"a_session_other=" + ann, ""},
		"a name that begins so":     {"a_session_demo2=" + ann, ""},
		"another case of the name":  {"A_SESSION_DEMO=" + ann, ""},
		"forged":                    {"a_session_demo=eyJpZCI6ImFubiIsInNlY3JldCI6ImFiYyJ9", ""},
		"no base64":                 {"a_session_demo=!!!", ""},
		"deleted":                   {"a_session_demo=deleted", ""},
		"overlong":                  {"a_session_demo=" + strings.Repeat("a", 8193), ""},
		"encoded line break":        {"a_session_demo=" + ann + "%0d%0aX-Appwrite-Key: k", ""},
		"a space":                   {`a_session_demo="` + ann + ` x"`, ""},
		"not ASCII":                 {"a_session_demo=\xc3\xa4" + ann, ""},
		"a thousand of other names": {strings.Repeat("x=y; ", 1000) + "a_session_demo=" + ann, "ann"},
	}
	for _, c := range cookietest.Read(t, "../testdata/cookies.json", map[string]string{"ann": ann, "bob": bob}) {
		tests["all alike: "+c.Name] = struct{ cookies, user string }{c.Cookie, c.User}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/me", nil)
			if test.cookies != "" {
				r.Header.Set("Cookie", test.cookies)
			}
			rec := httptest.NewRecorder()
			w.app.Config.Handler.ServeHTTP(rec, r)
			got := answer{rec.Code, rec.Header(), rec.Body.String()}
			switch {
			case test.user != "" && !strings.HasPrefix(got.body, test.user+" "+test.user+" "):
				t.Errorf("%d %s, want %s's", got.status, got.body, test.user)
			case test.user == "" && got.status != http.StatusUnauthorized:
				t.Errorf("%d %s, want 401", got.status, got.body)
			case strings.Contains(got.body, ann) || strings.Contains(got.body, bob):
				t.Errorf("the page holds a session: %s", got.body)
			}
			if w.api.lastHeader("X-Appwrite-Key") != "" || w.api.lastHeader("Cookie") != "" {
				t.Error("the API got more than a session")
			}
		})
	}
}

// TestNameOfTheCookieIsInLowerCase, as servers write it.
func TestNameOfTheCookieIsInLowerCase(t *testing.T) {
	srv := isojottest.NewServer(t)
	s := sessions(t, client(t, srv.URL, "DEMO"))
	rec := httptest.NewRecorder()
	s.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		if _, err := v.SignInAnonymously(r.Context()); err != nil {
			t.Error(err)
		}
	})).ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/", nil))
	if line := rec.Header().Get("Set-Cookie"); !strings.HasPrefix(line, "a_session_demo=") {
		t.Errorf("Set-Cookie: %s", line)
	}
}
