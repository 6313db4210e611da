package ssr_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/ssr"
)

// world is a program that renders pages, and the API that it asks.
type world struct {
	*isojottest.Server
	api      *api
	base     *isojot.Client
	sessions *ssr.Sessions
	app      *httptest.Server
}

// api is what stands before the server: it counts, and can be down.
type api struct {
	handler   http.Handler
	creations atomic.Int64 // of JWTs that succeeded
	down      atomic.Bool
	mu        sync.Mutex
	last      http.Header // of the last request
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.last = r.Header.Clone()
	a.mu.Unlock()
	if a.down.Load() {
		http.Error(w, "bad gateway", http.StatusBadGateway)
		return
	}
	if r.URL.Path != "/v1/account/jwts" {
		a.handler.ServeHTTP(w, r)
		return
	}
	seen := &statusWriter{ResponseWriter: w}
	a.handler.ServeHTTP(seen, r)
	if seen.status == http.StatusCreated {
		a.creations.Add(1)
	}
}

func (a *api) lastHeader(name string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last.Get(name)
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// newWorld starts both. The clock of the JWTs in ssr is the server's.
func newWorld(t *testing.T, opts ...ssr.Option) *world {
	t.Helper()
	w := &world{Server: isojottest.NewServer(t, isojottest.WithLimits(server.LimitsOff))}
	w.api = &api{handler: w.Handler}
	front := httptest.NewServer(w.api)
	t.Cleanup(front.Close)
	w.base = client(t, front.URL+"/v1", w.Project)
	opts = append([]ssr.Option{
		ssr.TokenOptions(isojot.TokenClock(newClock(w.Server))), ssr.WithLogger(slog.New(slog.DiscardHandler)),
	}, opts...)
	w.sessions = sessions(t, w.base, opts...)
	mux := http.NewServeMux()
	mux.Handle(ssr.ProxyPath, w.sessions.Proxy())
	pages(mux)
	w.app = httptest.NewServer(w.sessions.Middleware(mux))
	t.Cleanup(w.app.Close)
	w.Seed(isojottest.User{ID: "ann", Email: "ann@example.com", Name: "Ann"}, isojottest.User{ID: "bob", Email: "bob@example.com"})
	return w
}

func client(t testing.TB, endpoint, project string) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient(endpoint, project)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sessions(t testing.TB, base *isojot.Client, opts ...ssr.Option) *ssr.Sessions {
	t.Helper()
	s, err := ssr.New(base, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// clock is the server's, for the age of JWTs.
type clock struct {
	srv   *isojottest.Server
	start time.Time
}

func newClock(srv *isojottest.Server) clock { return clock{srv, srv.Now()} }

func (c clock) Now() time.Time         { return c.srv.Now() }
func (c clock) Elapsed() time.Duration { return c.srv.Now().Sub(c.start) }

// pages are those of the program.
func pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /static", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "for all") })
	mux.HandleFunc("GET /me", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		user, err := v.User(r.Context())
		if err != nil {
			return "", err
		}
		token, err := v.Token(r.Context())
		if err != nil {
			return "", err
		}
		return user.ID + " " + token.UserID + " " + token.JWT, nil
	}))
	mux.HandleFunc("GET /token", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		token, err := v.Token(r.Context())
		if err != nil {
			return "", err
		}
		return token.UserID, nil
	}))
	mux.HandleFunc("POST /in", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		s, err := v.SignIn(r.Context(), isojot.CreateEmailPasswordSession{Email: r.FormValue("email"), Password: r.FormValue("password")})
		return idOf(s), err
	}))
	mux.HandleFunc("POST /up", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		s, err := v.SignUp(r.Context(), isojot.CreateAccount{Email: r.FormValue("email"), Password: r.FormValue("password")})
		return idOf(s), err
	}))
	mux.HandleFunc("POST /anonymous", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		s, err := v.SignInAnonymously(r.Context())
		return idOf(s), err
	}))
	mux.HandleFunc("POST /by-token", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		s, err := v.SignInByToken(r.Context(), isojot.CreateSession{UserID: r.FormValue("user"), Secret: r.FormValue("secret")})
		return idOf(s), err
	}))
	mux.HandleFunc("POST /out", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		return "out", v.SignOut(r.Context())
	}))
	mux.HandleFunc("POST /out-everywhere", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		return "out", v.SignOutEverywhere(r.Context())
	}))
	mux.HandleFunc("POST /out-by-client", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		c, err := v.Client()
		if err != nil {
			return "", err
		}
		return fmt.Sprint("still in: ", v.HasSession()), c.Account.DeleteSession(r.Context(), "current")
	}))
}

func idOf(s *isojot.Session) string {
	if s == nil {
		return ""
	}
	return s.UserID
}

// page answers 401 and 503 for the two kinds of error, 400 for others.
func page(do func(*ssr.Visitor, *http.Request) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		text, err := do(v, r)
		switch {
		case errors.Is(err, ssr.ErrSignedOut):
			http.Error(w, err.Error(), http.StatusUnauthorized)
		case errors.Is(err, ssr.ErrUnavailable):
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadRequest)
		default:
			fmt.Fprint(w, text)
		}
	}
}

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

// live says whether the API takes a session for its user's.
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
