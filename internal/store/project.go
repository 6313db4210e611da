package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"
)

// Project is one project: a name space of users with signing keys of its own.
type Project struct {
	// ID is in lower case.
	ID string
	// CreatedAt has a precision of milliseconds.
	CreatedAt time.Time
	// KeyVersion changes with each change of Keys and Claims.
	KeyVersion int64
	// Claims are what the project's JWTs say beside Appwrite's claims: names,
	// or names and values joined by "=".
	Claims []string
	// Keys sign and verify the project's JWTs, in the order in which they were
	// made. There is at least one.
	Keys []SigningKey
}

// SigningKey is a key that signs a project's JWTs.
type SigningKey struct {
	// ID is the kid of a key that is published, else a name for people.
	ID string
	// Algorithm is HS256, EdDSA or ES256.
	Algorithm string
	// Secret is the key, the seed or the scalar, of 32 bytes or more.
	Secret []byte
	// SignsFrom is when it begins to sign, until the next key does.
	SignsFrom time.Time
	CreatedAt time.Time
}

// The key that a project is made with, by the transaction that makes it.
const (
	firstKeyID        = "first"
	firstKeyAlgorithm = "HS256"
	// firstKeyBytes is its length: the block size of SHA-256, beyond which an
	// HMAC key gains nothing.
	firstKeyBytes = 64
)

// EnsureProject makes the project if it does not exist, with a random signing
// key made in the same transaction, and returns it.
func (db *DB) EnsureProject(ctx context.Context, id string) (Project, error) {
	var p Project
	err := db.Tx(ctx, func(t *Tx) error {
		made, err := t.exec(ctx, `INSERT INTO projects (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, ms(t.Now()))
		if err != nil {
			return err
		}
		if made == 1 {
			first := SigningKey{ID: firstKeyID, Algorithm: firstKeyAlgorithm, Secret: make([]byte, firstKeyBytes), SignsFrom: t.Now(), CreatedAt: t.Now()}
			rand.Read(first.Secret)
			if err := t.InsertSigningKey(ctx, id, first); err != nil {
				return err
			}
		}
		p, err = t.Project(ctx, id)
		return err
	})
	return p, err
}

const (
	projectColumns = `SELECT p.id, p.created_at, p.key_version, p.claims, k.id, k.alg, k.secret, k.signs_from, k.created_at
		FROM projects p JOIN signing_keys k ON k.project_id = p.id`
	projectByID = projectColumns + ` WHERE p.id = $1 ORDER BY k.seq`
)

// Project returns a project, or ErrNotFound.
func (db *DB) Project(ctx context.Context, id string) (Project, error) {
	var found projectRows
	err := db.rows(ctx, found.scan, projectByID, id)
	return found.only(err)
}

// Project returns a project, or ErrNotFound. Its keys and claims stay as they
// are until the transaction ends.
func (t *Tx) Project(ctx context.Context, id string) (Project, error) {
	if err := t.lockProject(ctx, id); err != nil {
		return Project{}, err
	}
	var found projectRows
	err := t.rows(ctx, found.scan, projectByID, id)
	return found.only(err)
}

// Projects returns all projects, by their ids.
func (db *DB) Projects(ctx context.Context) ([]Project, error) {
	var found projectRows
	err := db.rows(ctx, found.scan, projectColumns+` ORDER BY p.id, k.seq`)
	return found, err
}

// KeyVersion returns the KeyVersion of a project, or ErrNotFound.
func (db *DB) KeyVersion(ctx context.Context, id string) (version int64, err error) {
	err = db.row(ctx, []any{&version}, keyVersion, id)
	return version, err
}

// KeyVersion is the same in a transaction.
func (t *Tx) KeyVersion(ctx context.Context, project string) (version int64, err error) {
	err = t.row(ctx, []any{&version}, keyVersion, project)
	return version, err
}

const keyVersion = `SELECT key_version FROM projects WHERE id = $1`

// SetClaims sets what the project's JWTs say beside Appwrite's claims. An
// unknown project is ErrNotFound.
func (t *Tx) SetClaims(ctx context.Context, project string, claims []string) error {
	return found(t.exec(ctx, `UPDATE projects SET claims = $1, key_version = key_version + 1 WHERE id = $2`, listText(claims), project))
}

// projectRows are projects read from rows of which each has one of their keys.
type projectRows []Project

func (r *projectRows) scan(rows *sql.Rows) error {
	var p Project
	var k SigningKey
	var secret string
	err := rows.Scan(&p.ID, millis{&p.CreatedAt}, &p.KeyVersion, list{&p.Claims}, &k.ID, &k.Algorithm, &secret, millis{&k.SignsFrom}, millis{&k.CreatedAt})
	if err != nil {
		return err
	}
	if k.Secret, err = hex.DecodeString(secret); err != nil { // whose text would have a part of it
		return fmt.Errorf("the signing key %q of project %q is damaged", k.ID, p.ID)
	}
	if n := len(*r); n == 0 || (*r)[n-1].ID != p.ID {
		*r = append(*r, p)
	}
	last := &(*r)[len(*r)-1]
	last.Keys = append(last.Keys, k)
	return nil
}

// only is the one project that was looked for.
func (r projectRows) only(err error) (Project, error) {
	switch {
	case err != nil:
		return Project{}, err
	case len(r) == 0:
		return Project{}, ErrNotFound
	}
	return r[0], nil
}
