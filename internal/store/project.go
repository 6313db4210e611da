package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"
)

// keyBytes is the length of a project's signing key: the block size of
// SHA-256, beyond which an HMAC key gains nothing.
const keyBytes = 64

// Project is one project: a name space of users with a signing key of its own.
type Project struct {
	// ID is in lower case.
	ID string
	// JWTKey signs and verifies the JWTs of the project's users, by HS256.
	JWTKey []byte
	// CreatedAt has a precision of milliseconds.
	CreatedAt time.Time
}

// EnsureProject makes the project if it does not exist, with a random signing
// key made in the same transaction, and returns it.
func (db *DB) EnsureProject(ctx context.Context, id string, now time.Time) (Project, error) {
	var p Project
	err := db.Tx(ctx, func(t *Tx) error {
		key := make([]byte, keyBytes)
		rand.Read(key)
		_, err := t.exec(ctx, `INSERT INTO projects (id, jwt_key, created_at) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, id, hex.EncodeToString(key), ms(now))
		if err != nil {
			return err
		}
		p, err = scanProject(func(dest ...any) error { return t.row(ctx, dest, projectByID, id) })
		return err
	})
	return p, err
}

// Project returns a project, or ErrNotFound.
func (db *DB) Project(ctx context.Context, id string) (Project, error) {
	return scanProject(func(dest ...any) error { return db.row(ctx, dest, projectByID, id) })
}

// Projects returns all projects, by their ids.
func (db *DB) Projects(ctx context.Context) ([]Project, error) {
	var projects []Project
	err := db.rows(ctx, func(rows *sql.Rows) error {
		p, err := scanProject(rows.Scan)
		projects = append(projects, p)
		return err
	}, `SELECT id, jwt_key, created_at FROM projects ORDER BY id`)
	return projects, err
}

const projectByID = `SELECT id, jwt_key, created_at FROM projects WHERE id = $1`

// scanProject reads a project by a function that runs projectByID.
func scanProject(row func(dest ...any) error) (Project, error) {
	var p Project
	var key string
	if err := row(&p.ID, &key, millis{&p.CreatedAt}); err != nil {
		return Project{}, err
	}
	var err error
	if p.JWTKey, err = hex.DecodeString(key); err != nil {
		return Project{}, fmt.Errorf("store: the signing key of project %q is damaged", p.ID)
	}
	return p, nil
}
