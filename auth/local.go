package auth

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jws"
	"github.com/isojot/isojot/internal/mask"
)

// Local verifies JWTs by the project's signing key, without a request. It is
// safe for concurrent use.
type Local struct {
	rules rules
	key   mask.Hidden[[]byte]
}

// MinKeyBytes is the shortest key that NewLocal accepts: as long as the hash of
// HS256 (RFC 7518 section 3.2).
const MinKeyBytes = 32

// maxAge is how old a token may be that has an iat, as the endpoint has it
// (contract section 5.3).
const maxAge = time.Hour

// NewLocal returns a verifier for the JWTs of the project whose key signs by
// HS256. The key is the bytes, not their text. With isojot, decode what
//
//	isojot key jwt --project demo --format hex
//
// prints, by encoding/hex; with Appwrite it is the text of _APP_OPENSSL_KEY_V1
// as it stands. A key of fewer than MinKeyBytes bytes is an error, and so is
// one that is public, such as those of examples.
//
// Appwrite signs the tokens of all its projects by one key, and a token does
// not say which project it is of: there, a user of another project passes who
// has the same id, unless WithLiveness asks the project's endpoint.
//
// Only HS256 is accepted, and no "kid". exp is required, and where there is an
// iat the token must be younger than an hour, as for the endpoint. A token
// outlives its session by up to its exp here unless WithLiveness is given.
func NewLocal(key []byte, opts ...LocalOption) (*Local, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	l := &Local{key: mask.Hide(slices.Clone(key)), rules: rules{
		methods: []string{jws.HS256.Alg()}, now: time.Now, maxAge: maxAge,
	}}
	for _, opt := range opts {
		if err := opt.local(l); err != nil {
			return nil, err
		}
	}
	l.rules.ready()
	return l, nil
}

// Verify implements Verifier. Without WithLiveness it never is ErrUnavailable.
func (l *Local) Verify(ctx context.Context, token string) (*Caller, error) {
	return l.rules.verify(ctx, token, func(header map[string]any) (any, error) {
		if _, ok := header["kid"]; ok {
			return nil, invalidJWT(isojot.ReasonUnknown, `the header names a key ("kid"), and the project's one key has no name`)
		}
		return *l.key.Pointer(), nil
	})
}

// publicKeys are keys that everybody knows: Appwrite's .env has the first one,
// documentation of JWT and example configurations the others.
var publicKeys = []string{
	"your-secret-key", "your-256-bit-secret", "a-string-secret-at-least-256-bits-long",
	"super-secret-jwt-token-with-at-least-32-characters-long",
}

func checkKey(key []byte) error {
	const fix = "; pass the decoded bytes that isojot key jwt prints, or use NewRemote, which needs no key"
	switch {
	case slices.Contains(publicKeys, string(key)):
		return invalid("key: this is a default that everybody knows, with which anybody can be any user" + fix)
	case len(key) < MinKeyBytes:
		return invalid(fmt.Sprintf("key: %d bytes, HS256 needs at least %d (RFC 7518 section 3.2)%s", len(key), MinKeyBytes, fix))
	case bytes.Count(key, key[:1]) == len(key):
		return invalid("key: all bytes are the same" + fix)
	}
	return nil
}
