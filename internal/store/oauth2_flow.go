package store

import (
	"context"
	"time"
)

// OAuth2Flow is a sign-in at a provider of OAuth 2 that is under way.
type OAuth2Flow struct {
	Provider string
	// UserID is the user who was signed in at the start, and gets the identity, by
	// the session of SessionID; both are "" for a guest.
	UserID, SessionID string
	// Success and Failure are where the browser goes; OwnSuccess says that Success
	// is the page of this server.
	Success, Failure string
	OwnSuccess       bool
	// Token says that it ends with a one-time token, not with a session.
	Token bool
	// RedirectURI is what the provider was told.
	RedirectURI string
	// ExpiresAt is the first moment in which the flow cannot end any more.
	ExpiresAt time.Time
}

// InsertOAuth2Flow stores a flow under the hashes of its state and of what its
// browser keeps, and forgets those that have expired.
func (t *Tx) InsertOAuth2Flow(ctx context.Context, project, stateHash, browserHash string, f OAuth2Flow) error {
	if _, err := t.exec(ctx, `DELETE FROM oauth2_flows WHERE expires_at <= $1`, ms(t.Now())); err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO oauth2_flows (project_id, state_hash, browser_hash, provider, user_id, session_id, success, failure,
		own_success, token, redirect_uri, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		project, stateHash, browserHash, f.Provider, f.UserID, f.SessionID, f.Success, f.Failure,
		bit(f.OwnSuccess), bit(f.Token), f.RedirectURI, ms(f.ExpiresAt))
}

// TakeOAuth2Flow deletes the flow of a state, and returns it. One of another
// project, provider or browser, one that has expired and one that was taken
// already are ErrNotFound: then nothing is deleted.
func (t *Tx) TakeOAuth2Flow(ctx context.Context, project, provider, stateHash, browserHash string) (OAuth2Flow, error) {
	f := OAuth2Flow{Provider: provider}
	err := t.row(ctx, []any{&f.UserID, &f.SessionID, &f.Success, &f.Failure, &f.OwnSuccess, &f.Token, &f.RedirectURI, millis{&f.ExpiresAt}},
		`SELECT user_id, session_id, success, failure, own_success, token, redirect_uri, expires_at FROM oauth2_flows
		WHERE state_hash = $1 AND browser_hash = $2 AND project_id = $3 AND provider = $4 AND expires_at > $5`,
		stateHash, browserHash, project, provider, ms(t.Now()))
	if err != nil {
		return OAuth2Flow{}, err
	}
	return f, found(t.exec(ctx, `DELETE FROM oauth2_flows WHERE state_hash = $1`, stateHash))
}
