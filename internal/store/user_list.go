package store

import (
	"context"
	"database/sql"
	"strings"
)

// UserColumns are the columns that users can be listed by, by the names of
// their members in the API (contract section 10).
var UserColumns = map[string]Column{
	"$id":               {expr: "u.id", indexed: true, unique: true, text: "id", small: "LOWER(u.id)"},
	"$sequence":         {expr: "u.seq", Kind: KindInt, indexed: true, unique: true},
	"$createdAt":        {expr: "u.created_at", Kind: KindTime, indexed: true},
	"$updatedAt":        {expr: "u.updated_at", Kind: KindTime, indexed: true},
	"name":              {expr: "u.name", indexed: true, text: "name", small: "LOWER(u.name)"},
	"email":             {expr: "u.email", key: "COALESCE(u.email, '')", missing: "", indexed: true, text: "email", small: "LOWER(COALESCE(u.email, ''))"},
	"phone":             {expr: "u.phone", key: "COALESCE(u.phone, '')", missing: "", indexed: true, text: "phone", small: "COALESCE(u.phone, '')"},
	"status":            {expr: "(1 - u.blocked)", Kind: KindBool, indexed: true},
	"passwordUpdate":    {expr: "u.password_at", Kind: KindTime, key: "COALESCE(u.password_at, -1)", missing: int64(-1), indexed: true},
	"registration":      {expr: "u.registered_at", Kind: KindTime, indexed: true},
	"accessedAt":        {expr: "NULLIF(u.accessed_at, 0)", Kind: KindTime, key: "u.accessed_at", missing: int64(0), indexed: true},
	"emailVerification": {expr: "u.email_verified", Kind: KindBool, indexed: true},
	"phoneVerification": {expr: "u.phone_verified", Kind: KindBool, indexed: true},
	"labels":            {expr: "u.labels", Kind: KindList, key: "substr(u.labels, 1, 400)", indexed: true}, // an index takes no more
	"impersonator":      {expr: "0", Kind: KindBool, constant: true},                                        // nobody is
}

// userText is what a search of users looks through, as PostgreSQL's index has it.
var userText = Column{expr: "(' ' || u.id || ' ' || COALESCE(u.email, '') || ' ' || COALESCE(u.phone, '') || ' ' || u.name || ' ')",
	text: "{id email phone name}"}

// UserSearch is the condition that each word of the text occurs in the id,
// e-mail address, phone number or name of a user, without regard to case. A text
// in quotes is one word. At the ends of others, what full-text queries give a
// meaning has none here; where nothing is left, no user is found.
func UserSearch(text string) Condition { return textSearch(userText, text) }

// textSearch is the condition that each word occurs in a column.
func textSearch(column Column, text string) Condition {
	all := Condition{Op: OpAnd}
	for _, word := range searchWords(text) {
		all.Parts = append(all.Parts, Condition{Op: OpContains, Column: column, Values: []any{word}})
	}
	if len(all.Parts) == 0 {
		return Condition{Op: OpOr} // of nothing, which never holds
	}
	return all
}

// searchOperators are the characters of full-text queries that are no text.
const searchOperators = `+-*()<>~"@`

// searchWords are the words of a search.
func searchWords(text string) []string {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, `"`); ok {
		if phrase, ok := strings.CutSuffix(inner, `"`); ok && phrase != "" {
			return []string{phrase}
		}
	}
	var words []string
	for _, word := range strings.Fields(text) {
		if word = strings.Trim(word, searchOperators); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// usersTable is how users are listed.
var usersTable = table{name: "users", alias: "u", columns: userColumns + ", u.password", text: "user_text"}

// castUsersTable is usersTable for SQLite, whose driver hands over a BLOB as it
// is, and a text, which here can be long, as a copy.
var castUsersTable = table{name: usersTable.name, alias: usersTable.alias, text: usersTable.text,
	columns: strings.Replace(usersTable.columns, "u.prefs", "CAST(u.prefs AS BLOB)", 1)}

// UserAndHash is a user with the hash of its password ("": none).
type UserAndHash struct {
	User
	PasswordHash string
}

// Users returns a page of the users of a project. A cursor that is no user is
// ErrNotFound.
func (db *DB) Users(ctx context.Context, project string, p Page) ([]UserAndHash, error) {
	users, table := []UserAndHash{}, castUsersTable
	if db.Shared() {
		table = usersTable
	}
	err := db.list(ctx, table, project, p, func(rows *sql.Rows) error {
		var u UserAndHash
		if err := rows.Scan(append(u.dest(), null{&u.PasswordHash})...); err != nil {
			return err
		}
		users = append(users, u)
		return p.room(len(u.Prefs))
	})
	turn(p, users)
	return users, err
}

// CountUsers says for how many users of a project a condition holds, counting
// no further than most.
func (db *DB) CountUsers(ctx context.Context, project string, where Condition, most int) (int, error) {
	return db.count(ctx, usersTable, project, where, most)
}
