package store

import (
	"context"
	"database/sql"
)

// UserColumns are the columns that users can be listed by, by the names of
// their members in the API (contract section 10).
var UserColumns = map[string]Column{
	"$id":               {"u.id", KindText},
	"$createdAt":        {"u.created_at", KindTime},
	"$updatedAt":        {"u.updated_at", KindTime},
	"name":              {"u.name", KindText},
	"email":             {"u.email", KindText},
	"phone":             {"u.phone", KindText},
	"status":            {"(1 - u.blocked)", KindBool},
	"passwordUpdate":    {"u.password_at", KindTime},
	"registration":      {"u.registered_at", KindTime},
	"accessedAt":        {"NULLIF(u.accessed_at, 0)", KindTime},
	"emailVerification": {"u.email_verified", KindBool},
	"phoneVerification": {"u.phone_verified", KindBool},
	"labels":            {"u.labels", KindList},
	"impersonator":      {"0", KindBool}, // nobody is
}

// userText is what a search of users looks through.
var userText = Column{"(u.id || ' ' || COALESCE(u.email, '') || ' ' || COALESCE(u.phone, '') || ' ' || u.name)", KindText}

// UserSearch is the condition that each word of the text occurs in the id,
// e-mail address, phone number or name of a user, without regard to case.
func UserSearch(text string) Condition {
	return Condition{Op: OpSearch, Column: userText, Values: []any{text}}
}

// usersTable is how users are listed.
var usersTable = table{"users", "u", userColumns + ", u.password"}

// UserAndHash is a user with the hash of its password ("": none).
type UserAndHash struct {
	User
	PasswordHash string
}

// Users returns a page of the users of a project. A cursor that is no user is
// ErrNotFound.
func (db *DB) Users(ctx context.Context, project string, p Page) ([]UserAndHash, error) {
	if p.Cursor != "" {
		if _, err := db.User(ctx, project, p.Cursor); err != nil {
			return nil, err
		}
	}
	query, args := usersTable.page(project, p)
	users := []UserAndHash{}
	err := db.query(ctx, func(rows *sql.Rows) error {
		var u UserAndHash
		if err := rows.Scan(append(u.dest(), null{&u.PasswordHash})...); err != nil {
			return err
		}
		users = append(users, u)
		return p.room(len(u.Prefs))
	}, query, args...)
	turn(p, users)
	return users, err
}

// CountUsers says for how many users of a project a condition holds, counting
// no further than most.
func (db *DB) CountUsers(ctx context.Context, project string, where Condition, most int) (int, error) {
	return db.count(ctx, usersTable, project, where, most)
}
