package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
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

// Order is a column to sort by.
type Order struct {
	Column Column
	Desc   bool
}

// UserPage says which users to list, and how.
type UserPage struct {
	Where Condition
	// Orders come before the order in which the users were made.
	Orders []Order
	// Cursor, when it is not "", is the id of a user: the page begins after
	// it, or with Before ends before it.
	Cursor string
	Before bool
	// Limit is the most users of the page, Offset those to leave out first.
	Limit, Offset int
}

// UserAndHash is a user with the hash of its password ("": none).
type UserAndHash struct {
	User
	PasswordHash string
}

// Users returns a page of the users of a project. A cursor that is no user is
// ErrNotFound.
func (db *DB) Users(ctx context.Context, project string, p UserPage) ([]UserAndHash, error) {
	if p.Cursor != "" {
		if _, err := db.User(ctx, project, p.Cursor); err != nil {
			return nil, err
		}
	}
	query, args := p.sql(project)
	users := []UserAndHash{}
	err := db.query(ctx, func(rows *sql.Rows) error {
		var u UserAndHash
		err := rows.Scan(append(u.dest(), null{&u.PasswordHash})...)
		users = append(users, u)
		return err
	}, query, args...)
	if p.Cursor != "" && p.Before {
		slices.Reverse(users)
	}
	return users, err
}

// CountUsers says for how many users of a project a condition holds, counting
// no further than most.
func (db *DB) CountUsers(ctx context.Context, project string, where Condition, most int) (int, error) {
	b := &builder{}
	query := `SELECT COUNT(*) FROM (SELECT 1 FROM users u WHERE u.project_id = ` + b.arg(project) + ` AND ` + b.where(where) +
		` LIMIT ` + b.arg(most) + `) AS counted`
	n := 0
	err := db.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&n) }, query, b.args...)
	return n, err
}

// sql writes the query of the page.
func (p UserPage) sql(project string) (string, []any) {
	keys := append(slices.Clone(p.Orders), Order{Column: Column{"u.seq", KindTime}})
	if p.Cursor != "" && p.Before { // the page is read backwards
		for i := range keys {
			keys[i].Desc = !keys[i].Desc
		}
	}
	b := &builder{}
	query := `SELECT ` + userColumns + `, u.password FROM users u WHERE u.project_id = ` + b.arg(project) + ` AND ` + b.where(p.Where)
	if p.Cursor != "" {
		query += ` AND ` + b.after(keys, project, p.Cursor)
	}
	query += ` ORDER BY ` + orderBy(keys) + ` LIMIT ` + b.arg(p.Limit) + ` OFFSET ` + b.arg(p.Offset)
	return query, b.args
}

// after writes that a row comes after the user of that id: by the first key,
// or by the second with the first alike, and so on.
func (b *builder) after(keys []Order, project, id string) string {
	var either []string
	for i, key := range keys {
		var all []string
		for _, alike := range keys[:i] {
			all = append(all, alike.Column.sortKey()+" = "+b.ofUser(alike.Column, project, id))
		}
		operator := " > "
		if key.Desc {
			operator = " < "
		}
		all = append(all, key.Column.sortKey()+operator+b.ofUser(key.Column, project, id))
		either = append(either, "("+strings.Join(all, " AND ")+")")
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// ofUser writes the sort key of a column of one user.
func (b *builder) ofUser(c Column, project, id string) string {
	return `(SELECT ` + c.sortKey() + ` FROM users u WHERE u.project_id = ` + b.arg(project) + ` AND u.id = ` + b.arg(id) + `)`
}

// orderBy writes the sort keys.
func orderBy(keys []Order) string {
	var all []string
	for _, key := range keys {
		text := key.Column.sortKey()
		if key.Column.expr == "u.seq" {
			text = key.Column.expr // plain, so that its index serves
		}
		if key.Desc {
			text += " DESC"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
