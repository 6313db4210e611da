package isojot_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// TestTokenIsKeptAndRenewedEarly holds when a token is served, and when its
// use renews it.
func TestTokenIsKeptAndRenewedEarly(t *testing.T) {
	early := func(d time.Duration) isojot.TokenOption { return isojot.RefreshEarly(d) }
	life := func(d time.Duration) isojot.TokenOption { return isojot.TokenDuration(d) }
	for name, c := range map[string]struct {
		options       []isojot.TokenOption
		fresh, renews time.Duration // last moment it is served, first that renews
	}{
		"15 minutes: a minute early":        {nil, 14*time.Minute - time.Second, 14 * time.Minute},
		"an hour: a minute early":           {[]isojot.TokenOption{life(time.Hour)}, 59*time.Minute - time.Second, 59 * time.Minute},
		"100 s: a tenth early":              {[]isojot.TokenOption{life(100 * time.Second)}, 89 * time.Second, 90 * time.Second},
		"1 s":                               {[]isojot.TokenOption{life(time.Second)}, 899 * time.Millisecond, 900 * time.Millisecond},
		"5 minutes early":                   {[]isojot.TokenOption{early(5 * time.Minute)}, 10*time.Minute - time.Second, 10 * time.Minute},
		"at its end":                        {[]isojot.TokenOption{early(0)}, 15*time.Minute - time.Second, 15 * time.Minute},
		"early by more than half its life":  {[]isojot.TokenOption{early(time.Hour)}, 450*time.Second - 1, 450 * time.Second},
		"a short one, early by default":     {[]isojot.TokenOption{life(10 * time.Second)}, 9*time.Second - 1, 9 * time.Second},
		"duration and margin both chosen":   {[]isojot.TokenOption{life(20 * time.Minute), early(2 * time.Minute)}, 18*time.Minute - 1, 18 * time.Minute},
		"no more than the server's default": {[]isojot.TokenOption{life(15 * time.Minute)}, 14*time.Minute - 1, 14 * time.Minute},
	} {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock, c.options...)
		first := token(t, s)
		clock.pass(c.fresh)
		if got := token(t, s); got.JWT != first.JWT || a.creations() != 1 {
			t.Errorf("%s: %d creations after %v", name, a.creations(), c.fresh)
		}
		clock.pass(c.renews - c.fresh)
		if got := token(t, s); got.JWT == first.JWT || a.creations() != 2 {
			t.Errorf("%s: %d creations after %v", name, a.creations(), c.renews)
		}
	}
}

func TestTokenSaysWhoseItIs(t *testing.T) {
	clock := newClock(moment)
	s := sourceOf(t, newAuthority(clock), clock)
	got := token(t, s)
	if got.UserID != "alice" || got.SessionID != "s1" || !got.Expiry.Equal(moment.Add(15*time.Minute)) {
		t.Errorf("%+v", got)
	}
	got.JWT = "changed" // it is the caller's own
	if again := token(t, s); again.JWT == "changed" {
		t.Error("a caller changed the token in hand")
	}
}

// TestNothingIsAskedBeforeUse: no token is made ahead, nor by a timer.
func TestNothingIsAskedBeforeUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(time.Now())
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		events := watch(s)
		if s.Peek() != nil {
			t.Error("a token before the first use")
		}
		token(t, s)
		for range 24 * 60 {
			time.Sleep(time.Minute)
			clock.pass(time.Minute)
		}
		synctest.Wait()
		if a.creations() != 1 {
			t.Errorf("%d creations by a day of waiting", a.creations())
		}
		if got := events.take(); got != "signed-in alice, token-refreshed alice, token-expiring alice" {
			t.Errorf("events: %s", got)
		}
	})
}

func TestPeekNeverAsks(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	jwt := token(t, s).JWT
	clock.pass(15*time.Minute - 1) // also in the margin in which it is renewed
	if got := s.Peek(); got == nil || got.JWT != jwt {
		t.Errorf("Peek() = %v while it lives", got)
	}
	clock.pass(1)
	if got := s.Peek(); got != nil {
		t.Errorf("Peek() = %v when it is over", got)
	}
	if a.creations() != 1 || len(a.calls) != 0 {
		t.Errorf("Peek asked the server: %d creations, %d calls", a.creations(), len(a.calls))
	}
}

func TestForceRefreshAlwaysAsks(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	first := token(t, s)
	second, err := s.ForceRefresh(t.Context())
	if err != nil || second.JWT == first.JWT || a.creations() != 2 {
		t.Errorf("%v, %v, %d creations", second, err, a.creations())
	}
	if got := token(t, s); got.JWT != second.JWT {
		t.Error("the new token is not the one in hand")
	}
	a.set(func() {
		a.create = func(context.Context, int) (*isojot.Response, error) { return nil, errors.New("cable cut") }
	})
	if _, err := s.ForceRefresh(t.Context()); !errors.Is(err, isojot.ErrNetwork) {
		t.Errorf("ForceRefresh without network: %v", err)
	}
	if got := token(t, s); got.JWT != second.JWT {
		t.Error("a failed ForceRefresh lost the token")
	}
}

// TestOneCreationForAllWhoWait: Token and ForceRefresh share a flight.
func TestOneCreationForAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(moment)
		a := newAuthority(clock)
		gate := make(chan struct{})
		a.create = func(context.Context, int) (*isojot.Response, error) { <-gate; return nil, nil }
		s := sourceOf(t, a, clock)
		var group sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		for i := range 100 {
			group.Go(func() {
				ask := s.Token
				if i%2 == 1 {
					ask = s.ForceRefresh
				}
				tok, err := ask(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				seen[tok.JWT]++
			})
		}
		synctest.Wait()
		close(gate)
		group.Wait()
		if a.creations() != 1 || len(seen) != 1 {
			t.Errorf("%d creations, %d different tokens", a.creations(), len(seen))
		}
	})
}

func TestTokenOptionsAreChecked(t *testing.T) {
	c := newClient(t, isojot.WithTransport(&recorder{}), isojot.WithSession("s"))
	for want, opt := range map[string]isojot.TokenOption{
		"duration: 500ms is not a whole number of seconds between 1s and 1h0m0s": isojot.TokenDuration(500 * time.Millisecond),
		"duration: 1h0m1s is not":        isojot.TokenDuration(time.Hour + time.Second),
		"duration: 0s is not":            isojot.TokenDuration(0),
		"refresh early: -1ns is not":     isojot.RefreshEarly(-1),
		"refresh early: 2h0m0s is not":   isojot.RefreshEarly(2 * time.Hour),
		"token clock: nil; leave the op": isojot.TokenClock(nil),
	} {
		if _, err := c.Account.TokenSource(opt); !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestClosedSource(t *testing.T) {
	clock := newClock(moment)
	s := sourceOf(t, newAuthority(clock), clock)
	token(t, s)
	s.Close()
	s.Close() // again is nothing
	if s.Peek() != nil {
		t.Error("a closed source has a token")
	}
	for name, ask := range map[string]func(context.Context) (*isojot.Token, error){"Token": s.Token, "ForceRefresh": s.ForceRefresh} {
		if _, err := ask(t.Context()); !errors.Is(err, isojot.ErrClosed) {
			t.Errorf("%s of a closed source: %v", name, err)
		}
	}
}
