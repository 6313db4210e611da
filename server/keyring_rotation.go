package server

import (
	"context"
	"crypto"
	"time"

	"github.com/isojot/isojot/server/internal/projects"
)

// Errors of rotating and of signing keys.
var (
	// ErrPublicKeys says that the project signs by a private key, which nobody
	// else needs: its public keys are at JWKSPath.
	ErrPublicKeys = projects.ErrPublicKeys
	// ErrKnownKey says that the project has the key already.
	ErrKnownKey = projects.ErrKnownKey
)

// Rotation is how a project gets a new signing key.
type Rotation struct {
	// Algorithm is HS256, EdDSA (Ed25519) or ES256 (P-256); "" keeps that of
	// the newest key. With Private it is that of the key, or "".
	Algorithm string
	// Private, when it is not nil, is the key: an ed25519.PrivateKey, or an
	// *ecdsa.PrivateKey of P-256. Without it one is made.
	Private crypto.Signer
	// After is how long the new key waits until it signs, up to 24 hours; 0
	// means 15 minutes where verifiers know public keys of the project and must
	// learn the new one, else not at all.
	After time.Duration
	// AtOnce makes it sign at once. Those who verify by the published keys may
	// refuse its tokens for as long as they keep older ones.
	AtOnce bool
	// Revoke deletes all other keys: their tokens are refused from now on, and
	// the new key signs at once. It is for keys that have leaked. Without it,
	// they verify until the last of their tokens has expired.
	Revoke bool
}

// SigningKey is a key that signs a project's JWTs, without the key itself.
type SigningKey struct {
	// ID is the kid of a key that is published (its thumbprint, RFC 7638), else
	// a name for people.
	ID string
	// Algorithm is HS256, EdDSA or ES256.
	Algorithm string
	CreatedAt time.Time
	// SignsFrom is when it begins to sign. The newest that has begun signs.
	SignsFrom time.Time
	// EndsAt is when it has no more tokens, and is dropped; zero when no other
	// key is to sign after it.
	EndsAt time.Time
}

// Rotate gives a project a new signing key and returns it. A key that waits to
// sign is replaced, and dropped unless it is to sign within userjwt.MaxSkew: then
// the clock of a server that is ahead may have let it sign. Running servers
// notice at once. An unknown project is ErrNoProject, a key that it has
// ErrKnownKey.
func (k *Keyring) Rotate(ctx context.Context, project string, r Rotation) (SigningKey, error) {
	made, err := k.ring.Rotate(ctx, project, projects.Rotation(r))
	return SigningKey(made), err
}

// SigningKeys returns the keys of a project that sign, have tokens that have
// not expired, or wait to sign; the oldest first. An unknown project is
// ErrNoProject.
func (k *Keyring) SigningKeys(ctx context.Context, project string) ([]SigningKey, error) {
	found, err := k.ring.SigningKeys(ctx, project)
	var keys []SigningKey
	for _, key := range found {
		keys = append(keys, SigningKey(key))
	}
	return keys, err
}

// SigningKey returns the key that signs a project's JWTs by HS256, for those
// who verify them without asking the server. Its holder can pose as any user. An
// unknown project is ErrNoProject; one that signs by a private key, which is
// never handed out, ErrPublicKeys.
func (k *Keyring) SigningKey(ctx context.Context, project string) ([]byte, error) {
	return k.ring.SigningKey(ctx, project)
}

// Claims returns the claims that SetClaims has switched on.
func (k *Keyring) Claims(ctx context.Context, project string) ([]string, error) {
	return k.ring.Claims(ctx, project)
}

// SetClaims switches on the claims that a project's JWTs have beside userId,
// sessionId and exp, and all others off:
//
//	iss=VALUE, aud=VALUE  the project's, of 1 to 256 characters each
//	iat                   when the JWT was made
//	sub                   the user's id
//	email                 the user's address, and email_verified; for users who have one
//	name, labels          the user's
//
// An unknown project is ErrNoProject.
func (k *Keyring) SetClaims(ctx context.Context, project string, claims []string) error {
	return k.ring.SetClaims(ctx, project, claims)
}
