package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The methods of this file change one user each, set its time of change, and
// answer ErrNotFound for an unknown one.

// SetBlocked blocks a user or lets it in again.
func (t *Tx) SetBlocked(ctx context.Context, project, id string, blocked bool, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `blocked = $1`, bit(blocked))
}

// SetAccessed notes that a user was here.
func (t *Tx) SetAccessed(ctx context.Context, project, id string, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `accessed_at = $1`, ms(now))
}

// SetName renames a user.
func (t *Tx) SetName(ctx context.Context, project, id, name string, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `name = $1`, name)
}

// SetPrefs replaces a user's preferences, a JSON object.
func (t *Tx) SetPrefs(ctx context.Context, project, id string, prefs json.RawMessage, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `prefs = $1`, string(prefs))
}

// SetLabels replaces a user's labels.
func (t *Tx) SetLabels(ctx context.Context, project, id string, labels []string, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `labels = $1`, listText(labels))
}

// SetPassword stores the hash of a new password; "" takes the password away.
// Either sets PasswordAt.
func (t *Tx) SetPassword(ctx context.Context, project, id, hash string, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `password = $1, password_at = $2`, optional(hash), ms(now))
}

// MustHavePassword is ErrNotFound unless the user's password still has that
// hash ("": none). Verifying takes long and happens outside of transactions: a
// change that rests on it asks again in its own, until whose end it stays.
func (t *Tx) MustHavePassword(ctx context.Context, project, id, hash string) error {
	var user string
	return t.row(ctx, []any{&user}, `SELECT id FROM users WHERE project_id = $1 AND id = $2 AND COALESCE(password, '') = $3`+t.db.dialect.lockRow,
		project, id, hash)
}

// SetEmail gives a user another e-mail address, in lower case, that is not
// verified; "" takes it away. The messaging target keeps its id; targetID is
// that of a new one where there is none, and "" makes none. An address that
// some user has, if only the same one, is ErrDuplicate, as in Appwrite.
func (t *Tx) SetEmail(ctx context.Context, project, id, email, targetID string, now time.Time) error {
	return t.setContact(ctx, "email", project, id, email, targetID, now)
}

// SetPhone is SetEmail for a phone number in the form of E.164.
func (t *Tx) SetPhone(ctx context.Context, project, id, phone, targetID string, now time.Time) error {
	return t.setContact(ctx, "phone", project, id, phone, targetID, now)
}

// setContact changes the column of that name and those of its target.
func (t *Tx) setContact(ctx context.Context, column, project, id, value, targetID string, now time.Time) error {
	if value == "" {
		return t.updateUser(ctx, project, id, now, fmt.Sprintf(`%[1]s = NULL, %[1]s_verified = 0, %[1]s_target_id = NULL,
			%[1]s_target_created_at = NULL, %[1]s_target_updated_at = NULL`, column))
	}
	var other string
	err := t.row(ctx, []any{&other}, fmt.Sprintf(
		`SELECT id FROM users WHERE project_id = $1 AND %s = $2`, column), project, value)
	switch {
	case err == nil:
		return ErrDuplicate
	case !errors.Is(err, ErrNotFound):
		return err
	}
	if targetID == "" {
		return t.updateUser(ctx, project, id, now, fmt.Sprintf(`%[1]s = $1, %[1]s_verified = 0,
			%[1]s_target_updated_at = CASE WHEN %[1]s_target_id IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END`, column), value, ms(now))
	}
	return t.updateUser(ctx, project, id, now, fmt.Sprintf(`%[1]s = $1, %[1]s_verified = 0,
		%[1]s_target_id = COALESCE(%[1]s_target_id, $2), %[1]s_target_created_at = COALESCE(%[1]s_target_created_at, $3),
		%[1]s_target_updated_at = $3`, column), value, targetID, ms(now))
}

// SetEmailVerified says whether a user's e-mail address is verified.
func (t *Tx) SetEmailVerified(ctx context.Context, project, id string, verified bool, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `email_verified = $1`, bit(verified))
}

// SetPhoneVerified says whether a user's phone number is verified.
func (t *Tx) SetPhoneVerified(ctx context.Context, project, id string, verified bool, now time.Time) error {
	return t.updateUser(ctx, project, id, now, `phone_verified = $1`, bit(verified))
}

// DeleteUser deletes a user with its sessions and tokens.
func (t *Tx) DeleteUser(ctx context.Context, project, id string) error {
	return found(t.exec(ctx, `DELETE FROM users WHERE project_id = $1 AND id = $2`, project, id))
}

// updateUser sets columns of a user; set names its parameters from $1 on.
func (t *Tx) updateUser(ctx context.Context, project, id string, now time.Time, set string, args ...any) error {
	n := len(args)
	query := fmt.Sprintf(`UPDATE users SET %s, updated_at = $%d WHERE project_id = $%d AND id = $%d`, set, n+1, n+2, n+3)
	return found(t.exec(ctx, query, append(args, ms(now), project, id)...))
}

// found turns "no row was changed" into ErrNotFound.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}
