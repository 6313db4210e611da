package ssr_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

// TestNoCredentialOfTheBase is used for a visitor.
func TestNoCredentialOfTheBase(t *testing.T) {
	w := newWorld(t)
	powerful, err := w.base.With(isojot.WithKey(w.CreateKey()), isojot.WithSession(w.CreateSession("bob")))
	if err != nil {
		t.Fatal(err)
	}
	visit(t, sessions(t, powerful), "", func(v *ssr.Visitor, ctx context.Context) {
		if _, err := v.User(ctx); !errors.Is(err, ssr.ErrSignedOut) {
			t.Errorf("User: %v", err)
		}
		c, err := v.Client()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Account.Get(ctx); !errors.Is(ssr.Sort(err), ssr.ErrSignedOut) {
			t.Errorf("Get: %v", err)
		}
		if _, err := v.SignInAnonymously(ctx); err != nil || w.api.lastHeader("X-Appwrite-Key") != "" {
			t.Errorf("SignIn by %q: %v", w.api.lastHeader("X-Appwrite-Key"), err)
		}
	})
}

// TestClientOfOneRequest does not work for another, nor after its own.
func TestClientOfOneRequest(t *testing.T) {
	w := newWorld(t)
	calls := func(v *ssr.Visitor, c *isojot.Client, ctx context.Context) map[string]error {
		_, get := c.Account.Get(ctx)
		_, user := v.User(ctx)
		_, token := v.Token(ctx)
		_, in := v.SignInAnonymously(ctx)
		return map[string]error{"Get": get, "User": user, "Token": token, "SignIn": in, "SignOut": v.SignOut(ctx)}
	}
	var kept *ssr.Visitor
	var keptClient *isojot.Client
	ann := w.CreateSession("ann")
	visit(t, w.sessions, ann, func(v *ssr.Visitor, ctx context.Context) {
		kept, keptClient = v, must(v.Client())
		if _, err := keptClient.Account.Get(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := keptClient.Account.Get(context.Background()); err != nil {
			t.Errorf("with a context of the program's own: %v", err)
		}
		visit(t, w.sessions, w.CreateSession("bob"), func(_ *ssr.Visitor, other context.Context) {
			for name, err := range calls(v, keptClient, other) {
				if !errors.Is(err, ssr.ErrReused) {
					t.Errorf("%s for another request: %v", name, err)
				}
			}
		})
	})
	for name, err := range calls(kept, keptClient, t.Context()) {
		if e, _ := errors.AsType[*isojot.Error](err); !errors.Is(err, ssr.ErrReused) || e.Type != ssr.ErrReused {
			t.Errorf("%s after the request: %v", name, err)
		}
	}
	if !w.live(t, ann) {
		t.Error("the session was ended")
	}
}

// TestStreamedWorkHasItsVisitor until the handler returns, and is told so when it
// comes later.
func TestStreamedWorkHasItsVisitor(t *testing.T) {
	w := newWorld(t)
	var late *ssr.Visitor
	visit(t, w.sessions, w.CreateSession("ann"), func(v *ssr.Visitor, ctx context.Context) { late = v })
	if _, err := late.User(t.Context()); err == nil || !strings.Contains(err.Error(), "have the handler wait") || strings.Contains(err.Error(), "another request's") {
		t.Errorf("after the handler: %v", err)
	}
	app := httptest.NewServer(w.sessions.Middleware(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		for range 3 {
			if err := http.NewResponseController(rw).Flush(); err != nil {
				t.Error(err)
			}
			if user, err := v.User(r.Context()); err != nil {
				t.Error(err)
			} else if _, err := io.WriteString(rw, user.ID+";"); err != nil {
				t.Error(err)
			}
		}
	})))
	defer app.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, app.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "a_session_demo", Value: w.CreateSession("bob")})
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "bob;bob;bob;" {
		t.Errorf("%q, %v", body, err)
	}
}

func must(c *isojot.Client, err error) *isojot.Client {
	if err != nil {
		panic(err)
	}
	return c
}

// visit has a request with that session handled.
func visit(t *testing.T, s *ssr.Sessions, session string, handle func(*ssr.Visitor, context.Context)) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if session != "" {
		r.AddCookie(&http.Cookie{Name: "a_session_demo", Value: session})
	}
	handled := false
	s.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		handled = true
		v, ok := ssr.FromContext(r.Context())
		if !ok {
			t.Error("no visitor")
			return
		}
		handle(v, r.Context())
	})).ServeHTTP(httptest.NewRecorder(), r)
	if !handled {
		t.Error("the request was not handled")
	}
}

func TestWithoutMiddleware(t *testing.T) {
	if v, ok := ssr.FromContext(t.Context()); ok || v != nil {
		t.Errorf("%v, %v", v, ok)
	}
}
