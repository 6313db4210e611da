//go:build !js

package isojot_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

const fallbackName = "cookieFallback"

// carried counts the requests that carried the fallback header.
func (a *api) carried() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.seen {
		if s.fallback {
			n++
		}
	}
	return n
}

// TestSecretStaysInMemoryWhereTheCookieIsKept: no script finds it in storage.
func TestSecretStaysInMemoryWhereTheCookieIsKept(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		b.local.Set(fallbackName, `{"a_session_demo":"b2xk"}`) // of an earlier version
		tb := b.open(t)
		tb.signIn(t, "alice")
		b.api.calls()
		for range 3 {
			if _, err := tb.account().Get(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if b.api.carried() != 0 || b.local.Get(fallbackName) != "" {
			t.Errorf("%d calls carried it, stored is %q", b.api.carried(), b.local.Get(fallbackName))
		}
		if calls := b.api.calls(); calls != "GET /account, GET /account, GET /account" {
			t.Errorf("it asked %s", calls)
		}
	})
}

// TestSessionThatEndsAfterItsCookieWasSeen: what the client itself saw of the
// cookie right after the sign-in counts, also if no call came between.
func TestSessionThatEndsAfterItsCookieWasSeen(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := b.open(t), b.open(t)
		one.signIn(t, "alice")
		two.signOutQuietly(t)
		_, err := one.account().Get(t.Context())
		if e := failure(t, err); e.Reason != isojot.ReasonSessionEnded {
			t.Errorf("the reason is %q", e.Reason)
		}
	})
}

// TestFallbackWhereTheCookieIsBlocked: the page may be left right after the
// sign-in.
func TestFallbackWhereTheCookieIsBlocked(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		b.blocked = true
		tb := b.open(t)
		tb.signIn(t, "alice")
		if b.local.Get(fallbackName) == "" {
			t.Error("nothing is stored")
		}
		tb.reload(t)
		if user, err := tb.account().Get(t.Context()); err != nil || user.ID != "alice" {
			t.Fatalf("%+v, %v", user, err)
		}
		if got := token(t, tb.tokens); got.UserID != "alice" {
			t.Errorf("a token of %s", got.UserID)
		}
		tb.signOut(t)
		if stored := b.local.Get(fallbackName); stored != "" {
			t.Errorf("%q is left", stored)
		}
	})
}

// TestFallbackWhereTheProofIsLost: the first calls show what it would have, each
// of those that are under way at once.
func TestFallbackWhereTheProofIsLost(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		b.blocked = true
		tb := b.open(t)
		b.offline(current)
		tb.signIn(t, "alice")
		b.offline("")
		if stored := b.local.Get(fallbackName); stored != "" {
			t.Errorf("%q is stored before the cookie is known to be missing", stored)
		}
		errs := make(chan error)
		for range 5 {
			go func() {
				_, err := tb.account().Get(t.Context())
				errs <- err
			}()
		}
		for range 5 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if b.local.Get(fallbackName) == "" {
			t.Error("nothing is stored")
		}
	})
}

func TestFallbackSwitchedOff(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		b.blocked = true
		tb := b.open(t)
		c, err := tb.tokens.Client().With(isojot.WithStorage(nil))
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "alice@example.com", Password: "password123"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Account.Get(t.Context())
		if e := failure(t, err); !errors.Is(err, isojot.ErrUnauthorizedScope) || e.Reason != isojot.ReasonCookieBlocked {
			t.Error(err)
		}
		if b.api.carried() != 0 || b.local.Get(fallbackName) != "" {
			t.Error("there is a fallback")
		}
	})
}

// TestGuestsCallsProveNoCookie: that one succeeds says nothing of the session.
func TestGuestsCallsProveNoCookie(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		b.blocked = true
		tb := b.open(t)
		b.offline(current)
		tb.signIn(t, "alice")
		b.offline("")
		result, err := tb.tokens.Client().GraphQL(t.Context(), isojot.GraphQL{Query: "{ healthGetVersion { version } }"})
		if err != nil || len(result.Errors) > 0 && !strings.Contains(result.Errors[0].Message, "scope") {
			t.Fatalf("%+v, %v", result, err)
		}
		if _, err := tb.account().Get(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
