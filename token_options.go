package isojot

import "time"

// tokenOptions are what a SessionTokens is made of.
type tokenOptions struct {
	duration time.Duration // 0: the server's default
	early    time.Duration // negative: the default
	clock    Clock
	storage  *Storage // nil: the default. What it holds is not to be printed
}

// TokenOption sets one thing of an Account.TokenSource.
type TokenOption func(*tokenOptions) error

// TokenDuration asks for tokens that live that long: whole seconds, 1 s to
// 1 h. Without it they live 15 minutes. A server older than Appwrite 1.9
// ignores it; a token is used for more than 15 minutes only where the
// server's own clock, in the Date header, showed that it lives longer.
func TokenDuration(d time.Duration) TokenOption {
	return func(o *tokenOptions) error {
		o.duration = d
		if err := checkDuration(d); err != nil {
			return err
		}
		return nil
	}
}

// RefreshEarly renews a token when it is used in the last d of its life: 0 to
// 1 h, at most half its life. Without it that is a tenth of its life, at most
// a minute.
func RefreshEarly(d time.Duration) TokenOption {
	return func(o *tokenOptions) error {
		if d < 0 || d > time.Hour {
			return invalid("refresh early: " + d.String() + " is not between 0s and 1h0m0s")
		}
		o.early = d
		return nil
	}
}

// TokenStorage says where a browser keeps the token, so that it survives a
// reload. The default is sessionStorage; nil keeps it in memory only. Outside
// browsers, and for a client with a session, key or JWT of its own, a token
// is kept in memory whatever this says.
func TokenStorage(s Storage) TokenOption {
	return func(o *tokenOptions) error {
		o.storage = &s
		return nil
	}
}

// TokenClock replaces the platform's clock.
func TokenClock(c Clock) TokenOption {
	return func(o *tokenOptions) error {
		if c == nil {
			return invalid("token clock: nil; leave the option out to use the platform's own")
		}
		o.clock = c
		return nil
	}
}

// checkDuration holds the bounds of contract section 5.2, 0 left out.
func checkDuration(d time.Duration) *Error {
	if d < time.Second || d > maxLife || d%time.Second != 0 {
		return invalid("duration: " + d.String() + " is not a whole number of seconds between 1s and 1h0m0s")
	}
	return nil
}
