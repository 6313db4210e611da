package server

import (
	"net/http"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/reach"
)

// maxUserAgent bounds what is kept of a user agent, in bytes.
const maxUserAgent = 1024

// newSession is a new session of a user who signs in by the request.
func (c *call) newSession(u *store.User, provider string, now time.Time) store.Session {
	session := sessionRow(c.s.ids.Unique(now), u, provider, now, c.config.rules)
	session.IP, session.UserAgent = reach.ClientIP(c.r), c.userAgent()
	if len(session.UserAgent) > maxUserAgent {
		session.UserAgent = session.UserAgent[:maxUserAgent]
	}
	return session
}

// sessionRow is a new session of a user.
func sessionRow(id string, u *store.User, provider string, now time.Time, rules Rules) store.Session {
	session := store.Session{
		ID: id, UserID: u.ID, Provider: provider, Factors: []string{provider},
		ExpiresAt: now.Add(rules.sessionDuration()), CreatedAt: now, UpdatedAt: now,
	}
	if provider == providerEmail {
		session.ProviderUID, session.Factors = u.Email, []string{"password"}
	}
	return session
}

// insertSession stores a session of a user who signs in, ends the user's
// oldest ones beyond the limit, and forgives the attempts before.
func (c *call) insertSession(t *store.Tx, u *store.User, provider, secret string) (store.Session, error) {
	ctx, session := c.r.Context(), c.newSession(u, provider, t.Now())
	err := t.InsertSession(ctx, c.project.ID, session, ids.Hash(secret), c.config.rules.maxSessions())
	if err == nil && c.forgiven != "" {
		err = t.ForgetHits(ctx, c.project.ID, c.forgiven)
	}
	return session, err
}

// signedIn answers with a new session.
func (c *call) signedIn(s *store.Session, secret string) error {
	c.setSession(encodeStore(s.UserID, secret), s.ExpiresAt)
	view := sessionView(s, true)
	view.Secret = c.shownSecret(s.UserID, secret)
	c.answer(http.StatusCreated, view)
	return nil
}
