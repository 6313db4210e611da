package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// User is one user, without the password: that never travels with it.
type User struct {
	ID string
	// Email is in lower case; "" for a user without one.
	Email string
	// Phone is in the form of E.164 (+ and digits); "" for a user without one.
	Phone string
	Name  string
	// PasswordAt is when the password was last set; zero when there is none.
	PasswordAt    time.Time
	Blocked       bool
	EmailVerified bool
	PhoneVerified bool
	// MFA says that a second factor is asked for, where the user has one.
	MFA bool
	// Impersonator says that the user may act as others.
	Impersonator bool
	Labels       []string
	// Prefs is a JSON object.
	Prefs json.RawMessage
	// EmailTarget and PhoneTarget are the messaging targets of Email and
	// Phone; zero without one.
	EmailTarget, PhoneTarget Target
	// Further are targets beside those.
	Further []FullTarget

	// AccessedAt is zero for a user that has not been here.
	RegisteredAt, AccessedAt, CreatedAt, UpdatedAt time.Time
}

// userColumns are the columns of a User; dest is where they go.
const userColumns = `u.id, u.email, u.phone, u.name, u.password_at, u.blocked, u.email_verified, u.phone_verified,
	u.labels, u.prefs, u.registered_at, u.accessed_at, u.created_at, u.updated_at,
	u.email_target_id, u.email_target_created_at, u.email_target_updated_at,
	u.phone_target_id, u.phone_target_created_at, u.phone_target_updated_at, u.mfa, u.impersonator, u.targets`

func (u *User) dest() []any {
	const room = 48 // for the columns of a session too
	email, phone := &u.EmailTarget, &u.PhoneTarget
	return append(make([]any, 0, room),
		&u.ID, null{&u.Email}, null{&u.Phone}, &u.Name, millis{&u.PasswordAt}, &u.Blocked, &u.EmailVerified, &u.PhoneVerified,
		list{&u.Labels}, (*rawText)(&u.Prefs), millis{&u.RegisteredAt}, accessed{&u.AccessedAt}, millis{&u.CreatedAt}, millis{&u.UpdatedAt},
		null{&email.ID}, millis{&email.CreatedAt}, millis{&email.UpdatedAt},
		null{&phone.ID}, millis{&phone.CreatedAt}, millis{&phone.UpdatedAt}, &u.MFA, &u.Impersonator, furtherTargets{&u.Further})
}

// rawText is a TEXT column that holds JSON, or one that was cast to BLOB.
type rawText json.RawMessage

// Scan implements sql.Scanner.
func (r *rawText) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*r = rawText(v)
	case []byte: // the driver's
		*r = bytes.Clone(v)
	default:
		return fmt.Errorf("a text is stored as %T, not as text", v)
	}
	return nil
}

// accessed is the column accessed_at, which cannot be NULL: 0 is the zero time.
type accessed struct{ to *time.Time }

// Scan implements sql.Scanner.
func (a accessed) Scan(v any) error {
	if v == int64(0) {
		v = nil
	}
	return millis(a).Scan(v)
}

// accessedMs is such a time as a parameter.
func accessedMs(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// InsertUser stores a new user with the hash of its password ("": none). A
// taken id, e-mail address or phone number is ErrDuplicate.
func (t *Tx) InsertUser(ctx context.Context, project string, u User, passwordHash string) error {
	if err := t.lockProject(ctx, project); err != nil {
		return err
	}
	prefs := string(u.Prefs)
	if prefs == "" {
		prefs = "{}"
	}
	args := []any{project, u.ID, optional(u.Email), optional(u.Phone), u.Name, optional(passwordHash), ms(u.PasswordAt),
		ms(u.RegisteredAt), accessedMs(u.AccessedAt), ms(u.CreatedAt), ms(u.UpdatedAt)}
	args = append(append(args, u.EmailTarget.args()...), u.PhoneTarget.args()...)
	args = append(args, bit(u.Blocked), bit(u.EmailVerified), bit(u.PhoneVerified), listText(u.Labels), prefs, bit(u.MFA), bit(u.Impersonator))
	return t.insert(ctx, `INSERT INTO users (project_id, id, email, phone, name, password, password_at,
		registered_at, accessed_at, created_at, updated_at,
		email_target_id, email_target_created_at, email_target_updated_at,
		phone_target_id, phone_target_created_at, phone_target_updated_at,
		blocked, email_verified, phone_verified, labels, prefs, mfa, impersonator, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
			(SELECT COALESCE(MAX(seq), 0) + 1 FROM users WHERE project_id = $1)) ON CONFLICT DO NOTHING`, args...)
}

// Taken are the id, the e-mail address and the phone number of a user, which no
// other may have.
type Taken struct{ ID, Email, Phone string }

// Taken returns the users that have the id, the e-mail address or the phone number
// ("": none), three at most.
func (db *DB) Taken(ctx context.Context, project string, by Taken) ([]Taken, error) {
	return taken(ctx, db, project, by)
}

// Taken is the same in a transaction.
func (t *Tx) Taken(ctx context.Context, project string, by Taken) ([]Taken, error) {
	return taken(ctx, t, project, by)
}

func taken(ctx context.Context, q querier, project string, by Taken) (all []Taken, err error) {
	err = q.rows(ctx, func(rows *sql.Rows) error {
		var one Taken
		err := rows.Scan(&one.ID, null{&one.Email}, null{&one.Phone})
		all = append(all, one)
		return err
	}, `SELECT id, email, phone FROM users WHERE project_id = $1 AND id = $2
		UNION SELECT id, email, phone FROM users WHERE project_id = $1 AND email = $3
		UNION SELECT id, email, phone FROM users WHERE project_id = $1 AND phone = $4`, // of conditions by OR, SQLite reads all users
		project, by.ID, optional(by.Email), optional(by.Phone))
	return all, err
}

// User returns a user, or ErrNotFound.
func (db *DB) User(ctx context.Context, project, id string) (User, error) {
	var u User
	err := db.row(ctx, u.dest(), userByID, project, id)
	return u, err
}

const userByID = `SELECT ` + userColumns + ` FROM users u WHERE u.project_id = $1 AND u.id = $2`

// User is the same in a transaction, until whose end the user stays as it is.
func (t *Tx) User(ctx context.Context, project, id string) (u User, err error) {
	err = t.row(ctx, u.dest(), userByID+t.db.dialect.lockRow, project, id)
	return u, err
}

// UserAndHash returns a user and the hash of its password ("": none), or
// ErrNotFound.
func (db *DB) UserAndHash(ctx context.Context, project, id string) (u User, passwordHash string, err error) {
	err = db.row(ctx, append(u.dest(), null{&passwordHash}),
		`SELECT `+userColumns+`, u.password FROM users u WHERE u.project_id = $1 AND u.id = $2`, project, id)
	return u, passwordHash, err
}

// UserByEmail returns the user of an e-mail address (in lower case) and the
// hash of its password ("": none), or ErrNotFound.
func (db *DB) UserByEmail(ctx context.Context, project, email string) (u User, passwordHash string, err error) {
	err = db.row(ctx, append(u.dest(), null{&passwordHash}),
		`SELECT `+userColumns+`, u.password FROM users u WHERE u.project_id = $1 AND u.email = $2`, project, email)
	return u, passwordHash, err
}

// UserByEmail returns the user of an e-mail address (in lower case), or
// ErrNotFound. A user stays as it is until the transaction ends.
func (t *Tx) UserByEmail(ctx context.Context, project, email string) (u User, err error) {
	err = t.row(ctx, u.dest(), `SELECT `+userColumns+` FROM users u WHERE u.project_id = $1 AND u.email = $2`+t.db.dialect.lockRow, project, email)
	return u, err
}

// UserByPhone is the same for a phone number in the form of E.164.
func (t *Tx) UserByPhone(ctx context.Context, project, phone string) (u User, err error) {
	err = t.row(ctx, u.dest(), `SELECT `+userColumns+` FROM users u WHERE u.project_id = $1 AND u.phone = $2`+t.db.dialect.lockRow, project, phone)
	return u, err
}

// UserByPhone returns the user of a phone number, or ErrNotFound.
func (db *DB) UserByPhone(ctx context.Context, project, phone string) (u User, err error) {
	err = db.row(ctx, u.dest(), `SELECT `+userColumns+` FROM users u WHERE u.project_id = $1 AND u.phone = $2`, project, phone)
	return u, err
}

// bit is a truth as a BIGINT: the two databases differ in booleans.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// UserCount returns how many users a project has, counting no further than most.
// Nobody else adds one until the transaction ends.
func (t *Tx) UserCount(ctx context.Context, project string, most int) (int, error) {
	if err := t.lockProject(ctx, project); err != nil {
		return 0, err
	}
	var n int
	err := t.row(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE project_id = $1 LIMIT $2) AS counted`, project, most)
	return n, err
}

// mustHaveUser answers ErrNotFound for an unknown user. A known one stays as it
// is, and what belongs to it too, until the transaction ends.
func (t *Tx) mustHaveUser(ctx context.Context, project, id string) error {
	key := userKey{project, id}
	if t.lockedUser == key {
		return nil
	}
	var user string
	err := t.row(ctx, []any{&user}, `SELECT id FROM users WHERE project_id = $1 AND id = $2`+t.db.dialect.lockRow, project, id)
	if err == nil {
		t.lockedUser = key
	}
	return err
}
