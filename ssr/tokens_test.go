package ssr_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/ssr"
)

// TestEvictionCostsOneCreation, and is counted.
func TestEvictionCostsOneCreation(t *testing.T) {
	w := newWorld(t, ssr.TokenEntries(2))
	a, b, c := w.signedIn(t, "ann"), w.signedIn(t, "ann"), w.signedIn(t, "bob")
	for _, step := range []struct {
		who              *browser
		user             string
		created, evicted uint64
	}{
		{a, "ann", 1, 0}, {a, "ann", 1, 0}, {b, "ann", 2, 0}, {a, "ann", 2, 0},
		{c, "bob", 3, 1}, // b's goes
		{a, "ann", 3, 1}, {b, "ann", 4, 2}, {c, "bob", 5, 3},
	} {
		step.who.sees(step.user)
		want := ssr.Stats{Sessions: min(2, int(step.created)), Created: step.created, Evicted: step.evicted}
		if got := w.sessions.Stats(); got != want || w.api.creations.Load() != int64(step.created) {
			t.Fatalf("%+v, want %+v; the API made %d", got, want, w.api.creations.Load())
		}
	}
}

// TestMadeUpSessionsEvictNobody: whoever sends cookies that are none must not
// cost users their JWTs.
func TestMadeUpSessionsEvictNobody(t *testing.T) {
	w := newWorld(t, ssr.TokenEntries(1))
	ann := w.signedIn(t, "ann")
	ann.sees("ann")
	forger := w.browser(t)
	for i := range 20 {
		if got := forger.get("/token", "Cookie", fmt.Sprintf("a_session_demo=forged%d", i)); got.status != http.StatusUnauthorized {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	ann.sees("ann")
	if got, want := w.sessions.Stats(), (ssr.Stats{Sessions: 1, Created: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestOneSessionInTwoSpellings is one session.
func TestOneSessionInTwoSpellings(t *testing.T) {
	w := newWorld(t)
	session := w.CreateSession("ann")
	b := w.browser(t)
	b.plant(session)
	b.sees("ann")
	b.get("/me", "Cookie", "a_session_demo="+session)
	if n := w.api.creations.Load(); n != 1 {
		t.Errorf("%d creations", n)
	}
}

// TestWaitersOfAnEvictedSource get their JWT all the same.
func TestWaitersOfAnEvictedSource(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"}, isojottest.User{ID: "bob", Email: "bob@example.com"})
	gate := make(chan struct{})
	base := client(t, srv.URL, srv.Project)
	next := base.Transport()
	slow := srv.CreateSession("ann")
	gated, err := base.With(isojot.WithTransport(isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		if req.Header["x-appwrite-session"] == slow {
			<-gate
		}
		return next.RoundTrip(ctx, req)
	})))
	if err != nil {
		t.Fatal(err)
	}
	s := sessions(t, gated, ssr.TokenEntries(1))
	var waiting sync.WaitGroup
	for range 10 {
		waiting.Go(func() {
			visit(t, s, slow, func(v *ssr.Visitor, ctx context.Context) {
				if token, err := v.Token(ctx); err != nil || token.UserID != "ann" {
					t.Errorf("%v, %v", token, err)
				}
			})
		})
	}
	for range 3 {
		visit(t, s, srv.CreateSession("bob"), func(v *ssr.Visitor, ctx context.Context) {
			if token, err := v.Token(ctx); err != nil || token.UserID != "bob" {
				t.Errorf("%v, %v", token, err)
			}
		})
	}
	close(gate)
	waiting.Wait()
	if got := s.Stats(); got.Created < 4 || got.Sessions != 1 {
		t.Errorf("%+v", got)
	}
}

// TestSignOutWhileAJWTIsMade: nobody gets one of a session that has ended.
func TestSignOutWhileAJWTIsMade(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	asked, gate := make(chan struct{}), make(chan struct{})
	base := client(t, srv.URL, srv.Project)
	next := base.Transport()
	gated, err := base.With(isojot.WithTransport(isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		res, err := next.RoundTrip(ctx, req)
		if req.Method == http.MethodPost {
			close(asked)
			<-gate
		}
		return res, err
	})))
	if err != nil {
		t.Fatal(err)
	}
	s := sessions(t, gated)
	session := srv.CreateSession("ann")
	done := make(chan error)
	go visit(t, s, session, func(v *ssr.Visitor, ctx context.Context) {
		_, err := v.Token(ctx)
		done <- err
	})
	<-asked
	visit(t, s, session, func(v *ssr.Visitor, ctx context.Context) {
		if err := v.SignOut(ctx); err != nil {
			t.Error(err)
		}
	})
	close(gate)
	if err := <-done; !errors.Is(err, ssr.ErrSignedOut) {
		t.Errorf("%v", err)
	}
	if got := s.Stats().Sessions; got != 0 {
		t.Errorf("%d JWTs are kept", got)
	}
}

// A transport that returns nothing is an error of the token and of the visitor's
// calls, and no panic.
func TestTransportThatReturnsNothing(t *testing.T) {
	base, err := client(t, "http://127.0.0.1:1/v1", "demo").With(isojot.WithTransport(isojot.TransportFunc(
		func(context.Context, *isojot.Request) (*isojot.Response, error) { return nil, nil })))
	if err != nil {
		t.Fatal(err)
	}
	visit(t, sessions(t, base), secret(1), func(v *ssr.Visitor, ctx context.Context) {
		if _, err := v.Token(ctx); !errors.Is(err, isojot.ErrNetwork) {
			t.Errorf("a token: %v", err)
		}
		c, err := v.Client()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Account.Get(ctx); !errors.Is(err, isojot.ErrNetwork) {
			t.Errorf("a call: %v", err)
		}
	})
}
