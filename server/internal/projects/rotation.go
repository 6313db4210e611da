package projects

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"fmt"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
)

// Bounds of Rotation.After.
const (
	// PublishDelay is how long a new public key is published before it signs,
	// unless told otherwise: 15 minutes, the 5 that caches keep the set and the
	// 10 that verifiers do.
	PublishDelay = 15 * time.Minute
	// maxRotationDelay is a day.
	maxRotationDelay = 24 * time.Hour
)

// Errors of rotating and of signing keys.
var (
	ErrPublicKeys = errors.New("server: the project signs by a private key; its public keys verify")
	ErrKnownKey   = errors.New("server: the project has that key already")
	errNewest     = errors.New("server: the newest key is of that kind")
)

// Rotation is how a project gets a new signing key: server.Rotation, which
// says what its members mean.
type Rotation struct {
	Algorithm string
	Private   crypto.Signer
	After     time.Duration
	AtOnce    bool
	Revoke    bool
}

// SigningKey is a key that signs a project's JWTs, without the key itself:
// server.SigningKey, which says what its members mean.
type SigningKey struct {
	ID        string
	Algorithm string
	CreatedAt time.Time
	SignsFrom time.Time
	EndsAt    time.Time
}

// Rotate gives a project a new signing key and returns it. A key that waits to
// sign is replaced, and dropped unless it is to sign within userjwt.MaxSkew: then
// the clock of a server that is ahead may have let it sign. Running servers
// notice at once. An unknown project is ErrNoProject, a key that it has
// ErrKnownKey.
func (k *Keyring) Rotate(ctx context.Context, project string, r Rotation) (SigningKey, error) {
	return k.rotate(ctx, project, r, false)
}

// SignBy sees to it that the newest signing key of a project is one for an
// algorithm.
func (k *Keyring) SignBy(ctx context.Context, project, algorithm string) error {
	_, err := k.rotate(ctx, project, Rotation{Algorithm: algorithm}, true)
	if errors.Is(err, errNewest) {
		return nil
	}
	return err
}

// rotate is Rotate, but may leave the keys as they are where the newest is one
// for the algorithm: another server may have been told the same.
func (k *Keyring) rotate(ctx context.Context, project string, r Rotation, unlessNewest bool) (SigningKey, error) {
	if err := r.check(); err != nil {
		return SigningKey{}, err
	}
	var made store.SigningKey
	err := k.db.Tx(ctx, func(t *store.Tx) error {
		p, err := t.Project(ctx, project)
		if err != nil {
			return noProject(err)
		}
		now := t.Now() // the project is locked: of two rotations the later one has the later time
		known, err := New(p)
		if err != nil {
			return err
		}
		if newest := p.Keys[len(p.Keys)-1]; unlessNewest && newest.Algorithm == r.Algorithm {
			return errNewest
		}
		if made, err = r.make(known.Keys, now); err != nil {
			return err
		}
		made.ID, made.CreatedAt = cmp.Or(made.ID, k.ids.Unique(now)), now
		if err := r.drop(ctx, t, p, known.Keys, made.ID, now); err != nil {
			return err
		}
		return t.InsertSigningKey(ctx, project, made)
	})
	if err != nil {
		return SigningKey{}, err
	}
	return SigningKey{ID: made.ID, Algorithm: made.Algorithm, CreatedAt: made.CreatedAt, SignsFrom: made.SignsFrom}, nil
}

// check says what is wrong with a rotation.
func (r Rotation) check() error {
	switch {
	case r.After < 0 || r.After > maxRotationDelay:
		return fmt.Errorf("server: the new key would sign after %v: use up to %v", r.After, maxRotationDelay)
	case r.After > 0 && (r.AtOnce || r.Revoke):
		return errors.New("server: a key cannot sign at once and wait: leave out one")
	}
	return nil
}

// make makes the key, which signs from the time that the rotation says.
func (r Rotation) make(ring userjwt.Ring, now time.Time) (store.SigningKey, error) {
	key, err := r.key(ring[len(ring)-1].Algorithm())
	if err != nil {
		return store.SigningKey{}, err
	}
	from := now.Add(r.After)
	if r.After == 0 && !r.AtOnce && !r.Revoke && key.Algorithm().Public() && len(ring.Public(now)) > 0 {
		from = now.Add(PublishDelay)
	}
	return store.SigningKey{ID: key.ID(), Algorithm: string(key.Algorithm()), Secret: key.Secret(), SignsFrom: from}, nil
}

func (r Rotation) key(present userjwt.Algorithm) (*userjwt.Key, error) {
	if r.Private == nil {
		return userjwt.Generate(userjwt.Algorithm(cmp.Or(r.Algorithm, string(present))))
	}
	key, err := userjwt.FromPrivate(r.Private)
	if err == nil && r.Algorithm != "" && r.Algorithm != string(key.Algorithm()) {
		return nil, fmt.Errorf("server: the key is one for %s, not for %s: leave out the algorithm", key.Algorithm(), r.Algorithm)
	}
	return key, err
}

// drop deletes the keys that are to go: those without tokens, which have ended
// or have never signed; and with Revoke all.
func (r Rotation) drop(ctx context.Context, t *store.Tx, p store.Project, ring userjwt.Ring, made string, now time.Time) error {
	for i, key := range p.Keys {
		gone := ring.Ended(i, now) || waits(ring, i, now)
		switch {
		case !gone && key.ID == made: // which Revoke would keep
			return ErrKnownKey
		case !gone && !r.Revoke:
			continue
		}
		if err := t.DeleteSigningKey(ctx, p.ID, key.ID); err != nil {
			return err
		}
	}
	return nil
}

// waits reports whether a key has not signed yet, by no server's clock. The first
// one of a project has, whatever the clocks say.
func waits(ring userjwt.Ring, i int, now time.Time) bool {
	return i > 0 && ring[i].SignsFrom.After(now.Add(userjwt.MaxSkew))
}

// SigningKeys returns the keys of a project that sign, have tokens that have
// not expired, or wait to sign; the oldest first. An unknown project is
// ErrNoProject.
func (k *Keyring) SigningKeys(ctx context.Context, project string) ([]SigningKey, error) {
	p, err := k.db.Project(ctx, project)
	if err != nil {
		return nil, noProject(err)
	}
	known, err := New(p)
	if err != nil {
		return nil, err
	}
	var keys []SigningKey
	for i, key := range p.Keys {
		if !known.Keys.Ended(i, k.now()) {
			keys = append(keys, SigningKey{key.ID, key.Algorithm, key.CreatedAt, key.SignsFrom, known.Keys.EndsAt(i)})
		}
	}
	return keys, nil
}

// SigningKey returns the key that signs a project's JWTs by HS256, for those
// who verify them without asking the server. Its holder can pose as any user. An
// unknown project is ErrNoProject; one that signs by a private key, which is
// never handed out, ErrPublicKeys.
func (k *Keyring) SigningKey(ctx context.Context, project string) ([]byte, error) {
	p, err := Load(ctx, k.db, project)
	if err != nil {
		return nil, noProject(err)
	}
	key := p.Keys.Signer(k.now())
	if key.Algorithm().Public() {
		return nil, ErrPublicKeys
	}
	return key.Secret(), nil
}

// Claims returns the claims that SetClaims has switched on.
func (k *Keyring) Claims(ctx context.Context, project string) ([]string, error) {
	p, err := k.db.Project(ctx, project)
	return p.Claims, noProject(err)
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
	if _, err := parseClaims(claims); err != nil {
		return fmt.Errorf("server: %w", err)
	}
	return noProject(k.db.Tx(ctx, func(t *store.Tx) error { return t.SetClaims(ctx, project, claims) }))
}
