package ssr_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// browser keeps cookies and follows no redirects.
type browser struct {
	t    *testing.T
	app  string
	jar  *cookiejar.Jar
	http *http.Client
}

func (w *world) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, app: w.app.URL, jar: jar, http: &http.Client{Jar: jar}}
}

// answer is what came for a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request; headers are pairs.
func (b *browser) do(method, path string, form url.Values, headers ...string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.app+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method != http.MethodGet {
		r.Header.Set("Origin", b.app)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (b *browser) get(path string, headers ...string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, headers...)
}

func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

// cookie is the value of the browser's session cookie, or "".
func (b *browser) cookie() string {
	u, err := url.Parse(b.app)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(u) {
		if c.Name == "a_session_demo" {
			return c.Value
		}
	}
	return ""
}

// plant gives the browser a session's cookie.
func (b *browser) plant(session string) {
	u, err := url.Parse(b.app)
	if err != nil {
		b.t.Fatal(err)
	}
	b.jar.SetCookies(u, []*http.Cookie{{Name: "a_session_demo", Value: url.QueryEscape(session), Path: "/"}})
}

// signedIn is a browser with a session of the user.
func (w *world) signedIn(t *testing.T, user string) *browser {
	t.Helper()
	b := w.browser(t)
	b.plant(w.CreateSession(user))
	return b
}

// sees checks whose page the browser gets; "" means that nobody is signed in.
func (b *browser) sees(user string) {
	b.t.Helper()
	got := b.get("/me")
	if user == "" {
		if got.status != http.StatusUnauthorized {
			b.t.Errorf("GET /me: %d %s, want 401", got.status, got.body)
		}
		return
	}
	if !strings.HasPrefix(got.body, user+" "+user+" ") {
		b.t.Errorf("GET /me: %d %s, want %s's", got.status, got.body, user)
	}
}

// live reports whether the API takes a session for its user's.
func (w *world) live(t *testing.T, session string) bool {
	t.Helper()
	c, err := w.base.With(isojot.WithSession(session))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Account.Get(t.Context())
	if err != nil && !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Fatal(err)
	}
	return err == nil
}

// setCookies are the session's cookies that an answer sets.
func (a answer) setCookies(t *testing.T) map[string]*http.Cookie {
	t.Helper()
	all := map[string]*http.Cookie{}
	for _, line := range a.header["Set-Cookie"] {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		if all[c.Name] != nil {
			t.Errorf("%s is set twice", c.Name)
		}
		all[c.Name] = c
	}
	return all
}
