package isojot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

// TestLifeByAnyClock: a token's age is what passed here since it was asked
// for, whatever this clock or the server's shows; the larger age counts.
func TestLifeByAnyClock(t *testing.T) {
	const minutes = time.Minute
	for name, c := range map[string]struct {
		skew       time.Duration // of this machine's clock against the server's
		wall, mono time.Duration // what goes by
		fresh      bool
	}{
		"no skew, young":                {0, 13 * minutes, 13 * minutes, true},
		"no skew, old":                  {0, 14 * minutes, 14 * minutes, false},
		"2 h fast, young":               {2 * time.Hour, 13 * minutes, 13 * minutes, true},
		"2 h fast, old":                 {2 * time.Hour, 14 * minutes, 14 * minutes, false},
		"2 h slow, young":               {-2 * time.Hour, 13 * minutes, 13 * minutes, true},
		"2 h slow, old":                 {-2 * time.Hour, 14 * minutes, 14 * minutes, false},
		"slept for an hour":             {0, time.Hour, 0, false},
		"slept for a minute":            {0, minutes, 0, true},
		"set back by 2 h, young":        {0, -2 * time.Hour, 13 * minutes, true},
		"set back by 2 h, old":          {0, -2 * time.Hour, 14 * minutes, false},
		"set back while it slept":       {0, -time.Hour, 0, true}, // nothing can tell
		"fast, then set right by sleep": {2 * time.Hour, -2*time.Hour + 5*minutes, 5 * minutes, true},
	} {
		server, here := newClock(moment), newClock(moment.Add(c.skew))
		a := newAuthority(server)
		s := sourceOf(t, a, here)
		token(t, s)
		here.move(c.wall, c.mono)
		server.pass(c.mono)
		token(t, s)
		if fresh := a.creations() == 1; fresh != c.fresh {
			t.Errorf("%s: kept is %v, want %v", name, fresh, c.fresh)
		}
	}
}

// TestLifeOfServers: more than 15 minutes count only where the answer's own
// Date shows that the server gave them.
func TestLifeOfServers(t *testing.T) {
	for name, c := range map[string]struct {
		asked, gives time.Duration // 0: the default, what was asked
		dateless     bool
		want         time.Duration
	}{
		"default":                              {0, 0, false, 15 * time.Minute},
		"default, no Date":                     {0, 0, true, 15 * time.Minute},
		"an hour":                              {time.Hour, 0, false, time.Hour},
		"an hour, no Date":                     {time.Hour, 0, true, 15 * time.Minute},
		"an hour, ignored":                     {time.Hour, 15 * time.Minute, false, 15 * time.Minute},
		"an hour, ignored, no Date":            {time.Hour, 15 * time.Minute, true, 15 * time.Minute},
		"an hour, half of it given":            {time.Hour, 30 * time.Minute, false, 30 * time.Minute},
		"a minute":                             {time.Minute, 0, false, time.Minute},
		"a minute, ignored":                    {time.Minute, 15 * time.Minute, false, time.Minute},
		"a server that gives more than wanted": {0, time.Hour, false, 15 * time.Minute},
	} {
		for _, skew := range []time.Duration{-2 * time.Hour, 0, 2 * time.Hour} {
			a := newAuthority(newClock(moment))
			a.life, a.dateless = c.gives, c.dateless
			here := newClock(moment.Add(skew))
			var opts []isojot.TokenOption
			if c.asked != 0 {
				opts = append(opts, isojot.TokenDuration(c.asked))
			}
			got := token(t, sourceOf(t, a, here, opts...))
			if life := got.Expiry.Sub(here.Now()); life != c.want {
				t.Errorf("%s, clock off by %v: life %v, want %v", name, skew, life, c.want)
			}
		}
	}
}

// TestAgeCountsFromTheRequest: what the answer takes to come is part of it.
func TestAgeCountsFromTheRequest(t *testing.T) {
	clock := newClock(moment)
	a := newAuthority(clock)
	slow := isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		res, err := a.RoundTrip(ctx, req)
		clock.pass(30 * time.Second)
		return res, err
	})
	if got := token(t, sourceOf(t, slow, clock)); !got.Expiry.Equal(moment.Add(15 * time.Minute)) {
		t.Errorf("it ends at %v", got.Expiry)
	}
}

// given makes a source of a client that was given a JWT and has no session.
func given(t *testing.T, a *authority, here *handClock, jwt string, opts ...isojot.Option) *isojot.SessionTokens {
	t.Helper()
	c := newClient(t, append([]isojot.Option{isojot.WithTransport(a), isojot.WithJWT(jwt)}, opts...)...)
	return newSource(t, c, isojot.TokenClock(here))
}

// TestGivenToken: what WithJWT brought is served until its exp by this clock.
func TestGivenToken(t *testing.T) {
	for name, c := range map[string]struct {
		skew time.Duration
		left time.Duration // by this clock
	}{
		"right clock": {0, 15 * time.Minute}, "slow": {-2 * time.Hour, 2*time.Hour + 15*time.Minute}, "fast": {2 * time.Hour, 0},
	} {
		a := newAuthority(newClock(moment))
		here := newClock(moment.Add(c.skew))
		jwt := jwtOf("alice", "s1", moment.Add(15*time.Minute), 0)
		s := given(t, a, here, jwt)
		if c.left > 0 {
			got := token(t, s)
			if got.JWT != jwt || got.UserID != "alice" || !got.Expiry.Equal(moment.Add(15*time.Minute)) {
				t.Errorf("%s: %+v", name, got)
			}
			here.pass(c.left)
		}
		got, err := s.Token(t.Context())
		if err == nil {
			t.Errorf("%s: %+v is served though its exp has passed", name, got)
			continue
		}
		if e := failure(t, err); e.Reason != isojot.ReasonJWTExpired || !errors.Is(err, isojot.ErrUserJWTInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if s.Peek() != nil {
			t.Errorf("%s: Peek() = %v", name, s.Peek())
		}
		if a.creations() != 0 {
			t.Errorf("%s: a client without session asked for a JWT", name)
		}
	}
}

// TestGivenTokenIsSentUntilRefused: this clock may be wrong, so calls send a
// token that looks over; the server reports whether it is.
func TestGivenTokenIsSentUntilRefused(t *testing.T) {
	server := newClock(moment)
	a := newAuthority(server)
	jwt := jwtOf("alice", "s1", moment.Add(15*time.Minute), 0)
	s := given(t, a, newClock(moment.Add(2*time.Hour)), jwt)
	c := s.TokenClient()
	if _, err := c.Account.Get(t.Context()); err != nil {
		t.Errorf("a fast clock: %v", err)
	}
	server.pass(15 * time.Minute)
	for range 2 { // when it is refused, and from then on
		if _, err := c.Account.Get(t.Context()); failure(t, err).Reason != isojot.ReasonJWTExpired {
			t.Errorf("%v", err)
		}
	}
	if len(a.calls) != 2 {
		t.Errorf("the refused token was sent again: %d calls", len(a.calls))
	}
}

// TestGivenTokenNeedsItsUsersSession: another token is made only by a session
// of the same user, and none of another user's budget is spent to find out.
func TestGivenTokenNeedsItsUsersSession(t *testing.T) {
	here := newClock(moment.Add(time.Hour))
	jwt := jwtOf("alice", "s0", moment.Add(15*time.Minute), 0)

	a := newAuthority(here)
	s := given(t, a, here, jwt, isojot.WithSession("alice's"))
	if got := token(t, s); got.JWT == jwt || got.UserID != "alice" || got.SessionID != "s1" {
		t.Errorf("%+v", got)
	}

	b := newAuthority(here)
	b.user = "bob"
	s = given(t, b, here, jwt, isojot.WithSession("bob's"))
	for range 3 {
		got, err := s.Token(t.Context())
		if err == nil {
			t.Fatalf("alice's token became %+v", got)
		}
		if !errors.Is(err, isojot.ErrUserJWTInvalid) && !errors.Is(err, isojot.ErrSessionChanged) {
			t.Error(err)
		}
	}
	if b.creations() != 0 {
		t.Errorf("%d tokens of bob's budget were made for alice", b.creations())
	}
}

// TestReasonOfAGivenToken: what is said of it is what the server said.
func TestReasonOfAGivenToken(t *testing.T) {
	here := newClock(moment)
	jwt := jwtOf("alice", "s0", moment.Add(15*time.Minute), 0)
	guest := apiError(401, "general_unauthorized_scope", `User (role: guests) missing scopes (["account"])`)
	for name, c := range map[string]struct {
		jwt    string
		answer *isojot.Response
		want   isojot.Reason
	}{
		"expired":         {jwt, refusedJWT("Expired"), isojot.ReasonJWTExpired},
		"forged":          {jwt, refusedJWT("Signature failed"), isojot.ReasonUnknown},
		"session is gone": {jwt, guest, isojot.ReasonSessionEnded},
		"no JWT at all":   {"a.b.c", refusedJWT("Missing header algo"), isojot.ReasonJWTMalformed},
	} {
		a := newAuthority(here)
		a.call = func(string) *isojot.Response { return c.answer }
		s := given(t, a, here, c.jwt)
		_, first := s.TokenClient().Account.Get(t.Context())
		_, then := s.TokenClient().Account.Get(t.Context())
		_, asked := s.Token(t.Context())
		for call, err := range map[string]error{"the call": first, "the next": then, "Token": asked} {
			if got := failure(t, err).Reason; got != c.want {
				t.Errorf("%s, %s: %s, want %s (%v)", name, call, got, c.want, err)
			}
		}
	}
}
