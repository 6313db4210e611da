package store

import (
	"context"
	"errors"
	"time"
)

// Token is a one-time token that its user can trade for a session. Its secret
// is not in it: only the secret's hash is stored.
type Token struct {
	ID     string
	UserID string
	// ExpiresAt is the first moment in which the token is no longer valid.
	ExpiresAt time.Time
	CreatedAt time.Time
}

// CreateToken stores a new token under the hash of its secret, and forgets the
// user's tokens that have expired. An unknown user is ErrNotFound.
func (t *Tx) CreateToken(ctx context.Context, project string, token Token, secretHash string) error {
	if err := t.mustHaveUser(ctx, project, token.UserID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND expires_at <= $3`,
		project, token.UserID, ms(t.Now()))
	if err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO tokens (project_id, user_id, id, secret_hash, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		project, token.UserID, token.ID, secretHash, ms(token.ExpiresAt), ms(token.CreatedAt))
}

// TakeToken deletes the token of a user with that secret and returns it, the
// oldest one if several have it. None that is valid is ErrNotFound: then
// nothing is deleted.
func (t *Tx) TakeToken(ctx context.Context, project, user, secretHash string) (Token, error) {
	token := Token{UserID: user}
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return Token{}, err
	}
	err := t.row(ctx, []any{&token.ID, millis{&token.ExpiresAt}, millis{&token.CreatedAt}}, `SELECT id, expires_at, created_at
		FROM tokens WHERE project_id = $1 AND user_id = $2 AND secret_hash = $3 AND expires_at > $4
		ORDER BY created_at, id LIMIT 1`, project, user, secretHash, ms(t.Now()))
	if err != nil {
		return Token{}, err
	}
	return token, found(t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND id = $3`,
		project, user, token.ID))
}

// deleteTokens deletes all tokens of a user.
func (t *Tx) deleteTokens(ctx context.Context, project, user string) error {
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2`, project, user)
	return err
}

// lockUser is mustHaveUser for what an unknown user makes no difference to.
// Where a transaction has the whole database to itself, there is nothing to do.
func (t *Tx) lockUser(ctx context.Context, project, id string) error {
	if t.db.dialect.lockRow == "" {
		return nil
	}
	if err := t.mustHaveUser(ctx, project, id); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}
