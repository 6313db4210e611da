package projects

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
)

// Errors of a Keyring.
var (
	ErrNoProject = errors.New("server: there is no project with that id")
	ErrNoKey     = errors.New("server: the project has no API key with that id")
	ErrNoUser    = errors.New("server: there is no user with that id")
)

// An API key is keyPrefix and the hex digits of keyBytes random bytes
// (contract section 1).
const (
	keyPrefix = "standard_"
	keyBytes  = 128
)

// Keyring makes, lists and revokes the API keys of the projects of a database,
// rotates their signing keys, and makes and verifies JWTs by those. It is safe
// for concurrent use.
type Keyring struct {
	db  *store.DB
	now func() time.Time
	ids *ids.Source
}

// NewKeyring makes the keyring of a database.
func NewKeyring(db *store.DB, now func() time.Time, source *ids.Source) *Keyring {
	return &Keyring{db, now, source}
}

// Close closes the database.
func (k *Keyring) Close() error { return k.db.Close() }

// Create makes an API key of a project, of the name, scopes and end of made, and
// returns it with what is stored of it. An unknown project is ErrNoProject.
func (k *Keyring) Create(ctx context.Context, project string, made store.Key, expires time.Duration) (string, store.Key, error) {
	if _, err := k.db.Project(ctx, project); err != nil {
		return "", store.Key{}, noProject(err)
	}
	key := keyPrefix + hex.EncodeToString(ids.Random(keyBytes))
	err := k.db.Tx(ctx, func(t *store.Tx) error {
		made.ID, made.CreatedAt = k.ids.Unique(t.Now()), t.Now()
		if expires > 0 {
			made.ExpiresAt = t.Now().Add(expires)
		}
		return t.InsertKey(ctx, project, made, ids.Hash(key))
	})
	return key, made, err
}

// List returns the keys of a project, the oldest first, expired ones included.
// An unknown project is ErrNoProject.
func (k *Keyring) List(ctx context.Context, project string) ([]store.Key, error) {
	if _, err := k.db.Project(ctx, project); err != nil {
		return nil, noProject(err)
	}
	return k.db.Keys(ctx, project)
}

// Revoke deletes a key of a project, which is refused from then on. An unknown
// one is ErrNoKey.
func (k *Keyring) Revoke(ctx context.Context, project, id string) error {
	err := k.db.Tx(ctx, func(t *store.Tx) error { return t.DeleteKey(ctx, project, id) })
	return store.NotFoundAs(err, ErrNoKey)
}

// Projects returns the ids of all projects.
func (k *Keyring) Projects(ctx context.Context) ([]string, error) {
	projects, err := k.db.Projects(ctx)
	var all []string
	for _, p := range projects {
		all = append(all, p.ID)
	}
	return all, err
}

// noProject turns the store's "not found" into ErrNoProject.
func noProject(err error) error { return store.NotFoundAs(err, ErrNoProject) }

// noUser turns it into ErrNoUser.
func noUser(err error) error { return store.NotFoundAs(err, ErrNoUser) }
