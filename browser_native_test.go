//go:build !js

package isojot_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/server"
)

// api is a real server without a listener, so that it runs in a bubble of
// synctest: its clock is the bubble's.
type api struct {
	srv *server.Server

	mu   sync.Mutex
	seen []seen
	jwts []string // all that it made
}

// seen is a request that reached the server.
type seen struct {
	at               time.Time
	call             string // method and path below /v1
	jwt, session     string // the credentials; session is the cookie's or the header's
	fallback         bool   // whether it was in X-Fallback-Cookies
	status           int
	user, body, from string // whom the JWT is for; the answer; the browser's name
}

func newAPI(t *testing.T, limits server.Limits) *api {
	t.Helper()
	srv, err := server.New(t.Context(), server.Options{
		Memory: true, Limits: limits, Dev: &server.Dev{Clock: clock.New(nil), Token: "not used by these tests"},
		PasswordCost: server.PasswordCost{MemoryKiB: 8, Time: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	a := &api{srv: srv}
	for _, name := range []string{"alice", "bob"} {
		if _, err := srv.CreateUser(t.Context(), server.NewUser{ID: name, Email: name + "@example.com", Password: "password123"}); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// serve answers a request as the network would.
func (a *api) serve(ctx context.Context, req *isojot.Request, cookie, from string) (*isojot.Response, error) {
	r := httptest.NewRequestWithContext(ctx, req.Method, req.URL, bytes.NewReader(req.Body))
	r.RemoteAddr = "127.0.0.1:1"
	for name, value := range req.Header {
		r.Header.Set(name, value)
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	w := httptest.NewRecorder()
	a.srv.ServeHTTP(w, r)
	res := &isojot.Response{Status: w.Code, Body: w.Body.Bytes(), Header: map[string][]string{}}
	for name, values := range w.Header() {
		res.Header[strings.ToLower(name)] = values
	}
	a.note(req, res, cookie, from)
	return res, nil
}

func (a *api) note(req *isojot.Request, res *isojot.Response, cookie, from string) {
	s := seen{
		at: time.Now(), call: req.Method + " " + strings.TrimPrefix(req.URL, testEndpoint), status: res.Status,
		fallback: req.Header["x-fallback-cookies"] != "",
		jwt:      req.Header["x-appwrite-jwt"], session: cookie + req.Header["x-appwrite-session"], body: string(res.Body), from: from,
	}
	if claims, err := isojot.Decode(s.jwt); err == nil {
		s.user = claims.UserID
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, s)
	if _, jwt, ok := strings.Cut(s.body, `{"jwt":"`); ok {
		a.jwts = append(a.jwts, strings.TrimSuffix(strings.TrimSpace(jwt), `"}`))
	}
}

// calls returns what was called since the last time, joined by ", ".
func (a *api) calls() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var calls []string
	for _, s := range a.seen {
		calls = append(calls, s.call)
	}
	a.seen = nil
	return strings.Join(calls, ", ")
}

// browser is one browser of one user: its tabs share a cookie jar,
// localStorage and BroadcastChannels.
type browser struct {
	api   *api
	name  string
	jar   *cookiejar.Jar
	local memory

	mu       sync.Mutex
	tabs     []*tab
	channels []*tabChannel
	// blocked is a browser that keeps no cookie; refused a call that gets no
	// answer.
	blocked bool
	refused string
	// before and after, where set, run before a request leaves and before
	// its answer is handed over.
	before, after func(req *isojot.Request)
}

func (a *api) browser(t *testing.T, name string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{api: a, name: name, jar: jar}
}

// RoundTrip is the browser's fetch.
func (b *browser) RoundTrip(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
	b.mu.Lock()
	before, after, refused := b.before, b.after, b.refused
	b.mu.Unlock()
	if refused != "" && refused == req.Method+" "+strings.TrimPrefix(req.URL, testEndpoint) {
		return nil, errors.New("offline")
	}
	if before != nil {
		before(req)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	at, err := url.Parse(req.URL)
	if err != nil {
		return nil, err
	}
	res, err := b.api.serve(ctx, req, b.cookies(at, req.Cookies), b.name)
	if err != nil {
		return nil, err
	}
	if req.Cookies && !b.blocked {
		b.jar.SetCookies(at, (&http.Response{Header: http.Header{"Set-Cookie": res.Header["set-cookie"]}}).Cookies())
	}
	delete(res.Header, "set-cookie") // pages cannot see it
	if after != nil {
		after(req)
	}
	return res, ctx.Err()
}

func (b *browser) cookies(at *url.URL, include bool) string {
	var pairs []string
	if include {
		for _, cookie := range b.jar.Cookies(at) {
			pairs = append(pairs, cookie.Name+"="+cookie.Value)
		}
	}
	return strings.Join(pairs, "; ")
}

// offline makes a call get no answer, from now on; "" none.
func (b *browser) offline(call string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = call
}

// hold makes requests wait as before or after says, from now on.
func (b *browser) hold(before, after func(req *isojot.Request)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.before, b.after = before, after
}

// tab is one tab of a browser.
type tab struct {
	browser *browser
	session memory // sessionStorage, which outlives pages
	tokens  *isojot.SessionTokens
	events  *changes

	channel *tabChannel
}

// open opens a new tab with a page.
func (b *browser) open(t *testing.T, opts ...isojot.TokenOption) *tab {
	t.Helper()
	tb := &tab{browser: b}
	tb.load(t, opts...)
	b.mu.Lock()
	b.tabs = append(b.tabs, tb)
	b.mu.Unlock()
	return tb
}

// load begins a page in the tab; the one before must have been closed.
func (tb *tab) load(t *testing.T, opts ...isojot.TokenOption) {
	t.Helper()
	c := newClient(t, isojot.WithTransport(tb.browser), isojot.WithBrowser(&tb.session, &tb.browser.local, tb.join))
	tb.tokens = newSource(t, c, opts...)
	tb.events = watch(tb.tokens)
}

// reload leaves the page and begins another.
func (tb *tab) reload(t *testing.T, opts ...isojot.TokenOption) {
	t.Helper()
	tb.tokens.Close()
	synctest.Wait()
	tb.load(t, opts...)
	synctest.Wait()
}

func (tb *tab) account() *isojot.Account { return tb.tokens.Client().Account }

// signIn signs in by the tab.
func (tb *tab) signIn(t *testing.T, user string) {
	t.Helper()
	_, err := tb.account().CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: user + "@example.com", Password: "password123"})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func (tb *tab) signOut(t *testing.T) {
	t.Helper()
	if err := tb.account().DeleteSession(t.Context(), "current"); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

// keeps reports whether any of the server's JWTs is in a storage of the browser
// or in hand in one of its tabs.
func (b *browser) keeps() bool {
	b.api.mu.Lock()
	defer b.api.mu.Unlock()
	for _, jwt := range b.api.jwts {
		found := b.local.holds(jwt)
		for _, tb := range b.tabs {
			found = found || tb.session.holds(jwt) || tb.tokens.Peek() != nil
		}
		if found {
			return true
		}
	}
	return false
}

// signOutQuietly signs out where others may have done so already.
func (tb *tab) signOutQuietly(t *testing.T) {
	t.Helper()
	if err := tb.account().DeleteSession(t.Context(), "current"); err != nil && !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Error(err)
	}
}

// signInSoon signs in without waiting for the other tabs to learn of it.
func (tb *tab) signInSoon(t *testing.T, user string) {
	t.Helper()
	_, err := tb.account().CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: user + "@example.com", Password: "password123"})
	if err != nil {
		t.Error(err)
	}
}
