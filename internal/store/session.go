package store

import (
	"context"
	"database/sql"
	"time"
)

// Session is one session. Its secret is not in it: only the secret's hash is
// stored.
type Session struct {
	ID     string
	UserID string
	// Provider is how the session came about: email, anonymous, ...
	Provider string
	// ProviderUID is the e-mail address for the provider email.
	ProviderUID string
	Factors     []string
	IP          string
	// UserAgent is that of the client that signed in; it may be "".
	UserAgent string
	// MFAAt is when a factor was last shown beside the first; zero: never.
	MFAAt time.Time
	// ProviderToken is what a provider of OAuth2 gave for the session.
	ProviderToken ProviderToken
	// ExpiresAt is the last moment in which the session is valid (contract
	// section 4: expire >= now).
	ExpiresAt time.Time

	CreatedAt, UpdatedAt time.Time
}

// ProviderToken is what a provider of OAuth2 gives for its own API (RFC 6749
// section 5.1).
type ProviderToken struct {
	Access, Refresh string
	// ExpiresAt is zero where the provider does not say.
	ExpiresAt time.Time
}

// ValidAt reports whether the session has not expired.
func (s *Session) ValidAt(now time.Time) bool { return ValidAt(s.ExpiresAt, now) }

// ValidAt reports whether a session with that end has not expired.
func ValidAt(expiresAt, now time.Time) bool { return !expiresAt.Before(now) }

// sessionColumns are the columns of a Session; dest is where they go.
const sessionColumns = `s.id, s.user_id, s.provider, s.provider_uid, s.factors, s.ip, s.user_agent, s.expires_at, s.created_at, s.updated_at,
	s.mfa_at, s.provider_access_token, s.provider_token_expires_at, s.provider_refresh_token`

func (s *Session) dest() []any {
	return []any{&s.ID, &s.UserID, &s.Provider, &s.ProviderUID, list{&s.Factors}, &s.IP, &s.UserAgent,
		millis{&s.ExpiresAt}, millis{&s.CreatedAt}, millis{&s.UpdatedAt},
		millis{&s.MFAAt}, &s.ProviderToken.Access, millis{&s.ProviderToken.ExpiresAt}, &s.ProviderToken.Refresh}
}

// InsertSession stores a new session under the hash of its secret and deletes
// the user's oldest sessions beyond maxSessions, never the new one; 0 keeps
// them all. An unknown user is ErrNotFound.
func (t *Tx) InsertSession(ctx context.Context, project string, s Session, secretHash string, maxSessions int) error {
	if err := t.mustHaveUser(ctx, project, s.UserID); err != nil {
		return err
	}
	err := t.insert(ctx, `INSERT INTO sessions (project_id, id, user_id, secret_hash, provider, provider_uid, factors,
		ip, user_agent, expires_at, created_at, updated_at,
		mfa_at, provider_access_token, provider_token_expires_at, provider_refresh_token, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			(SELECT COALESCE(MAX(seq), 0) + 1 FROM sessions WHERE project_id = $1 AND user_id = $3)) ON CONFLICT DO NOTHING`,
		project, s.ID, s.UserID, secretHash, s.Provider, s.ProviderUID, listText(s.Factors),
		s.IP, s.UserAgent, ms(s.ExpiresAt), ms(s.CreatedAt), ms(s.UpdatedAt),
		ms(s.MFAAt), s.ProviderToken.Access, ms(s.ProviderToken.ExpiresAt), s.ProviderToken.Refresh)
	if err != nil || maxSessions == 0 {
		return err
	}
	ended, err := t.exec(ctx, `DELETE FROM sessions WHERE project_id = $1 AND user_id = $2 AND id NOT IN (
		SELECT id FROM sessions WHERE project_id = $1 AND user_id = $2 ORDER BY seq DESC LIMIT $3)`, project, s.UserID, maxSessions)
	if err != nil || ended == 0 {
		return err
	}
	return t.dropTargets(ctx, project, s.UserID)
}

// UserBySecret returns the user and the session of a secret, or ErrNotFound;
// whether the session has expired is for the caller to see.
func (db *DB) UserBySecret(ctx context.Context, project, user, secretHash string) (u User, s Session, err error) {
	err = db.row(ctx, append(u.dest(), s.dest()...), `SELECT `+userColumns+`, `+sessionColumns+` FROM sessions s
		JOIN users u ON u.project_id = s.project_id AND u.id = s.user_id
		WHERE s.project_id = $1 AND s.user_id = $2 AND s.secret_hash = $3`, project, user, secretHash)
	return u, s, err
}

// Bearer is whom a JWT stands for, as far as a request by it needs to know.
type Bearer struct {
	User User
	// SessionExpiresAt is the end of the session that the JWT is bound to; zero
	// when it is bound to none.
	SessionExpiresAt time.Time
	// SessionFactors are those that the session has shown; read only where the
	// user's second factor is on.
	SessionFactors []string
	// KeyVersion is the project's present one.
	KeyVersion int64
}

// AliveAt reports whether the session, if there is one, has not expired.
func (b *Bearer) AliveAt(now time.Time) bool {
	return b.SessionExpiresAt.IsZero() || ValidAt(b.SessionExpiresAt, now)
}

// Bearer returns the user of a JWT, or ErrNotFound when the user, or the
// session that the JWT is bound to, is gone; a session of "" is none. It is the
// one query of a request by JWT, and reads no more than such a request needs.
func (db *DB) Bearer(ctx context.Context, project, user, session string) (Bearer, error) {
	return bearer(ctx, db, project, user, session)
}

// Bearer is the same in a transaction, until whose end the user stays as it is,
// and its sessions too.
func (t *Tx) Bearer(ctx context.Context, project, user, session string) (Bearer, error) {
	if err := t.lockUser(ctx, project, user); err != nil {
		return Bearer{}, err
	}
	b, err := bearer(ctx, t, project, user, session)
	if err == nil {
		t.lockedUser = userKey{project, user} // whom mustHaveUser need not look for
	}
	return b, err
}

func bearer(ctx context.Context, from querier, project, user, session string) (Bearer, error) {
	var b Bearer
	dest := append(b.User.dest(), &b.KeyVersion)
	if session == "" {
		err := from.row(ctx, dest, `SELECT `+userColumns+`, p.key_version FROM users u JOIN projects p ON p.id = u.project_id
			WHERE u.project_id = $1 AND u.id = $2`, project, user)
		return b, err
	}
	var factors string
	err := from.row(ctx, append(dest, millis{&b.SessionExpiresAt}, &factors), `SELECT `+userColumns+`, p.key_version, s.expires_at, s.factors FROM sessions s
		JOIN users u ON u.project_id = s.project_id AND u.id = s.user_id
		JOIN projects p ON p.id = s.project_id
		WHERE s.project_id = $1 AND s.user_id = $2 AND s.id = $3`, project, user, session)
	if err == nil && b.User.MFA {
		err = list{&b.SessionFactors}.Scan(factors)
	}
	return b, err
}

// Session returns a session of a user, or ErrNotFound.
func (db *DB) Session(ctx context.Context, project, user, id string) (Session, error) {
	var s Session
	err := db.row(ctx, s.dest(), sessionByID, project, user, id)
	return s, err
}

const sessionByID = `SELECT ` + sessionColumns + ` FROM sessions s
	WHERE s.project_id = $1 AND s.user_id = $2 AND s.id = $3`

// Sessions returns the sessions of a user, the oldest first, expired ones
// included (contract section 4).
func (db *DB) Sessions(ctx context.Context, project, user string) ([]Session, error) {
	return sessions(ctx, db, project, user)
}

// Sessions is the same in a transaction.
func (t *Tx) Sessions(ctx context.Context, project, user string) ([]Session, error) {
	return sessions(ctx, t, project, user)
}

func sessions(ctx context.Context, from querier, project, user string) ([]Session, error) {
	sessions := []Session{}
	err := from.rows(ctx, func(rows *sql.Rows) error {
		var s Session
		err := rows.Scan(s.dest()...)
		sessions = append(sessions, s)
		return err
	}, `SELECT `+sessionColumns+` FROM sessions s WHERE s.project_id = $1 AND s.user_id = $2
		ORDER BY s.seq`, project, user)
	return sessions, err
}

// ExtendSession lets a user's session last so long from now on, and returns it
// as it was before, but for its end. One that is unknown, or has expired, is
// ErrNotFound.
func (t *Tx) ExtendSession(ctx context.Context, project, user, id string, life time.Duration) (Session, error) {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return Session{}, err
	}
	var s Session
	err := t.row(ctx, s.dest(), sessionByID, project, user, id)
	if err == nil && !s.ValidAt(t.Now()) {
		err = ErrNotFound
	}
	if err != nil {
		return Session{}, err
	}
	s.ExpiresAt = t.Now().Add(life)
	return s, found(t.exec(ctx, `UPDATE sessions SET expires_at = $1,
		updated_at = CASE WHEN updated_at > CAST($2 AS BIGINT) THEN updated_at ELSE CAST($2 AS BIGINT) END
		WHERE project_id = $3 AND user_id = $4 AND id = $5`, ms(s.ExpiresAt), ms(t.Now()), project, user, id))
}

// DeleteSession deletes a session of a user; an unknown one is ErrNotFound.
func (t *Tx) DeleteSession(ctx context.Context, project, user, id string) error {
	if err := t.lockUser(ctx, project, user); err != nil {
		return err
	}
	if err := found(t.exec(ctx, `DELETE FROM sessions WHERE project_id = $1 AND user_id = $2 AND id = $3`, project, user, id)); err != nil {
		return err
	}
	return t.dropTargets(ctx, project, user)
}

// DeleteSessions deletes all sessions of a user, and the one-time tokens that
// would make new ones.
func (t *Tx) DeleteSessions(ctx context.Context, project, user string) error {
	return t.DeleteOtherSessions(ctx, project, user, "")
}

// DeleteOtherSessions is DeleteSessions that keeps one.
func (t *Tx) DeleteOtherSessions(ctx context.Context, project, user, keep string) error {
	if err := t.lockUser(ctx, project, user); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM sessions WHERE project_id = $1 AND user_id = $2 AND id <> $3`, project, user, keep)
	if err != nil {
		return err
	}
	if err := t.dropTargets(ctx, project, user); err != nil {
		return err
	}
	return t.deleteTokens(ctx, project, user)
}

// RenewProviderToken stores what a provider gave for the refresh token of a
// session, unless that has changed meanwhile, which is ErrNotFound.
func (t *Tx) RenewProviderToken(ctx context.Context, project, user, id, refresh string, token ProviderToken) error {
	return found(t.exec(ctx, `UPDATE sessions SET provider_access_token = $1, provider_token_expires_at = $2, provider_refresh_token = $3
		WHERE project_id = $4 AND user_id = $5 AND id = $6 AND provider_refresh_token = $7`,
		token.Access, ms(token.ExpiresAt), token.Refresh, project, user, id, refresh))
}
