package auth

import (
	"fmt"
	"time"

	"github.com/isojot/isojot"
)

// LocalOption sets one thing of a Local: WithLeeway, WithLiveness, WithClock.
type LocalOption interface{ local(*Local) error }

// RemoteOption sets one thing of a Remote: CacheFor, CacheEntries, WithClock.
type RemoteOption interface{ remote(*Remote) error }

// JWKSOption sets one thing of a JWKS: WithLeeway, WithLiveness, WithClock,
// WithIssuer, WithAudience, MaxAge, Cooldown, WithHTTPClient.
type JWKSOption interface{ jwks(*JWKS) error }

// TokenOption is a LocalOption and a JWKSOption.
type TokenOption func(*rules) error

func (o TokenOption) local(l *Local) error { return o(&l.rules) }
func (o TokenOption) jwks(j *JWKS) error   { return o(&j.rules) }

// ClockOption is an option of every verifier.
type ClockOption func() time.Time

func (o ClockOption) local(l *Local) error { return o.set(&l.rules.now) }
func (o ClockOption) jwks(j *JWKS) error   { return o.set(&j.rules.now) }
func (o ClockOption) remote(r *Remote) error {
	return o.set(&r.now)
}

func (o ClockOption) set(now *func() time.Time) error {
	if o == nil {
		return invalid("clock: nil; leave the option out to use time.Now")
	}
	*now = o
	return nil
}

// WithClock replaces time.Now, for tests.
func WithClock(now func() time.Time) ClockOption { return now }

// MaxLeeway bounds WithLeeway: 5 minutes.
const MaxLeeway = 5 * time.Minute

// WithLeeway allows this machine's clock to differ from the signer's by d,
// between 0, the default, and MaxLeeway: exp is taken to be that much later,
// nbf that much earlier.
func WithLeeway(d time.Duration) TokenOption {
	return func(r *rules) error {
		r.leeway = d
		return checkDuration("leeway", d, 0, MaxLeeway)
	}
}

// WithLiveness asks another verifier, after the token was verified, whether its
// session still exists and its user is let in; usually a Remote, which
// remembers answers. Its error refuses the token, or is ErrUnavailable. The
// Caller that it returns is not looked at, so a VerifierFunc may return nil.
func WithLiveness(v Verifier) TokenOption {
	return func(r *rules) error {
		if v == nil {
			return invalid("liveness: the verifier is nil; leave the option out to ask nobody")
		}
		r.liveness = v
		return nil
	}
}

func checkDuration(field string, d, low, high time.Duration) error {
	if d < low || d > high {
		return invalid(fmt.Sprintf("%s: %v is not between %v and %v", field, d, low, high))
	}
	return nil
}

func invalid(message string) error {
	return &isojot.Error{Type: isojot.ErrInvalidArgument, Message: "auth: " + message}
}

// reached reports whether a moment has come, by the wall clock or by the monotonic
// one, whichever is first: one can be set back, the other stands still while a
// machine sleeps.
func reached(now, at time.Time) bool {
	return !now.Before(at) || !now.Round(0).Before(at.Round(0))
}
