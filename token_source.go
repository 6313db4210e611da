package isojot

import (
	"context"
	"time"
)

// TokenSource hands out JWTs. It must be safe for concurrent use. What
// Account.TokenSource returns is one.
type TokenSource interface {
	// Token returns a token that is good for use now. It must not be changed.
	Token(ctx context.Context) (*Token, error)
}

// TokenRenewer is a TokenSource that can replace a token before its time. A
// client whose request was refused with 401 user_jwt_invalid asks it once,
// and repeats the request if it gets another token.
type TokenRenewer interface {
	TokenSource
	// Renew returns a token of the same user other than the refused one, or an
	// error.
	Renew(ctx context.Context, refused string) (*Token, error)
}

// Token is a JWT and what is known of it.
type Token struct {
	// JWT is the token itself. A Token is printed and encoded as JSON without
	// it: what passes it on takes the field.
	JWT string
	// UserID is whom it stands for.
	UserID string
	// SessionID is the session that it dies with, or "".
	SessionID string
	// Expiry is when it is reckoned to end, by this machine's clock. It may
	// differ from the token's exp, which is the server's clock's.
	Expiry time.Time
}

// WithTokenSource makes the client act by the source's tokens, as WithJWT
// does by one: each request carries the token that the source returns for it.
// A request that is refused because its JWT has expired is repeated once with
// a renewed one where the source is a TokenRenewer. nil takes it away, and so
// does a nil *SessionTokens.
func WithTokenSource(ts TokenSource) Option {
	return func(c *config) error {
		c.jwt, c.bearer = "", nil
		switch own, ok := ts.(*SessionTokens); {
		case own != nil:
			c.bearer = own.bearer()
		case ts != nil && !ok:
			c.bearer = bearerOf(ts)
		}
		return nil
	}
}
