package store

import "context"

// Authenticator is what makes a user's codes by time: one for each user.
type Authenticator struct {
	// Secret is what it shares with this server, in base32 without padding.
	Secret string
	// Verified says that the user has shown a code of it.
	Verified bool
	// LastStep is the time step of the last code that was taken; 0: none was.
	LastStep int64
}

// InsertAuthenticator gives a user an authenticator, instead of one that is not
// verified. A verified one is ErrDuplicate, an unknown user ErrNotFound.
func (t *Tx) InsertAuthenticator(ctx context.Context, project, user, secret string) error {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO authenticators (project_id, user_id, secret, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (project_id, user_id) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = excluded.created_at
		WHERE authenticators.verified = 0`, project, user, secret, ms(t.Now()))
}

// Authenticator returns that of a user, or ErrNotFound. It stays as it is until
// the transaction ends.
func (t *Tx) Authenticator(ctx context.Context, project, user string) (a Authenticator, err error) {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return a, err
	}
	err = t.row(ctx, []any{&a.Secret, &a.Verified, &a.LastStep},
		`SELECT secret, verified, last_step FROM authenticators WHERE project_id = $1 AND user_id = $2`, project, user)
	return a, err
}

// TakeStep notes that the code of a time step was taken from a user's
// authenticator, which is verified by that. That it comes after the last one is
// for the caller to see, in the same transaction.
func (t *Tx) TakeStep(ctx context.Context, project, user string, step int64) error {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return err
	}
	return found(t.exec(ctx, `UPDATE authenticators SET verified = 1, last_step = $1 WHERE project_id = $2 AND user_id = $3`, step, project, user))
}

// DeleteAuthenticator deletes that of a user; ErrNotFound without one.
func (t *Tx) DeleteAuthenticator(ctx context.Context, project, user string) error {
	if err := t.lockUser(ctx, project, user); err != nil {
		return err
	}
	return found(t.exec(ctx, `DELETE FROM authenticators WHERE project_id = $1 AND user_id = $2`, project, user))
}
