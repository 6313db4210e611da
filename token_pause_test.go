package isojot_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// failing makes every creation end like this; nil, nil lets them work again.
func (a *authority) failing(res *isojot.Response, err error) {
	a.set(func() {
		a.create = func(context.Context, int) (*isojot.Response, error) { return res, err }
	})
}

// TestLimitedWait holds how long a 429 asks to wait, by what it says.
func TestLimitedWait(t *testing.T) {
	reset := strconv.FormatInt(moment.Add(10*time.Minute).Unix(), 10)
	date := moment.Format("Mon, 02 Jan 2006 15:04:05 GMT")
	for name, c := range map[string]struct {
		header        map[string]string
		told, enforce time.Duration
	}{
		"Retry-After":                  {map[string]string{"retry-after": "90"}, 90 * time.Second, 90 * time.Second},
		"Appwrite's reset":             {map[string]string{"x-ratelimit-reset": reset, "date": date}, 10 * time.Minute, 10 * time.Minute},
		"reset of no known clock":      {map[string]string{"x-ratelimit-reset": reset}, 0, time.Minute},
		"nothing, as pages see it":     {nil, 0, time.Minute},
		"a year":                       {map[string]string{"retry-after": "31536000"}, time.Hour, time.Hour},
		"past":                         {map[string]string{"retry-after": "-5"}, 0, time.Minute},
		"an HTTP date, which we don't": {map[string]string{"retry-after": date}, 0, time.Minute},
	} {
		// This machine's clock is off, which must not matter.
		clock := newClock(moment.Add(-2 * time.Hour))
		a := newAuthority(newClock(moment))
		s := sourceOf(t, a, clock)
		a.failing(limited(c.header), nil)
		_, err := s.Token(t.Context())
		e := failure(t, err)
		if !errors.Is(err, isojot.ErrRateLimitExceeded) || e.Reason != isojot.ReasonRateLimited || e.RetryAfter != c.told {
			t.Errorf("%s: %v, retry after %v, want %v", name, err, e.RetryAfter, c.told)
		}
		a.failing(nil, nil)
		clock.pass(c.enforce - time.Second)
		for ask, f := range map[string]func(context.Context) (*isojot.Token, error){"Token": s.Token, "ForceRefresh": s.ForceRefresh} {
			_, err := f(t.Context())
			if e := failure(t, err); e.RetryAfter != time.Second || e.Reason != isojot.ReasonRateLimited || !strings.Contains(err.Error(), "shared by all") {
				t.Errorf("%s: %s before the window turned: %v, retry after %v", name, ask, err, e.RetryAfter)
			}
		}
		if a.creations() != 1 {
			t.Errorf("%s: %d requests before the window turned", name, a.creations())
		}
		clock.pass(time.Second)
		if _, err := s.Token(t.Context()); err != nil || a.creations() != 2 {
			t.Errorf("%s: after the window turned: %v, %d requests", name, err, a.creations())
		}
	}
}

// TestLivingTokenOutlastsALimit: it is served to its end, without asking.
func TestLivingTokenOutlastsALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		events := watch(s)
		old := token(t, s).JWT
		a.failing(limited(map[string]string{"retry-after": "1800"}), nil)
		clock.pass(14 * time.Minute)
		for range 60 {
			if got := token(t, s); got.JWT != old {
				t.Fatal("another token")
			}
			clock.pass(time.Second)
		}
		if _, err := s.Token(t.Context()); !errors.Is(err, isojot.ErrRateLimitExceeded) {
			t.Errorf("after its end: %v", err)
		}
		if a.creations() != 2 {
			t.Errorf("%d requests, want one and one that was refused", a.creations())
		}
		if got := events.take(); got != "signed-in alice, token-refreshed alice, error alice" {
			t.Errorf("events: %s", got)
		}
	})
}

// TestLivingTokenOutlastsFailures: a server that fails is tried again after a
// short pause, and the token stays.
func TestLivingTokenOutlastsFailures(t *testing.T) {
	for name, c := range map[string]struct {
		res *isojot.Response
		err error
	}{
		"network":     {nil, errors.New("cable cut")},
		"500":         {apiError(500, "general_unknown", "Server Error"), nil},
		"503 page":    {answer(503, "<html>"), nil},
		"empty 201":   {answer(201, ""), nil},
		"no JWT":      {answer(201, `{"jwt":"x"}`), nil},
		"other error": {apiError(400, "general_argument_invalid", "no"), nil},
	} {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		old := token(t, s).JWT
		a.failing(c.res, c.err)
		clock.pass(14 * time.Minute)
		for range 10 { // within the pause
			if got := token(t, s); got.JWT != old {
				t.Errorf("%s: another token", name)
			}
		}
		if a.creations() != 2 {
			t.Errorf("%s: %d requests within the pause", name, a.creations())
		}
		clock.pass(5 * time.Second)
		if token(t, s); a.creations() != 3 {
			t.Errorf("%s: %d requests after the pause", name, a.creations())
		}
		if _, err := s.ForceRefresh(t.Context()); err == nil || a.creations() != 4 {
			t.Errorf("%s: ForceRefresh does not wait: %v, %d requests", name, err, a.creations())
		}
		clock.pass(time.Minute)
		if _, err := s.Token(t.Context()); err == nil {
			t.Errorf("%s: a token after the end of the only one", name)
		}
		a.failing(nil, nil)
		if got := token(t, s); got.JWT == old {
			t.Errorf("%s: the old token", name)
		}
	}
}

// TestSignInEndsALimit: the budget is the user's.
func TestSignInEndsALimit(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	c := newClient(t, isojot.WithTransport(a), isojot.WithStorage(&memory{values: map[string]string{"cookieFallback": stored}}))
	s := newSource(t, c, isojot.TokenClock(clock))
	a.failing(limited(map[string]string{"retry-after": "1800"}), nil)
	if _, err := s.Token(t.Context()); !errors.Is(err, isojot.ErrRateLimitExceeded) {
		t.Error(err)
	}
	a.failing(nil, nil)
	a.set(func() { a.user, a.session = "bob", "s2" })
	if _, err := s.Client().Account.CreateAnonymousSession(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := token(t, s); got.UserID != "bob" {
		t.Errorf("%+v", got)
	}
}
