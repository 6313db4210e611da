//go:build !js

package isojot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// twoTabs are tabs of one session; the first has made a token.
func twoTabs(t *testing.T, b *browser) (one, two *tab) {
	t.Helper()
	one, two = b.open(t), b.open(t)
	one.signIn(t, "alice")
	token(t, one.tokens)
	one.events.take()
	two.events.take()
	return one, two
}

func TestSignOutReachesAllTabs(t *testing.T) {
	for name, signOut := range map[string]func(ctx context.Context, tb *tab) error{
		"current": func(ctx context.Context, tb *tab) error { return tb.account().DeleteSession(ctx, "current") },
		"its id": func(ctx context.Context, tb *tab) error {
			return tb.account().DeleteSession(ctx, tb.tokens.Peek().SessionID)
		},
		"everywhere": func(ctx context.Context, tb *tab) error { return tb.account().DeleteSessions(ctx) },
		"its id, by JWT": func(ctx context.Context, tb *tab) error {
			return tb.tokens.TokenClient().Account.DeleteSession(ctx, tb.tokens.Peek().SessionID)
		},
	} {
		inBrowser(t, func(t *testing.T, b *browser) {
			one, two := twoTabs(t, b)
			if err := signOut(t.Context(), two); err != nil {
				t.Fatal(err)
			}
			for i, tb := range []*tab{one, two} {
				told := tb.events.all()
				if described(told) != "signed-out alice" || told[0].Err != nil {
					t.Errorf("%s: tab %d is told %+v", name, i, told)
				}
			}
			if b.keeps() {
				t.Errorf("%s: a token is left", name)
			}
			b.api.calls()
			_, err := one.tokens.Token(t.Context())
			if e := failure(t, err); e.Reason == isojot.ReasonCookieBlocked || !errors.Is(err, isojot.ErrUnauthorizedScope) {
				t.Errorf("%s: the other tab's Token: %v", name, err)
			}
		})
	}
}

// TestSignOutDuringARenewal leaves no token anywhere, however the renewal in
// one tab and the sign-out in another cross.
func TestSignOutDuringARenewal(t *testing.T) {
	for name, c := range map[string]struct {
		answered bool // the server made the token before the sign-out
		deaf     bool // the renewing tab misses the message
		same     bool // sign-out in the renewing tab
	}{
		"made before, told":          {true, false, false},
		"made before, not told":      {true, true, false},
		"asked after, told":          {false, false, false},
		"asked after, not told":      {false, true, false},
		"made before, the same tab":  {true, false, true},
		"asked after, the same tab":  {false, false, true},
		"made before, alone in deaf": {true, true, true},
	} {
		inBrowser(t, func(t *testing.T, b *browser) {
			one, two := twoTabs(t, b)
			time.Sleep(14 * time.Minute) // the next use renews
			gate := make(chan struct{})
			wait := func(req *isojot.Request) {
				if strings.HasSuffix(req.URL, "/jwts") {
					<-gate
				}
			}
			if c.answered {
				b.hold(nil, wait)
			} else {
				b.hold(wait, nil)
			}
			got := make(chan error, 2)
			for _, ask := range []func(context.Context) (*isojot.Token, error){one.tokens.ForceRefresh, one.tokens.ForceRefresh} {
				go func() { _, err := ask(t.Context()); got <- err }()
			}
			synctest.Wait()
			if c.deaf {
				one.freeze()
			}
			out := two
			if c.same {
				out = one
			}
			out.signOut(t)
			close(gate)
			for range 2 {
				if err := <-got; err == nil {
					t.Errorf("%s: a caller got a token", name)
				}
			}
			synctest.Wait()
			if b.keeps() {
				t.Errorf("%s: a token is left", name)
			}
			one.reload(t)
			if one.tokens.Peek() != nil {
				t.Errorf("%s: a token after a reload", name)
			}
		})
	}
}

// TestMissedSignOut is noticed by the epoch at the next look, also by Peek.
func TestMissedSignOut(t *testing.T) {
	for name, look := range map[string]func(ctx context.Context, s *isojot.SessionTokens){
		"Peek":  func(_ context.Context, s *isojot.SessionTokens) { s.Peek() },
		"Token": func(ctx context.Context, s *isojot.SessionTokens) { _, _ = s.Token(ctx) },
		"call":  func(ctx context.Context, s *isojot.SessionTokens) { _, _ = s.Client().Account.Get(ctx) },
	} {
		inBrowser(t, func(t *testing.T, b *browser) {
			one, two := twoTabs(t, b)
			one.freeze()
			two.signOut(t)
			if one.events.take() != "" || one.tokens.Holding().Token == nil {
				t.Fatalf("%s: the tab is not deaf", name)
			}
			look(t.Context(), one.tokens)
			// Later refusals, or the message itself, tell it no second time.
			if _, err := one.tokens.Token(t.Context()); err == nil {
				t.Errorf("%s: a token", name)
			}
			if got := one.events.take(); !strings.HasPrefix(got, "signed-out alice") || strings.Count(got, "signed-out") != 1 {
				t.Errorf("%s: events %q", name, got)
			}
			if b.keeps() {
				t.Errorf("%s: a token is left", name)
			}
		})
	}
}

// TestMessageAfterItsEpoch: a tab that noticed by itself is not told twice.
func TestMessageAfterItsEpoch(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := twoTabs(t, b)
		one.freeze()
		two.signOut(t)
		one.tokens.Peek()
		messages := two.channel.posted
		one.channel.receive(messages[len(messages)-1])
		if got := one.events.take(); got != "signed-out alice" {
			t.Errorf("events: %s", got)
		}
	})
}

// TestFailedSignOut leaves the user signed in.
func TestFailedSignOut(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := twoTabs(t, b)
		ctx, cancel := context.WithCancel(t.Context())
		b.hold(func(req *isojot.Request) {
			if req.Method == "DELETE" {
				cancel()
			}
		}, nil)
		if err := one.account().DeleteSession(ctx, "current"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if got := one.events.take() + two.events.take(); got != "" {
			t.Errorf("events: %s", got)
		}
		if got := token(t, one.tokens); got.UserID != "alice" {
			t.Errorf("%+v", got)
		}
	})
}

// TestRefusedTokenIsNotKept where the next page would take it up.
func TestRefusedTokenIsNotKept(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, _ := twoTabs(t, b)
		if err := b.api.srv.SetUserStatus(t.Context(), "alice", false); err != nil {
			t.Fatal(err)
		}
		if _, err := one.tokens.TokenClient().Account.Get(t.Context()); !errors.Is(err, isojot.ErrUserBlocked) {
			t.Error(err)
		}
		synctest.Wait()
		if one.session.holds(b.api.jwts[0]) {
			t.Error("a blocked user's token is in sessionStorage")
		}
	})
}

// TestLastMessages are posted before the channel is closed.
func TestLastMessages(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := twoTabs(t, b)
		one.tokens.OnChange(func(change isojot.Change) {
			if change.Kind == isojot.SignedOut {
				one.tokens.Close()
			}
		})
		if _, err := one.account().CreateAnonymousSession(t.Context()); !errors.Is(err, isojot.ErrSessionAlreadyExists) {
			t.Error(err)
		}
		one.signOut(t)
		if got := two.events.take(); got != "signed-out alice" {
			t.Errorf("the other tab: %s", got)
		}
		if len(one.channel.late) != 0 {
			t.Errorf("posted after Close: %q", one.channel.late)
		}
	})
}

// TestLimitSurvivesReload: the window has not turned for the new page either.
func TestLimitSurvivesReload(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tb := b.open(t)
		tb.signIn(t, "alice")
		for range 10 {
			if _, err := tb.tokens.ForceRefresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		living := token(t, tb.tokens)
		if _, err := tb.tokens.ForceRefresh(t.Context()); !errors.Is(err, isojot.ErrRateLimitExceeded) {
			t.Fatal(err)
		}
		b.api.calls()
		tb.reload(t)
		if got := token(t, tb.tokens); got.JWT != living.JWT {
			t.Error("the living token is not served")
		}
		_, err := tb.tokens.ForceRefresh(t.Context())
		if e := failure(t, err); e.Reason != isojot.ReasonRateLimited || e.RetryAfter <= 0 || e.RetryAfter > time.Hour {
			t.Errorf("%v, retry after %v", err, e.RetryAfter)
		}
		if calls := b.api.calls(); calls != "" {
			t.Errorf("the new page asked %s", calls)
		}
	})
}

// TestLimitOutlastsAnothersToken: that one was made before.
func TestLimitOutlastsAnothersToken(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := twoTabs(t, b)
		two.freeze()
		for range 9 {
			if _, err := one.tokens.ForceRefresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := two.tokens.ForceRefresh(t.Context()); !errors.Is(err, isojot.ErrRateLimitExceeded) {
			t.Fatal(err)
		}
		synctest.Wait() // for what is posted after the token is there
		messages := one.channel.posted
		two.channel.receive(messages[len(messages)-1])
		token(t, two.tokens)
		b.api.calls()
		if _, err := two.tokens.ForceRefresh(t.Context()); !errors.Is(err, isojot.ErrRateLimitExceeded) || b.api.calls() != "" {
			t.Errorf("%v, asked again", err)
		}
	})
}
