package ssr_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	w.callbackPages(mux)
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
