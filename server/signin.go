package server

import (
	"net/http"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// maxUserAgent bounds what is kept of a user agent, in bytes.
const maxUserAgent = 1024

// newSession is a new session of a user who signs in by the request, and its
// secret.
func (c *call) newSession(u *store.User, provider string) (store.Session, string) {
	session, secret := sessionRow(c.s.ids.unique(c.now), u, provider, c.now, c.config.rules)
	session.IP, session.UserAgent = clientIP(c.r), c.userAgent()
	if len(session.UserAgent) > maxUserAgent {
		session.UserAgent = session.UserAgent[:maxUserAgent]
	}
	return session, secret
}

// sessionRow is a new session of a user, and its secret.
func sessionRow(id string, u *store.User, provider string, now time.Time, rules Rules) (store.Session, string) {
	session := store.Session{
		ID: id, UserID: u.ID, Provider: provider, Factors: []string{provider},
		ExpiresAt: now.Add(rules.sessionDuration()), CreatedAt: now, UpdatedAt: now,
	}
	if provider == providerEmail {
		session.ProviderUID, session.Factors = u.Email, []string{"password"}
	}
	return session, newSecret()
}

// insertSession stores a session of a user who signs in, ends the user's
// oldest ones beyond the limit, and forgives the attempts before.
func (c *call) insertSession(t *store.Tx, session store.Session, secret string) error {
	ctx := c.r.Context()
	err := t.InsertSession(ctx, c.project.ID, session, secretHash(secret), c.config.rules.maxSessions())
	if err != nil || c.forgiven == "" {
		return err
	}
	return t.ForgetHits(ctx, c.project.ID, c.forgiven)
}

// signedIn answers with a new session.
func (c *call) signedIn(s *store.Session, secret string) error {
	c.setSession(encodeStore(s.UserID, secret), s.ExpiresAt)
	view := sessionView(s, true)
	view.Secret = c.shownSecret(s.UserID, secret)
	c.answer(http.StatusCreated, view)
	return nil
}

// checkUserCount refuses sign-ups beyond the project's number of users.
func (c *call) checkUserCount(t *store.Tx) error {
	most := c.config.rules.MaxUsers
	if most == 0 || c.byKey() {
		return nil
	}
	n, err := t.UserCount(c.r.Context(), c.project.ID, most)
	if err == nil && n >= most {
		return fail(errUserCount)
	}
	return err
}
