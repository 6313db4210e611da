package isojot_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// remembering makes a source of a client that keeps the session it signs in
// with.
func remembering(t *testing.T, a *authority, opts ...isojot.TokenOption) *isojot.SessionTokens {
	t.Helper()
	c := newClient(t, isojot.WithTransport(a), isojot.WithStorage(&memory{values: map[string]string{"cookieFallback": stored}}))
	return newSource(t, c, append(opts, isojot.TokenClock(a.clock))...)
}

// TestOrderOfChanges follows a user from sign-in to sign-out.
func TestOrderOfChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		a := newAuthority(newClock(moment))
		s := remembering(t, a)
		c := s.Client().Account
		events := watch(s)
		for _, step := range []struct {
			name string
			do   func() error
			want string
		}{
			{"nothing yet", func() error { return nil }, ""},
			{"sign-in", func() error { _, err := c.CreateAnonymousSession(ctx); return err }, "signed-in alice"},
			{"the same user again", func() error { _, err := c.Get(ctx); return err }, ""},
			{"token", func() error { _, err := s.Token(ctx); return err }, "token-refreshed alice"},
			{"cached token", func() error { _, err := s.Token(ctx); return err }, ""},
			{"forced", func() error { _, err := s.ForceRefresh(ctx); return err }, "token-refreshed alice"},
			{"sign-out elsewhere of another session", func() error { return c.DeleteSession(ctx, "s9") }, ""},
			{"sign-out", func() error { return c.DeleteSession(ctx, "current") }, "signed-out alice"},
			{"sign-out again", func() error { return c.DeleteSession(ctx, "current") }, ""},
			{"sign-in again", func() error { _, err := c.CreateAnonymousSession(ctx); return err }, "signed-in alice"},
			{"by the session's id", func() error { return c.DeleteSession(ctx, "s1") }, "signed-out alice"},
			{"somebody else", func() error {
				a.set(func() { a.user, a.session = "bob", "s2" })
				_, err := c.CreateAnonymousSession(ctx)
				return err
			}, "signed-in bob"},
			{"everywhere", func() error { return c.DeleteSessions(ctx) }, "signed-out bob"},
		} {
			if err := step.do(); err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
			if got := events.take(); got != step.want {
				t.Errorf("%s: %q, want %q", step.name, got, step.want)
			}
		}
		if s.Peek() != nil {
			t.Error("a token after the sign-out")
		}
	})
}

// TestInitialState reaches a listener that comes later, and no other.
func TestInitialState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		s := remembering(t, a)
		if got := watch(s).take(); got != "" {
			t.Errorf("nothing is known: %q", got)
		}
		token(t, s)
		early := watch(s)
		if got := early.take(); got != "signed-in alice" {
			t.Errorf("signed in: %q", got)
		}
		if got := watch(s).take(); got != "signed-in alice" {
			t.Errorf("the second: %q", got)
		}
		if err := s.Client().Account.DeleteSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := watch(s).take(); got != "signed-out" {
			t.Errorf("signed out: %q", got)
		}
		if got := early.take(); got != "signed-out alice" {
			t.Errorf("the first: %q", got)
		}
	})
}

// TestSessionThatEnded: what shows it is told with the change.
func TestSessionThatEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guest := apiError(401, "general_unauthorized_scope", "User (role: guests) missing scopes")
		for name, call := range map[string]func(*isojot.SessionTokens) error{
			"by token":   func(s *isojot.SessionTokens) error { _, err := s.TokenClient().Account.Get(t.Context()); return err },
			"by session": func(s *isojot.SessionTokens) error { _, err := s.Client().Account.Get(t.Context()); return err },
			"renewal":    func(s *isojot.SessionTokens) error { _, err := s.ForceRefresh(t.Context()); return err },
		} {
			a := newAuthority(newClock(moment))
			s := sourceOf(t, a, a.clock)
			token(t, s)
			events := watch(s)
			a.set(func() { a.call = func(string) *isojot.Response { return guest } })
			a.failing(guest, nil)
			if err := call(s); failure(t, err).Reason != isojot.ReasonSessionEnded {
				t.Errorf("%s: %v", name, err)
			}
			told := events.all()
			if got := described(told); got != "signed-in alice, signed-out alice" {
				t.Errorf("%s: %s", name, got)
			} else if told[1].Err == nil || told[1].Err.Reason != isojot.ReasonSessionEnded {
				t.Errorf("%s: %+v", name, told[1])
			}
			if s.Peek() != nil {
				t.Errorf("%s: a token of a session that ended", name)
			}
			for range 2 { // nobody is told twice
				if err := call(s); err == nil {
					t.Errorf("%s: no error", name)
				}
			}
			if got := events.take(); slices.Contains([]string{"signed-out", "signed-out alice"}, got) {
				t.Errorf("%s: told again: %s", name, got)
			}
		}
	})
}

// TestCallbacksMayCallBack: they run outside locks, one after the other.
func TestCallbacksMayCallBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		s := remembering(t, a)
		var mu sync.Mutex
		var kinds []isojot.ChangeKind
		var errs []error
		running := 0
		s.OnChange(func(change isojot.Change) {
			if running++; running > 1 {
				t.Error("a callback within a callback")
			}
			defer func() { running-- }()
			mu.Lock()
			kinds = append(kinds, change.Kind)
			mu.Unlock()
			var err error
			switch change.Kind {
			case isojot.SignedIn:
				_, err = s.Token(t.Context())
				s.OnChange(func(isojot.Change) {})()
			case isojot.TokenRefreshed:
				if s.Peek() == nil {
					err = errors.New("no token in hand")
				}
				err = errors.Join(err, s.Client().Account.DeleteSession(t.Context(), "current"))
			case isojot.SignedOut:
				s.Close()
			}
			errs = append(errs, err)
		})
		if _, err := s.Client().Account.CreateAnonymousSession(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if want := []isojot.ChangeKind{isojot.SignedIn, isojot.TokenRefreshed, isojot.SignedOut}; !slices.Equal(kinds, want) {
			t.Errorf("%v", kinds)
		}
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}

// TestStoppedListener hears nothing more, also when it stops itself.
func TestStoppedListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		s := sourceOf(t, a, a.clock)
		heard := 0
		var stop func()
		stop = s.OnChange(func(isojot.Change) { heard++; stop() })
		token(t, s) // signed in, token
		if _, err := s.ForceRefresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if heard != 1 {
			t.Errorf("heard %d changes", heard)
		}
	})
}

// TestExpiring tells once for each token, at the start of its margin.
func TestExpiring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, isojot.WithTransport(newAuthority(newClock(moment))), isojot.WithSession("s"))
		s := newSource(t, c) // the platform's clock, which is synctest's
		events := watch(s)
		token(t, s)
		events.take()
		time.Sleep(14*time.Minute - 1)
		synctest.Wait()
		if got := events.take(); got != "" {
			t.Errorf("early: %s", got)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if got := events.take(); got != "token-expiring alice" {
			t.Errorf("at the margin: %q", got)
		}
		token(t, s)
		if got := events.take(); got != "token-refreshed alice" {
			t.Errorf("its use: %q", got)
		}
		s.Close()
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := events.take(); got != "" {
			t.Errorf("after Close: %q", got)
		}
	})
}

// TestFailedRenewalIsTold, and the call goes on with the living token.
func TestFailedRenewalIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		s := sourceOf(t, a, a.clock)
		token(t, s)
		events := watch(s)
		a.failing(nil, errors.New("cable cut"))
		a.clock.pass(14 * time.Minute)
		token(t, s)
		told := events.all()
		if described(told) != "signed-in alice, error alice" || !errors.Is(told[1].Err, isojot.ErrNetwork) {
			t.Errorf("%+v", told)
		}
	})
}

// TestOnTokenFollowsTheTokenInHand, for a copy of it that is kept elsewhere.
func TestOnTokenFollowsTheTokenInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(newClock(moment))
		s := sourceOf(t, a, a.clock)
		var got []isojot.Holding
		defer s.OnToken(func(h isojot.Holding) { got = append(got, h) })()
		jwt := token(t, s).JWT
		a.refuses("Expired", jwt)
		a.failing(nil, errors.New("cable cut"))
		if _, err := s.Renew(context.Background(), jwt); err == nil {
			t.Error("renewed without network")
		}
		synctest.Wait()
		if len(got) != 3 || got[0].Token != nil || got[1].Token == nil || got[2].Token != nil {
			t.Fatalf("%+v", got)
		}
		if h := got[1]; h.Token.JWT != jwt || h.Fresh != 14*time.Minute || h.Left != 15*time.Minute {
			t.Errorf("%+v", h)
		}
	})
}
