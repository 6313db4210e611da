package store

import (
	"context"
	"encoding/json"
	"time"
)

// User is one user, without the password: that never travels with it.
type User struct {
	ID string
	// Email is in lower case; "" for an anonymous user.
	Email string
	Name  string
	// PasswordAt is when the password was last set; zero when there is none.
	PasswordAt    time.Time
	Blocked       bool
	EmailVerified bool
	Labels        []string
	// Prefs is a JSON object.
	Prefs json.RawMessage
	// EmailTargetID is the id of the messaging target of Email; "" without one.
	EmailTargetID string

	RegisteredAt, AccessedAt, CreatedAt, UpdatedAt time.Time
}

// userColumns are the columns of a User; dest is where they go.
const userColumns = `u.id, u.email, u.name, u.password_at, u.blocked, u.email_verified, u.labels, u.prefs,
	u.email_target_id, u.registered_at, u.accessed_at, u.created_at, u.updated_at`

func (u *User) dest() []any {
	return []any{&u.ID, null{&u.Email}, &u.Name, millis{&u.PasswordAt}, &u.Blocked, &u.EmailVerified, list{&u.Labels},
		(*rawText)(&u.Prefs), null{&u.EmailTargetID},
		millis{&u.RegisteredAt}, millis{&u.AccessedAt}, millis{&u.CreatedAt}, millis{&u.UpdatedAt}}
}

// rawText is a TEXT column that holds JSON.
type rawText json.RawMessage

// Scan implements sql.Scanner.
func (r *rawText) Scan(v any) error {
	var s string
	err := null{&s}.Scan(v)
	*r = rawText(s)
	return err
}

// InsertUser stores a new user with the hash of its password ("": none). A
// taken id or e-mail address is ErrDuplicate.
func (t *Tx) InsertUser(ctx context.Context, project string, u User, passwordHash string) error {
	return t.insert(ctx, `INSERT INTO users (project_id, id, email, name, password, password_at, email_target_id,
		registered_at, accessed_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		project, u.ID, optional(u.Email), u.Name, optional(passwordHash), ms(u.PasswordAt), optional(u.EmailTargetID),
		ms(u.RegisteredAt), ms(u.AccessedAt), ms(u.CreatedAt), ms(u.UpdatedAt))
}

// User returns a user, or ErrNotFound.
func (db *DB) User(ctx context.Context, project, id string) (User, error) {
	var u User
	err := db.row(ctx, u.dest(), `SELECT `+userColumns+` FROM users u WHERE u.project_id = $1 AND u.id = $2`, project, id)
	return u, err
}

// UserByEmail returns the user of an e-mail address (in lower case) and the
// hash of its password ("": none), or ErrNotFound.
func (db *DB) UserByEmail(ctx context.Context, project, email string) (u User, passwordHash string, err error) {
	err = db.row(ctx, append(u.dest(), null{&passwordHash}),
		`SELECT `+userColumns+`, u.password FROM users u WHERE u.project_id = $1 AND u.email = $2`, project, email)
	return u, passwordHash, err
}

// SetBlocked blocks a user or lets it in again; an unknown one is ErrNotFound.
func (t *Tx) SetBlocked(ctx context.Context, project, id string, blocked bool, now time.Time) error {
	n, err := t.exec(ctx, `UPDATE users SET blocked = $1, updated_at = $2 WHERE project_id = $3 AND id = $4`,
		bit(blocked), ms(now), project, id)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// bit is a truth as a BIGINT: the two databases differ in booleans.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
