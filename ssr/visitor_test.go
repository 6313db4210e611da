package ssr_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/ssr"
)

// TestOldSessionStaysSignedIn: JWTs expire, the session does not.
func TestOldSessionStaysSignedIn(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "ann")
	jwts := map[string]bool{}
	for range 5 {
		got := b.get("/me")
		if !strings.HasPrefix(got.body, "ann ann ") {
			t.Fatalf("%d %s", got.status, got.body)
		}
		jwts[strings.Fields(got.body)[2]] = true
		w.Advance(16 * time.Minute)
	}
	if len(jwts) != 5 || w.api.creations.Load() != 5 {
		t.Errorf("%d JWTs, %d creations for 5 lives", len(jwts), w.api.creations.Load())
	}
}

// TestRevokedSessionIsOutAtTheNextRequest, though a JWT of it is in hand.
func TestRevokedSessionIsOutAtTheNextRequest(t *testing.T) {
	w := newWorld(t)
	session := w.CreateSession("ann")
	b := w.browser(t)
	b.plant(session)
	b.sees("ann")
	elsewhere, err := w.base.With(isojot.WithSession(session))
	if err != nil {
		t.Fatal(err)
	}
	if err := elsewhere.Account.DeleteSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := b.get("/me")
	if got.status != http.StatusUnauthorized || !strings.Contains(got.body, "isojot: account.get") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if n := w.sessions.Stats().Sessions; n != 0 {
		t.Errorf("%d JWTs are kept of a session that is gone", n)
	}
	if got := b.get("/token"); got.status != http.StatusUnauthorized {
		t.Errorf("a JWT of a session that ended: %d %s", got.status, got.body)
	}
}

func TestBlockedUserIsNotSignedOut(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "ann")
	w.BlockUser("ann")
	if got := b.get("/me"); got.status != http.StatusBadRequest || !strings.Contains(got.body, string(isojot.ErrUserBlocked)) {
		t.Errorf("%d %s", got.status, got.body)
	}
	w.UnblockUser("ann")
	b.sees("ann")
}

// TestAPIThatIsDownSignsNobodyOut, whether it answers or not.
func TestAPIThatIsDownSignsNobodyOut(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "ann")
	b.sees("ann")
	w.api.down.Store(true)
	for _, path := range []string{"/me", "/in"} {
		method := map[string]string{"/me": http.MethodGet, "/in": http.MethodPost}[path]
		got := b.do(method, path, nil)
		if got.status != http.StatusServiceUnavailable || len(got.setCookies(t)) > 0 {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	w.api.down.Store(false)
	b.sees("ann")

	gone := sessions(t, client(t, "http://127.0.0.1:1/v1", "demo"))
	visit(t, gone, "c29tZXRoaW5n", func(v *ssr.Visitor, ctx context.Context) {
		for name, call := range map[string]func() error{
			"User":  func() error { _, err := v.User(ctx); return err },
			"Token": func() error { _, err := v.Token(ctx); return err },
			"SignIn": func() error {
				_, err := v.SignIn(ctx, isojot.CreateEmailPasswordSession{})
				return err
			},
			"SignOut": func() error { return v.SignOut(ctx) },
		} {
			if err := call(); !errors.Is(err, ssr.ErrUnavailable) || errors.Is(err, ssr.ErrSignedOut) || !errors.Is(err, isojot.ErrNetwork) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestLimitOfJWTsIsNoSignOut: the eleventh in an hour.
func TestLimitOfJWTsIsNoSignOut(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	s := sessions(t, client(t, srv.URL, srv.Project), ssr.TokenEntries(1), ssr.TokenOptions(isojot.TokenClock(newClock(srv))))
	for range 11 {
		visit(t, s, srv.CreateSession("ann"), func(v *ssr.Visitor, ctx context.Context) {
			_, err := v.Token(ctx)
			switch e, _ := errors.AsType[*isojot.Error](err); {
			case s.Stats().Created < 10 && err != nil:
				t.Fatal(err)
			case err != nil && (!errors.Is(err, ssr.ErrUnavailable) || !errors.Is(err, isojot.ErrRateLimitExceeded) || e.RetryAfter <= 0):
				t.Errorf("%v", err)
			}
			if user, err := v.User(ctx); err != nil || user.ID != "ann" {
				t.Errorf("User: %v, %v", user, err)
			}
		})
	}
	if got := s.Stats(); got.Created != 10 || got.Sessions != 1 {
		t.Errorf("%+v", got)
	}
}

// TestEndedContextIsNeitherKind: nobody waits for the page.
func TestEndedContextIsNeitherKind(t *testing.T) {
	w := newWorld(t)
	visit(t, w.sessions, w.CreateSession("ann"), func(v *ssr.Visitor, ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		_, err := v.User(ctx)
		if !errors.Is(err, context.Canceled) || errors.Is(err, ssr.ErrSignedOut) || errors.Is(err, ssr.ErrUnavailable) {
			t.Errorf("canceled: %v", err)
		}
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), 0)
		defer cancel()
		if _, err := v.User(ctx); !errors.Is(err, ssr.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("too late: %v", err)
		}
	})
}

// TestVisitorIsATokenRenewer: a client acts by the shared JWT, and renews one
// that the API finds expired though this machine's clock does not.
func TestVisitorIsATokenRenewer(t *testing.T) {
	srv := isojottest.NewServer(t, isojottest.WithLimits(server.LimitsOff))
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	base := client(t, srv.URL, srv.Project)
	s := sessions(t, base)
	session := srv.CreateSession("ann")
	for range 2 {
		visit(t, s, session, func(v *ssr.Visitor, ctx context.Context) {
			by, err := base.With(isojot.WithTokenSource(v))
			if err != nil {
				t.Fatal(err)
			}
			if user, err := by.Account.Get(ctx); err != nil || user.ID != "ann" {
				t.Errorf("%v, %v", user, err)
			}
		})
		srv.Advance(15 * time.Minute)
	}
	if got := s.Stats().Created; got != 2 {
		t.Errorf("%d creations", got)
	}
}

// TestClientTellsOfItsBrowser in the list of the user's sessions.
func TestClientTellsOfItsBrowser(t *testing.T) {
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"
	for name, test := range map[string]struct {
		opts          []ssr.Option
		agent         string
		address, name string
	}{
		"user agent":           {nil, firefox, "127.0.0.1", "Firefox"},
		"unusable agent":       {nil, "Fire\xfffox", "127.0.0.1", "Go-http-client"},
		"address as well":      {[]ssr.Option{ssr.ForwardAddress(func(*http.Request) string { return "203.0.113.7" })}, firefox, "203.0.113.7", "Firefox"},
		"address that is none": {[]ssr.Option{ssr.ForwardAddress(func(*http.Request) string { return "1.1.1.1, 2.2.2.2" })}, firefox, "127.0.0.1", "Firefox"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := isojottest.NewServer(t, func(o *server.Options) { o.TrustedProxies = []string{"127.0.0.1"} })
			s := sessions(t, client(t, srv.URL, srv.Project), test.opts...)
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("User-Agent", test.agent)
			r.Header.Set("X-Forwarded-For", "198.51.100.1") // a browser's own claim
			s.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				v, _ := ssr.FromContext(r.Context())
				session, err := v.SignInAnonymously(r.Context())
				if err != nil || session.IP != test.address || session.ClientName != test.name {
					t.Errorf("%+v, %v", session, err)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestPeerAddress(t *testing.T) {
	for remote, want := range map[string]string{"192.0.2.1:1234": "192.0.2.1", "[2001:db8::1]:80": "2001:db8::1", "@": ""} {
		if got := ssr.PeerAddress(&http.Request{RemoteAddr: remote}); got != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}
