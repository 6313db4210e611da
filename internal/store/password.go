package store

import (
	"context"
)

// Passwords are the hashes of a user's password and of those before it.
type Passwords struct {
	// Hash is the present one; "" without a password.
	Hash string
	// Older are those before, the latest first, as far as they are kept.
	Older []string
}

// Latest are the n latest hashes, with the present one.
func (p Passwords) Latest(n int) []string {
	all := p.Older
	if p.Hash != "" {
		all = append([]string{p.Hash}, p.Older...)
	}
	return all[:min(n, len(all))]
}

const passwordsByID = `SELECT password, password_history FROM users WHERE project_id = $1 AND id = $2`

func (p *Passwords) dest() []any { return []any{null{&p.Hash}, list{&p.Older}} }

// Passwords returns the hashes of a user, or ErrNotFound.
func (db *DB) Passwords(ctx context.Context, project, id string) (p Passwords, err error) {
	err = db.row(ctx, p.dest(), passwordsByID, project, id)
	return p, err
}

// RenewHash stores another hash of a user's password, which stays as it is, in
// the place of old. Where the hash is another meanwhile, ErrNotFound.
func (t *Tx) RenewHash(ctx context.Context, project, id, old, hash string) error {
	return found(t.exec(ctx, `UPDATE users SET password = $1, updated_at = `+notBefore("updated_at", 2)+`
		WHERE project_id = $3 AND id = $4 AND password = $5`, hash, ms(t.Now()), project, id, old))
}

// SetPassword stores the hash of a new password; "" takes the password away. Of
// the hashes, so many are kept with the new one. Either sets PasswordAt, and
// ends the user's one-time tokens: who had one could sign in with what the
// password was changed against.
func (t *Tx) SetPassword(ctx context.Context, project, id, hash string, keep int) error {
	var p Passwords
	if err := t.row(ctx, p.dest(), passwordsByID+t.db.dialect.lockRow, project, id); err != nil {
		return err
	}
	err := t.updateUser(ctx, project, id, `password = $1, password_at = $2, password_history = $3`,
		optional(hash), ms(t.Now()), listText(p.Latest(max(keep-1, 0))))
	if err != nil {
		return err
	}
	return t.deleteTokens(ctx, project, id)
}
