package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Target is where messages to a user go: the target of the user's own e-mail
// address or phone number.
type Target struct {
	// ID is "" for no target.
	ID                   string
	CreatedAt, UpdatedAt time.Time
}

// NewTarget is a target that is made now.
func NewTarget(id string, now time.Time) Target {
	return Target{ID: id, CreatedAt: now, UpdatedAt: now}
}

func (t Target) args() []any {
	return []any{optional(t.ID), ms(t.CreatedAt), ms(t.UpdatedAt)}
}

// TargetKind is what is sent to a target.
type TargetKind string

// The kinds.
const (
	EmailTarget TargetKind = "email"
	SMSTarget   TargetKind = "sms"
	PushTarget  TargetKind = "push"
)

// FullTarget is a target with all that is said of it.
type FullTarget struct {
	Target
	UserID string
	Kind   TargetKind
	// Identifier is the address, the number, or the token of a device.
	Name, Identifier string
	// ProviderID is "" for none.
	ProviderID string
	// SessionID is the session that the target ends with, of a new one; "" for none.
	SessionID string `json:"-"`
}

// MaxTargets is how many targets a user may have beside those of its own e-mail
// address and phone number: they are read with the user.
const MaxTargets = 100

// ErrTooMany says that there are as many already as there may be.
var ErrTooMany = fmt.Errorf("store: there are too many already")

// furtherTargets are the targets that a column has as JSON.
type furtherTargets struct{ to *[]FullTarget }

// Scan implements sql.Scanner.
func (f furtherTargets) Scan(v any) error {
	text, err := textOf(v)
	if err != nil || text == "[]" {
		return err
	}
	if err := json.Unmarshal([]byte(text), f.to); err != nil {
		return fmt.Errorf("the targets of a user are not readable: %w", err)
	}
	return nil
}

// textOf is a column of text as SQL's drivers hand it over.
func textOf(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("a text is stored as %T, not as text", v)
}

// AllTargets are all targets of a user, its own addresses' first.
func (u *User) AllTargets() []FullTarget {
	var all []FullTarget
	add := func(t Target, kind TargetKind, identifier string) {
		if t.ID != "" {
			all = append(all, FullTarget{Target: t, UserID: u.ID, Kind: kind, Identifier: identifier})
		}
	}
	add(u.EmailTarget, EmailTarget, u.Email)
	add(u.PhoneTarget, SMSTarget, u.Phone)
	return append(all, u.Further...)
}

// targetsTable is how the targets of users are listed: those of their own
// addresses, and the further ones.
var targetsTable = table{alias: "t", columns: `t.id, t.user_id, t.kind, t.name, t.identifier, t.provider_id, t.created_at, t.updated_at`,
	name: `(SELECT project_id, email_target_id AS id, id AS user_id, 'email' AS kind, '' AS name, email AS identifier, NULL AS provider_id,
			email_target_created_at AS created_at, email_target_updated_at AS updated_at, 0 AS seq FROM users WHERE email_target_id IS NOT NULL
		UNION ALL SELECT project_id, phone_target_id, id, 'sms', '', phone, NULL,
			phone_target_created_at, phone_target_updated_at, 1 FROM users WHERE phone_target_id IS NOT NULL
		UNION ALL SELECT project_id, id, user_id, kind, name, identifier, provider_id, created_at, updated_at, seq FROM targets)`}

// TargetColumns are the columns that targets can be listed by, by the names of
// their members in the API.
var TargetColumns = map[string]Column{
	"$id":          {expr: "t.id", unique: true},
	"$createdAt":   {expr: "t.created_at", Kind: KindTime},
	"$updatedAt":   {expr: "t.updated_at", Kind: KindTime},
	"userId":       {expr: "t.user_id"},
	"providerId":   {expr: "t.provider_id", key: "COALESCE(t.provider_id, '')", missing: ""},
	"identifier":   {expr: "t.identifier"},
	"providerType": {expr: "t.kind"},
}

// OfUser is the condition that a target is a user's.
func OfUser(id string) Condition {
	return Condition{Op: OpEqual, Column: TargetColumns["userId"], Values: []any{id}}
}

func (t *FullTarget) dest() []any {
	return []any{&t.ID, &t.UserID, (*string)(&t.Kind), &t.Name, &t.Identifier, null{&t.ProviderID}, millis{&t.CreatedAt}, millis{&t.UpdatedAt}}
}

// Targets returns a page of the targets of a project's users. A cursor that is
// no target is ErrNotFound.
func (db *DB) Targets(ctx context.Context, project string, p Page) ([]FullTarget, error) {
	all := []FullTarget{}
	err := db.list(ctx, targetsTable, project, p, func(rows *sql.Rows) error {
		var t FullTarget
		if err := rows.Scan(t.dest()...); err != nil {
			return err
		}
		all = append(all, t)
		return p.room(len(t.Identifier))
	})
	turn(p, all)
	return all, err
}

// CountTargets says for how many targets a condition holds, counting no further
// than most.
func (db *DB) CountTargets(ctx context.Context, project string, where Condition, most int) (int, error) {
	return db.count(ctx, targetsTable, project, where, most)
}

// Target returns a target of a user, or ErrNotFound.
func (t *Tx) Target(ctx context.Context, project, user, id string) (FullTarget, error) {
	u, err := t.User(ctx, project, user)
	if err != nil {
		return FullTarget{}, err
	}
	for _, target := range u.AllTargets() {
		if target.ID == id {
			return target, nil
		}
	}
	return FullTarget{}, ErrNotFound
}

// InsertTarget gives a user a further target. A taken id, and an identifier that
// a target of the kind has, is ErrDuplicate; one too many is ErrTooMany.
func (t *Tx) InsertTarget(ctx context.Context, project string, target FullTarget) error {
	u, err := t.User(ctx, project, target.UserID)
	switch {
	case err != nil:
		return err
	case len(u.Further) >= MaxTargets:
		return ErrTooMany
	}
	if err := t.mustBeFree(ctx, project, target); err != nil {
		return err
	}
	err = t.insert(ctx, `INSERT INTO targets (project_id, id, user_id, kind, name, identifier, provider_id, session_id, created_at, updated_at, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
			(SELECT COALESCE(MAX(seq), 1) + 1 FROM targets WHERE project_id = $1 AND user_id = $3)) ON CONFLICT DO NOTHING`,
		project, target.ID, target.UserID, string(target.Kind), target.Name, target.Identifier, optional(target.ProviderID), optional(target.SessionID),
		ms(target.CreatedAt), ms(target.UpdatedAt))
	if err != nil {
		return err
	}
	return t.keepTargets(ctx, project, target.UserID)
}

// mustBeFree answers ErrDuplicate where the user's own address is the target
// already: those are in no index with the others.
func (t *Tx) mustBeFree(ctx context.Context, project string, target FullTarget) error {
	column := map[TargetKind]string{EmailTarget: "email", SMSTarget: "phone"}[target.Kind]
	if column == "" {
		return nil
	}
	var n int
	err := t.row(ctx, []any{&n}, fmt.Sprintf(`SELECT COUNT(*) FROM users
		WHERE project_id = $1 AND %[1]s = $2 AND %[1]s_target_id IS NOT NULL`, column), project, target.Identifier)
	if err == nil && n > 0 {
		err = ErrDuplicate
	}
	return err
}

// SetTarget changes the name, identifier and provider of a further target. An
// unknown one is ErrNotFound, a taken identifier ErrDuplicate.
func (t *Tx) SetTarget(ctx context.Context, project string, target FullTarget) error {
	var n int
	err := t.row(ctx, []any{&n}, `SELECT COUNT(*) FROM targets WHERE project_id = $1 AND kind = $2 AND identifier = $3 AND id <> $4`,
		project, string(target.Kind), target.Identifier, target.ID)
	if err == nil && n > 0 {
		err = ErrDuplicate
	}
	if err == nil {
		err = t.mustBeFree(ctx, project, target)
	}
	if err != nil {
		return err
	}
	err = found(t.exec(ctx, `UPDATE targets SET name = $1, identifier = $2, provider_id = $3, updated_at = `+notBefore("updated_at", 4)+`
		WHERE project_id = $5 AND user_id = $6 AND id = $7`, target.Name, target.Identifier, optional(target.ProviderID), ms(t.Now()),
		project, target.UserID, target.ID))
	if err != nil {
		return err
	}
	return t.keepTargets(ctx, project, target.UserID)
}

// DeleteTarget deletes a target of a user, be it that of its own address, which
// stays; an unknown one is ErrNotFound.
func (t *Tx) DeleteTarget(ctx context.Context, project, user, id string) error {
	target, err := t.Target(ctx, project, user, id)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `DELETE FROM targets WHERE project_id = $1 AND user_id = $2 AND id = $3`, project, user, id)
	switch {
	case err != nil:
		return err
	case n > 0:
		return t.keepTargets(ctx, project, user)
	}
	column := map[TargetKind]string{EmailTarget: "email", SMSTarget: "phone"}[target.Kind]
	return t.updateUser(ctx, project, user, fmt.Sprintf(`%[1]s_target_id = NULL, %[1]s_target_created_at = NULL, %[1]s_target_updated_at = NULL`, column))
}

// dropTargets deletes the targets of a user whose sessions have been deleted.
func (t *Tx) dropTargets(ctx context.Context, project, user string) error {
	n, err := t.exec(ctx, `DELETE FROM targets WHERE project_id = $1 AND user_id = $2 AND session_id IS NOT NULL
		AND session_id NOT IN (SELECT id FROM sessions WHERE project_id = $1 AND user_id = $2)`, project, user)
	if err != nil || n == 0 {
		return err
	}
	return t.keepTargets(ctx, project, user)
}

// keepTargets copies the further targets of a user to its row.
func (t *Tx) keepTargets(ctx context.Context, project, user string) error {
	all := []FullTarget{}
	err := t.rows(ctx, func(rows *sql.Rows) error {
		var target FullTarget
		err := rows.Scan(target.dest()...)
		all = append(all, target)
		return err
	}, `SELECT `+targetsTable.columns+` FROM targets t WHERE t.project_id = $1 AND t.user_id = $2 ORDER BY t.seq`, project, user)
	if err != nil {
		return err
	}
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("store: writing down targets: %w", err)
	}
	return found(t.exec(ctx, `UPDATE users SET targets = $1 WHERE project_id = $2 AND id = $3`, string(text), project, user))
}
