package store

import (
	"context"
	"time"
)

// Challenge asks a user for a second factor, once.
type Challenge struct {
	ID, UserID string
	Factor     Factor
	// CodeHash is the hash of the code that was sent to Address; both are "" for
	// a factor whose codes are not sent.
	CodeHash, Address string
	// ExpiresAt is the first moment in which it cannot be answered any more.
	ExpiresAt, CreatedAt time.Time
}

// InsertChallenge stores a new challenge, and forgets the user's that have
// expired. An unknown user is ErrNotFound.
func (t *Tx) InsertChallenge(ctx context.Context, project string, c Challenge) error {
	if err := t.mustHaveUser(ctx, project, c.UserID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM challenges WHERE project_id = $1 AND user_id = $2 AND expires_at <= $3`, project, c.UserID, ms(t.Now()))
	if err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO challenges (project_id, user_id, id, factor, code_hash, address, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		project, c.UserID, c.ID, string(c.Factor), c.CodeHash, c.Address, ms(c.ExpiresAt), ms(c.CreatedAt))
}

// Challenge returns a challenge of a user that can still be answered, or
// ErrNotFound. It stays so until the transaction ends.
func (t *Tx) Challenge(ctx context.Context, project, user, id string) (Challenge, error) {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return Challenge{}, err
	}
	c := Challenge{ID: id, UserID: user}
	err := t.row(ctx, []any{(*string)(&c.Factor), &c.CodeHash, &c.Address, millis{&c.ExpiresAt}, millis{&c.CreatedAt}},
		`SELECT factor, code_hash, address, expires_at, created_at FROM challenges
		WHERE project_id = $1 AND user_id = $2 AND id = $3 AND expires_at > $4`, project, user, id, ms(t.Now()))
	return c, err
}

// DeleteChallenge deletes a challenge of a user; an unknown one is ErrNotFound.
func (t *Tx) DeleteChallenge(ctx context.Context, project, user, id string) error {
	if err := t.lockUser(ctx, project, user); err != nil {
		return err
	}
	return found(t.exec(ctx, `DELETE FROM challenges WHERE project_id = $1 AND user_id = $2 AND id = $3`, project, user, id))
}
