package store

import (
	"context"
	"database/sql"
)

// RecoveryCodes returns the codes of a user that have not been used, in the
// order in which they were made.
func (db *DB) RecoveryCodes(ctx context.Context, project, user string) ([]string, error) {
	return recoveryCodes(ctx, db, project, user)
}

// RecoveryCodes is the same in a transaction, until whose end they stay. An
// unknown user is ErrNotFound.
func (t *Tx) RecoveryCodes(ctx context.Context, project, user string) ([]string, error) {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return nil, err
	}
	return recoveryCodes(ctx, t, project, user)
}

func recoveryCodes(ctx context.Context, from querier, project, user string) ([]string, error) {
	var codes []string
	err := from.rows(ctx, func(rows *sql.Rows) error {
		var code string
		err := rows.Scan(&code)
		codes = append(codes, code)
		return err
	}, `SELECT code FROM recovery_codes WHERE project_id = $1 AND user_id = $2 ORDER BY seq`, project, user)
	return codes, err
}

// SetRecoveryCodes gives a user those codes instead of the ones that it has. An
// unknown user is ErrNotFound.
func (t *Tx) SetRecoveryCodes(ctx context.Context, project, user string, codes []string) error {
	if err := t.changed(ctx, project, user); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM recovery_codes WHERE project_id = $1 AND user_id = $2`, project, user); err != nil {
		return err
	}
	for i, code := range codes {
		err := t.insert(ctx, `INSERT INTO recovery_codes (project_id, user_id, seq, code) VALUES ($1, $2, $3, $4)`, project, user, i+1, code)
		if err != nil {
			return err
		}
	}
	return nil
}

// TakeRecoveryCode deletes a code of a user; ErrNotFound when the user has no
// such code, or has used it.
func (t *Tx) TakeRecoveryCode(ctx context.Context, project, user, code string) error {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return err
	}
	if err := found(t.exec(ctx, `DELETE FROM recovery_codes WHERE project_id = $1 AND user_id = $2 AND code = $3`, project, user, code)); err != nil {
		return err
	}
	return t.changed(ctx, project, user)
}

// changed sets the time of a user's change.
func (t *Tx) changed(ctx context.Context, project, user string) error {
	return found(t.exec(ctx, `UPDATE users SET updated_at = CASE WHEN updated_at > CAST($1 AS BIGINT) THEN updated_at ELSE CAST($1 AS BIGINT) END
		WHERE project_id = $2 AND id = $3`, ms(t.Now()), project, user))
}
