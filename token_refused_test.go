package isojot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

// refuses makes the authority refuse these tokens as expired.
func (a *authority) refuses(why string, jwts ...string) {
	a.set(func() {
		a.call = func(jwt string) *isojot.Response {
			if slices.Contains(jwts, jwt) {
				return refusedJWT(why)
			}
			return nil
		}
	})
}

// TestRefusedTokenIsRenewedOnce: the caller does not see that it had ended.
func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	old := token(t, s).JWT
	a.refuses("Expired", old)
	if _, err := s.TokenClient().Account.Get(t.Context()); err != nil {
		t.Error(err)
	}
	renewed := token(t, s).JWT
	if want := []string{old, renewed}; !slices.Equal(a.calls, want) || renewed == old || a.creations() != 2 {
		t.Errorf("%d creations, calls with %q", a.creations(), a.calls)
	}
}

// TestRefusedTokenOfMany: a hundred calls that are refused at once cost one
// creation.
func TestRefusedTokenOfMany(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	a.refuses("Expired", token(t, s).JWT)
	c := s.TokenClient()
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if _, err := c.Account.Get(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if a.creations() != 2 {
		t.Errorf("%d creations", a.creations())
	}
}

// TestOnlyARefusedJWTIsRenewed: no other answer repeats a call or costs a
// creation.
func TestOnlyARefusedJWTIsRenewed(t *testing.T) {
	for name, res := range map[string]*isojot.Response{
		"guest":     apiError(401, "general_unauthorized_scope", "User (role: guests) missing scopes"),
		"wrong key": apiError(401, "user_unauthorized", "no"),
		"blocked":   apiError(403, "user_blocked", "The current user has been blocked."),
		"both":      apiError(403, "user_jwt_and_cookie_set", "both"),
		"not found": apiError(404, "user_not_found", "no"),
		"limited":   limited(map[string]string{"retry-after": "9"}),
		"broken":    apiError(500, "general_unknown", "Server Error"),
		"a page":    answer(401, "<html>"),
	} {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		token(t, s)
		a.set(func() { a.call = func(string) *isojot.Response { return res } })
		if _, err := s.TokenClient().Account.Get(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if a.creations() != 1 || len(a.calls) != 1 {
			t.Errorf("%s: %d creations, %d calls", name, a.creations(), len(a.calls))
		}
	}
}

// TestStormGuard: a server that refuses whatever it makes costs few creations
// an hour, and a server that recovers is used again.
func TestStormGuard(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	a.call = func(string) *isojot.Response { return refusedJWT("Signature failed") }
	s := sourceOf(t, a, clock)
	c := s.TokenClient()
	var last error
	for range 3600 { // a call each second for an hour
		if _, last = c.Account.Get(t.Context()); last == nil {
			t.Fatal("a refused call succeeded")
		}
		clock.pass(time.Second)
	}
	if n := a.creations(); n > 8 {
		t.Errorf("%d creations in an hour", n)
	}
	if e := failure(t, last); e.Type != isojot.ErrUserJWTInvalid || e.RetryAfter <= 0 {
		t.Errorf("%v, retry after %v", last, e.RetryAfter)
	}
	before := a.creations()
	if _, err := s.ForceRefresh(t.Context()); err == nil || a.creations() != before {
		t.Errorf("ForceRefresh got through: %v, %d creations", err, a.creations()-before)
	}
	a.set(func() { a.call = nil })
	clock.pass(failure(t, last).RetryAfter)
	for i := range 3 {
		if _, err := c.Account.Get(t.Context()); err != nil {
			t.Errorf("call %d after the server recovered: %v", i, err)
		}
	}
	if a.creations() != before+1 {
		t.Errorf("%d creations after it recovered", a.creations()-before)
	}
}

// TestRenewalsLongApartAreNoStorm: a program that uses tokens elsewhere and
// has one renewed now and then is never kept waiting.
func TestRenewalsLongApartAreNoStorm(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	for i := range 20 {
		old := token(t, s)
		clock.pass(10 * time.Minute)
		renewed, err := s.Renew(t.Context(), old.JWT)
		if err != nil || renewed.JWT == old.JWT {
			t.Fatalf("renewal %d: %v, %v", i, renewed, err)
		}
		clock.pass(time.Hour)
	}
}

// TestRenewOfAnOldToken returns the one in hand and asks nothing.
func TestRenewOfAnOldToken(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	old := token(t, s)
	renewed, err := s.Renew(t.Context(), old.JWT)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again, err := s.Renew(t.Context(), old.JWT); err != nil || again.JWT != renewed.JWT {
			t.Errorf("%v, %v", again, err)
		}
	}
	if a.creations() != 2 {
		t.Errorf("%d creations", a.creations())
	}
}

// TestWhyNoOtherTokenCouldBeHad reaches the caller where it can help.
func TestWhyNoOtherTokenCouldBeHad(t *testing.T) {
	guest := apiError(401, "general_unauthorized_scope", "User (role: guests) missing scopes")
	for name, c := range map[string]struct {
		answer *isojot.Response
		err    error
		want   isojot.Reason
	}{
		"session ended": {guest, nil, isojot.ReasonSessionEnded},
		"limited":       {limited(map[string]string{"retry-after": "600"}), nil, isojot.ReasonRateLimited},
		"blocked":       {apiError(403, "user_blocked", "The current user has been blocked."), nil, isojot.ReasonUserBlocked},
		"no network":    {nil, errors.New("cable cut"), isojot.ReasonNetwork},
	} {
		clock := newClock(moment)
		a := newAuthority(clock)
		s := sourceOf(t, a, clock)
		a.refuses("Expired", token(t, s).JWT)
		a.set(func() {
			a.create = func(context.Context, int) (*isojot.Response, error) { return c.answer, c.err }
		})
		_, err := s.TokenClient().Account.Get(t.Context())
		if got := failure(t, err).Reason; got != c.want {
			t.Errorf("%s: %s, want %s (%v)", name, got, c.want, err)
		}
	}
}

// TestCancelledRenewal is the caller's own doing, and says so.
func TestCancelledRenewal(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	s := sourceOf(t, a, clock)
	a.refuses("Expired", token(t, s).JWT)
	ctx, cancel := context.WithCancel(t.Context())
	a.set(func() {
		a.create = func(ctx context.Context, _ int) (*isojot.Response, error) {
			cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	if _, err := s.TokenClient().Account.Get(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// otherSource is a program's own TokenRenewer.
type otherSource struct{ tokens, renewals int }

func (o *otherSource) Token(context.Context) (*isojot.Token, error) {
	o.tokens++
	return &isojot.Token{JWT: jwtOf("alice", "s1", moment.Add(time.Hour), 0)}, nil
}

func (o *otherSource) Renew(_ context.Context, refused string) (*isojot.Token, error) {
	o.renewals++
	return &isojot.Token{JWT: jwtOf("alice", "s1", moment.Add(time.Hour), o.renewals)}, nil
}

// TestOtherSources are asked once for each call, and once more when refused.
func TestOtherSources(t *testing.T) {
	a := newAuthority(newClock(moment))
	src := &otherSource{}
	c := newClient(t, isojot.WithTransport(a), isojot.WithTokenSource(src))
	if _, err := c.Account.Get(t.Context()); err != nil || src.tokens != 1 || src.renewals != 0 {
		t.Errorf("%v, %+v", err, *src)
	}
	a.set(func() { a.call = func(string) *isojot.Response { return refusedJWT("Expired") } })
	if _, err := c.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUserJWTInvalid) || src.tokens != 2 || src.renewals != 1 {
		t.Errorf("%v, %+v", err, *src)
	}
	if len(a.calls) != 3 {
		t.Errorf("%d calls", len(a.calls))
	}
	failing := newClient(t, isojot.WithTransport(a), isojot.WithTokenSource(failingSource{}))
	if _, err := failing.Account.Get(t.Context()); !errors.Is(err, isojot.ErrTokenSource) || !errors.Is(err, errEmpty) {
		t.Error(err)
	}
}

var errEmpty = fmt.Errorf("the vault is empty")

type failingSource struct{}

func (failingSource) Token(context.Context) (*isojot.Token, error) { return nil, errEmpty }
