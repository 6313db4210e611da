package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/isojot/isojot/internal/mask"
)

// Caller is the user whom a verified JWT stands for.
type Caller struct {
	// UserID is never empty.
	UserID string
	// SessionID is the session that the JWT dies with, or "" when it is bound
	// to none.
	SessionID string
	// Expiry is the first moment at which the JWT is refused, in whole seconds
	// of the clock of the server that made it.
	Expiry time.Time
	// JWT is the token itself, a credential: a Caller is printed and encoded as
	// JSON without it.
	JWT string
	// Claims are all of the payload; numbers are json.Number. It is the
	// caller's own and may be changed.
	Claims map[string]any
}

// String names the user and the session and leaves the token out.
func (c Caller) String() string { return "user " + c.UserID + ", session " + c.SessionID }

// LogValue is what a log shall hold of a caller: no token.
func (c Caller) LogValue() slog.Value {
	return slog.GroupValue(slog.String("user", c.UserID), slog.String("session", c.SessionID))
}

type callerFields Caller

func (c Caller) masked() callerFields {
	c.JWT = mask.Of(c.JWT)
	return callerFields(c)
}

// Format implements fmt.Formatter: the fields without the token by %#v, else the
// text of String.
func (c Caller) Format(f fmt.State, verb rune) {
	var shown any = c.String()
	if verb == 'v' && f.Flag('#') {
		shown = c.masked()
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), shown)
}

// MarshalJSON encodes the caller without the token.
func (c Caller) MarshalJSON() ([]byte, error) { return json.Marshal(c.masked()) }

// Verifier finds out whom a JWT stands for. An implementation must be safe for
// concurrent use and return a Caller or an error that is ErrRefused or
// ErrUnavailable; any other counts as ErrUnavailable.
type Verifier interface {
	Verify(ctx context.Context, jwt string) (*Caller, error)
}

// VerifierFunc lets a function be a Verifier.
type VerifierFunc func(ctx context.Context, jwt string) (*Caller, error)

// Verify calls f.
func (f VerifierFunc) Verify(ctx context.Context, jwt string) (*Caller, error) { return f(ctx, jwt) }
