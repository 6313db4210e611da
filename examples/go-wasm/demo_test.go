//go:build !js

package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

const (
	email    = "ada@example.com"
	password = "analytical-engine"
)

func newTestDemo(t *testing.T) (*demo, *isojottest.Server) {
	t.Helper()
	server := isojottest.NewServer(t)
	d, err := newDemo(server.URL, server.Project)
	if err != nil {
		t.Fatal(err)
	}
	return d, server
}

func TestWholePath(t *testing.T) {
	d, _ := newTestDemo(t)
	for _, step := range []struct {
		name string
		do   func(context.Context) (string, error)
		want string
	}{
		{"sign up", func(ctx context.Context) (string, error) { return d.signUp(ctx, email, password) }, "created for " + email},
		{"sign in", func(ctx context.Context) (string, error) { return d.signIn(ctx, email, password) }, "Session "},
		{"session", d.getWithSession, "sees " + email},
		{"create JWT", d.createJWT, "JWT for user "},
		{"JWT", d.getWithJWT, "sees " + email},
		{"sign out", d.signOut, "Signed out"},
	} {
		text, err := step.do(t.Context())
		if err != nil || !strings.Contains(text, step.want) {
			t.Fatalf("%s: got %q, %v; want it to contain %q", step.name, text, err, step.want)
		}
	}
	if _, err := d.getWithJWT(t.Context()); !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Errorf("JWT after sign-out: got %v, want it refused", err)
	}
}

func TestErrorsReachThePage(t *testing.T) {
	d, _ := newTestDemo(t)
	if _, err := d.getWithJWT(t.Context()); !errors.Is(err, errNoJWT) {
		t.Errorf("JWT before there is one: got %v", err)
	}
	if _, err := d.signIn(t.Context(), email, "wrong-password"); !errors.Is(err, isojot.ErrUserInvalidCredentials) {
		t.Errorf("unknown user: got %v", err)
	}
	if _, err := d.signUp(t.Context(), email, "short"); !errors.Is(err, isojot.ErrArgumentInvalid) {
		t.Errorf("short password: got %v", err)
	}
	if _, err := newDemo("not a URL", "demo"); err == nil {
		t.Error("a wrong endpoint was taken")
	}
}
