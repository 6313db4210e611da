package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/wire"
)

// Errors of a Keyring.
var (
	// ErrNoProject says that there is no project with that id.
	ErrNoProject = projects.ErrNoProject
	// ErrNoKey says that the project has no API key with that id.
	ErrNoKey = projects.ErrNoKey
)

// Keyring makes, lists and revokes the API keys of all projects of a database,
// rotates their signing keys, and makes and verifies JWTs by those. It is safe
// for concurrent use.
type Keyring struct {
	ring *projects.Keyring
	db   *store.DB
	ids  *ids.Source
}

func newKeyring(db *store.DB, now func() time.Time, source *ids.Source) *Keyring {
	return &Keyring{projects.NewKeyring(db, now, source), db, source}
}

// NewKey is an API key to create.
type NewKey struct {
	// Name has at most 128 characters; it may be empty.
	Name string
	// Scopes are what the key may do, some of Scopes(); without any, it may do
	// everything that there is.
	Scopes []string
	// Expires is how long the key is valid, at least a second; 0 means for
	// ever.
	Expires time.Duration
}

// Key is an API key, without the key itself, which nobody keeps but its user.
type Key struct {
	ID     string
	Name   string
	Scopes []string
	// ExpiresAt is the first moment in which the key is no longer valid; zero
	// means never.
	ExpiresAt time.Time
	CreatedAt time.Time
}

// Keys returns the keyring of a server.
func (s *Server) Keys() *Keyring { return newKeyring(s.db, s.now, &s.ids) }

// OpenKeyring opens the keyring of a data directory, which a server may be
// using meanwhile: what changes holds at once. A directory without a database
// is an error. The caller must Close the keyring.
func OpenKeyring(ctx context.Context, dataDir string) (*Keyring, error) {
	db, err := openUsed(ctx, dataDir)
	if err != nil {
		return nil, err
	}
	return newKeyring(db, time.Now, &ids.Source{}), nil
}

// openUsed opens the database of a data directory, where there is one.
func openUsed(ctx context.Context, dataDir string) (*store.DB, error) {
	used, err := store.Used(dataDir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	case !used:
		return nil, fmt.Errorf("server: there is no database in %q: name the data directory of a server that has been started", dataDir)
	}
	db, err := store.Open(ctx, dataDir, time.Now)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	return db, nil
}

// OpenDatabaseKeyring is OpenKeyring for a PostgreSQL database, by its URL (see
// Options.DatabaseURL). One that no server has used is an error.
func OpenDatabaseKeyring(ctx context.Context, databaseURL string) (*Keyring, error) {
	db, err := openUsedDatabase(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	return newKeyring(db, time.Now, &ids.Source{}), nil
}

// openUsedDatabase opens a PostgreSQL database that a server has used.
func openUsedDatabase(ctx context.Context, databaseURL string) (*store.DB, error) {
	used, err := store.UsedPostgres(ctx, databaseURL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("server: opening the data: %w", err)
	case !used:
		return nil, errors.New("server: there is no data in the database: name that of a server that has been started")
	}
	db, err := store.OpenPostgres(ctx, databaseURL, toolConnections, time.Now)
	if err != nil {
		return nil, fmt.Errorf("server: opening the data: %w", err)
	}
	return db, nil
}

// toolConnections is how many connections a Keyring or a Mailbox has at most.
const toolConnections = 2

// Close closes a keyring of OpenKeyring. That of a server ends with it.
func (k *Keyring) Close() error { return k.ring.Close() }

// Create makes an API key of a project and returns it: this is the only time
// that it can be seen. An unknown project is ErrNoProject.
func (k *Keyring) Create(ctx context.Context, project string, n NewKey) (string, Key, error) {
	if err := n.check(); err != nil {
		return "", Key{}, err
	}
	if len(n.Scopes) == 0 {
		n.Scopes = Scopes()
	}
	key, made, err := k.ring.Create(ctx, project, store.Key{Name: n.Name, Scopes: n.Scopes}, n.Expires)
	return key, Key(made), err
}

// check says what is wrong with a key to create.
func (n NewKey) check() error {
	switch {
	case utf8.RuneCountInString(n.Name) > wire.MaxName:
		return fmt.Errorf("server: the key's name has more than %d characters", wire.MaxName)
	case strings.ContainsFunc(n.Name, func(r rune) bool { return r < ' ' }):
		return errors.New("server: the key's name has control characters: write it in one line")
	case n.Expires < 0 || n.Expires > 0 && n.Expires < time.Second:
		return fmt.Errorf("server: the key would be valid for %v: use at least a second, or 0 for ever", n.Expires)
	}
	return checkGrantable(n.Scopes)
}

// List returns the keys of a project, the oldest first, expired ones included.
// An unknown project is ErrNoProject.
func (k *Keyring) List(ctx context.Context, project string) ([]Key, error) {
	stored, err := k.ring.List(ctx, project)
	var keys []Key
	for _, key := range stored {
		keys = append(keys, Key(key))
	}
	return keys, err
}

// Revoke deletes a key of a project, which is refused from then on. An unknown
// one is ErrNoKey.
func (k *Keyring) Revoke(ctx context.Context, project, id string) error {
	return k.ring.Revoke(ctx, project, id)
}

// Projects returns the ids of all projects.
func (k *Keyring) Projects(ctx context.Context) ([]string, error) { return k.ring.Projects(ctx) }
