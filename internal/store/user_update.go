package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// The methods of this file change one user each, set its time of change, and
// answer ErrNotFound for an unknown one.

// SetBlocked blocks a user or lets it in again.
func (t *Tx) SetBlocked(ctx context.Context, project, id string, blocked bool) error {
	return t.updateUser(ctx, project, id, `blocked = $1`, bit(blocked))
}

// SetImpersonator sets whether a user may read as others.
func (t *Tx) SetImpersonator(ctx context.Context, project, id string, may bool) error {
	return t.updateUser(ctx, project, id, `impersonator = $1`, bit(may))
}

// SetAccessed notes that a user was here.
func (t *Tx) SetAccessed(ctx context.Context, project, id string) error {
	return t.updateUser(ctx, project, id, `accessed_at = $1`, ms(t.Now()))
}

// SetName renames a user.
func (t *Tx) SetName(ctx context.Context, project, id, name string) error {
	return t.updateUser(ctx, project, id, `name = $1`, name)
}

// SetPrefs replaces a user's preferences, a JSON object.
func (t *Tx) SetPrefs(ctx context.Context, project, id string, prefs json.RawMessage) error {
	return t.updateUser(ctx, project, id, `prefs = $1`, string(prefs))
}

// SetLabels replaces a user's labels.
func (t *Tx) SetLabels(ctx context.Context, project, id string, labels []string) error {
	return t.updateUser(ctx, project, id, `labels = $1`, listText(labels))
}

// UserWithPassword returns a user whose password still has that hash ("": none),
// else ErrNotFound. Verifying takes long and happens outside of transactions: a
// change that rests on it asks again in its own, until whose end both stay.
func (t *Tx) UserWithPassword(ctx context.Context, project, id, hash string) (u User, err error) {
	err = t.row(ctx, u.dest(), `SELECT `+userColumns+` FROM users u
		WHERE u.project_id = $1 AND u.id = $2 AND COALESCE(u.password, '') = $3`+t.db.dialect.lockRow, project, id, hash)
	return u, err
}

// SetEmail gives a user another e-mail address, in lower case, that is not
// verified; "" takes it away. What was sent to the one before, is worth nothing any
// more. The messaging target keeps its id; targetID is
// that of a new one where there is none, and "" makes none. An address that
// some user has, if only the same one, is ErrDuplicate, as in Appwrite.
func (t *Tx) SetEmail(ctx context.Context, project, id, email, targetID string) error {
	return t.setContact(ctx, "email", project, id, email, targetID)
}

// SetPhone is SetEmail for a phone number in the form of E.164.
func (t *Tx) SetPhone(ctx context.Context, project, id, phone, targetID string) error {
	return t.setContact(ctx, "phone", project, id, phone, targetID)
}

// setContact changes the column of that name and those of its target.
func (t *Tx) setContact(ctx context.Context, column, project, id, value, targetID string) error {
	if err := t.mustHaveUser(ctx, project, id); err != nil {
		return err
	}
	if err := t.deleteSent(ctx, project, id, column); err != nil {
		return err
	}
	if value == "" {
		return t.updateUser(ctx, project, id, fmt.Sprintf(`%[1]s = NULL, %[1]s_verified = 0, %[1]s_target_id = NULL,
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
		return t.updateUser(ctx, project, id, fmt.Sprintf(`%[1]s = $1, %[1]s_verified = 0,
			%[1]s_target_updated_at = CASE WHEN %[1]s_target_id IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END`, column), value, ms(t.Now()))
	}
	return t.updateUser(ctx, project, id, fmt.Sprintf(`%[1]s = $1, %[1]s_verified = 0,
		%[1]s_target_id = COALESCE(%[1]s_target_id, $2), %[1]s_target_created_at = COALESCE(%[1]s_target_created_at, $3),
		%[1]s_target_updated_at = $3`, column), value, targetID, ms(t.Now()))
}

// SetEmailVerified sets whether a user's e-mail address is verified.
func (t *Tx) SetEmailVerified(ctx context.Context, project, id string, verified bool) error {
	return t.updateUser(ctx, project, id, `email_verified = $1`, bit(verified))
}

// SetPhoneVerified sets whether a user's phone number is verified.
func (t *Tx) SetPhoneVerified(ctx context.Context, project, id string, verified bool) error {
	return t.updateUser(ctx, project, id, `phone_verified = $1`, bit(verified))
}

// DeleteUser deletes a user with its sessions, tokens and memberships. The
// executions that wait to act for it fail with a reason: another user may get its
// id.
func (t *Tx) DeleteUser(ctx context.Context, project, id, reason string) error {
	if err := t.lockUser(ctx, project, id); err != nil { // so that it joins nothing any more
		return err
	}
	if err := t.leaveTeams(ctx, project, id); err != nil {
		return err
	}
	if err := found(t.exec(ctx, `DELETE FROM users WHERE project_id = $1 AND id = $2`, project, id)); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE executions SET status = 'failed', response_status = 500, errors = $1, updated_at = $2,
		pending = NULL, pending_size = 0 WHERE project_id = $3 AND status IN ('waiting', 'scheduled') AND user_id = $4`,
		reason, ms(t.Now()), project, id)
	return err
}

// updateUser sets columns of a user; set names its parameters from $1 on.
func (t *Tx) updateUser(ctx context.Context, project, id string, set string, args ...any) error {
	n := len(args)
	query := fmt.Sprintf(`UPDATE users SET %s, updated_at = %s WHERE project_id = $%d AND id = $%d`, set, notBefore("updated_at", n+1), n+2, n+3)
	return found(t.exec(ctx, query, append(args, ms(t.Now()), project, id)...))
}

// notBefore is what a column of a time becomes at the time of parameter n: it
// never goes back, also when the clock does.
func notBefore(column string, n int) string {
	return fmt.Sprintf(`CASE WHEN %[1]s > CAST($%[2]d AS BIGINT) THEN %[1]s ELSE CAST($%[2]d AS BIGINT) END`, column, n)
}

// found turns "no row was changed" into ErrNotFound.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}
