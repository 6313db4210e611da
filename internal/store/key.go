package store

import (
	"context"
	"database/sql"
	"time"
)

// Key is an API key of a project. The key itself is not in it: only its hash
// is stored.
type Key struct {
	ID   string
	Name string
	// Scopes are what the key may do.
	Scopes []string
	// ExpiresAt is the first moment in which the key is no longer valid; zero
	// means never.
	ExpiresAt time.Time
	CreatedAt time.Time
}

// ExpiredAt reports whether the key has expired.
func (k *Key) ExpiredAt(now time.Time) bool { return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) }

const keyColumns = `k.id, k.name, k.scopes, k.expires_at, k.created_at`

func (k *Key) dest() []any {
	return []any{&k.ID, &k.Name, list{&k.Scopes}, millis{&k.ExpiresAt}, millis{&k.CreatedAt}}
}

// InsertKey stores a new key of a project under its hash.
func (t *Tx) InsertKey(ctx context.Context, project string, k Key, keyHash string) error {
	return t.insert(ctx, `INSERT INTO api_keys (project_id, id, name, secret_hash, scopes, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		project, k.ID, k.Name, keyHash, listText(k.Scopes), ms(k.ExpiresAt), ms(k.CreatedAt))
}

// KeyByHash returns the key of a project with that hash, or ErrNotFound;
// whether it has expired is for the caller to see.
func (db *DB) KeyByHash(ctx context.Context, project, keyHash string) (Key, error) {
	var k Key
	err := db.row(ctx, k.dest(), `SELECT `+keyColumns+` FROM api_keys k
		WHERE k.project_id = $1 AND k.secret_hash = $2`, project, keyHash)
	return k, err
}

// Key returns a key of a project, or ErrNotFound; whether it has expired is for
// the caller to see.
func (db *DB) Key(ctx context.Context, project, id string) (k Key, err error) {
	err = db.row(ctx, k.dest(), keyByID, project, id)
	return k, err
}

// Key is the same in a transaction, until whose end the key is not revoked.
func (t *Tx) Key(ctx context.Context, project, id string) (k Key, err error) {
	err = t.row(ctx, k.dest(), keyByID+t.db.dialect.holdRow, project, id)
	return k, err
}

const keyByID = `SELECT ` + keyColumns + ` FROM api_keys k WHERE k.project_id = $1 AND k.id = $2`

// Keys returns the keys of a project, the oldest first, expired ones included.
func (db *DB) Keys(ctx context.Context, project string) ([]Key, error) {
	var keys []Key
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var k Key
		err := rows.Scan(k.dest()...)
		keys = append(keys, k)
		return err
	}, `SELECT `+keyColumns+` FROM api_keys k WHERE k.project_id = $1 ORDER BY k.created_at, k.id`, project)
	return keys, err
}

// DeleteKey deletes a key of a project; an unknown one is ErrNotFound.
func (t *Tx) DeleteKey(ctx context.Context, project, id string) error {
	return found(t.exec(ctx, `DELETE FROM api_keys WHERE project_id = $1 AND id = $2`, project, id))
}
