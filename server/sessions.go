package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// sessionHandlers answer the operations of sessions (contract section 9).
var sessionHandlers = handlers{
	"account.createEmailPasswordSession": (*call).createEmailSession,
	"account.createAnonymousSession":     (*call).createAnonymousSession,
	"account.createSession":              (*call).createTokenSession,
	"account.updateMagicURLSession":      (*call).createTokenSession,
	"account.updatePhoneSession":         (*call).createTokenSession,
	"account.listSessions":               (*call).listSessions,
	"account.deleteSessions":             (*call).deleteSessions,
	"account.getSession":                 (*call).getSession,
	"account.updateSession":              (*call).updateSession,
	"account.deleteSession":              (*call).deleteSession,
}

// createEmailSession signs a user in by password: POST /account/sessions/email.
func (c *call) createEmailSession() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	email, err := p.Email("email")
	if err != nil {
		return err
	}
	password, err := p.Password("password")
	if err != nil {
		return err
	}
	for {
		// A hash that another sign-in has renewed meanwhile is verified anew.
		if err := c.signInByPassword(email, password); !errors.Is(err, errRenewedMeanwhile) {
			return err
		}
	}
}

// signInByPassword signs a user in. A hash that another program made, or that is
// of less work than new ones, gets a new one in its place.
func (c *call) signInByPassword(email, password string) error {
	user, hash, err := c.authenticate(c.r.Context(), email, password)
	if err != nil {
		return err
	}
	better := ""
	if c.s.hasher.Stale(hash) {
		if better, err = c.s.hasher.Hash(c.r.Context(), c.by(), password); err != nil {
			return err
		}
	}
	var session store.Session
	secret := ids.NewSecret()
	err = c.act(func(t *store.Tx) (err error) {
		user, err := t.UserWithPassword(c.r.Context(), c.project.ID, user.ID, hash)
		switch {
		case errors.Is(err, store.ErrNotFound): // changed since it was verified
			return errRenewedMeanwhile
		case err == nil && user.Email != email: // so has the address
			return wire.Fail(isojot.ErrUserInvalidCredentials)
		case err == nil && user.Blocked:
			return wire.Fail(isojot.ErrUserBlocked)
		case err == nil:
			session, err = c.insertSession(t, &user, byPassword, secret)
		}
		if err == nil && better != "" {
			err = t.RenewHash(c.r.Context(), c.project.ID, user.ID, hash, better)
		}
		if err != nil {
			return err
		}
		return c.alert(t, &user, &session)
	})
	if err != nil {
		return err
	}
	return c.signedIn(&session, secret)
}

// authenticate returns the user of an e-mail address and password, and the
// hash that the password was verified with. Only who knows the password learns
// that the user is blocked.
func (c *call) authenticate(ctx context.Context, email, password string) (user store.User, hash string, err error) {
	user, hash, err = c.s.db.UserByEmail(ctx, c.project.ID, email)
	if errors.Is(err, store.ErrNotFound) || err == nil && hash == "" {
		if err := c.s.hasher.VerifyNobody(ctx, c.by(), password); err != nil {
			return user, "", err
		}
		return user, "", wire.Fail(isojot.ErrUserInvalidCredentials)
	}
	if err != nil {
		return user, "", err
	}
	match, err := c.s.hasher.Verify(ctx, c.by(), hash, password)
	switch {
	case err != nil:
		return user, "", err
	case !match:
		return user, "", wire.Fail(isojot.ErrUserInvalidCredentials)
	case user.Blocked:
		return user, "", wire.Fail(isojot.ErrUserBlocked)
	}
	return user, hash, nil
}

// createAnonymousSession makes a user without e-mail and password and signs
// it in: POST /account/sessions/anonymous.
func (c *call) createAnonymousSession() error {
	var session store.Session
	ctx, secret := c.r.Context(), ids.NewSecret()
	err := c.act(func(t *store.Tx) (err error) {
		if err := c.checkUserCount(t); err != nil {
			return err
		}
		user := c.s.userRow("", t.Now())
		if err := t.InsertUser(ctx, c.project.ID, user, ""); err != nil {
			return err
		}
		session, err = c.insertSession(t, &user, asAnonymous, secret)
		return err
	})
	if err != nil {
		return err
	}
	return c.signedIn(&session, secret)
}

// listSessions answers with the caller's sessions, expired ones included:
// GET /account/sessions.
func (c *call) listSessions() error {
	sessions, err := c.s.db.Sessions(c.r.Context(), c.project.ID, c.user.ID)
	if err != nil {
		return err
	}
	list := sessionListJSON{Total: len(sessions), Sessions: []sessionJSON{}}
	for i := range sessions {
		sessions[i].ProviderToken = c.opened(&sessions[i])
		list.Sessions = append(list.Sessions, sessionView(&sessions[i], c.presents(sessions[i].ID)))
	}
	c.answer(http.StatusOK, list)
	return nil
}

// presents reports whether the request presents the secret of that session.
func (c *call) presents(id string) bool { return c.session != nil && c.session.ID == id }

// sessionParam is the id in the path; "current" is the session whose secret
// is presented, so there is none for a JWT (contract section 5.3).
func (c *call) sessionParam() (string, error) {
	id, err := wire.UID("sessionId", c.r.PathValue("sessionId"))
	if err != nil || id != "current" {
		return id, err
	}
	if c.session == nil {
		return "", wire.Fail(isojot.ErrSessionNotFound)
	}
	return c.session.ID, nil
}

// getSession answers with one of the caller's sessions:
// GET /account/sessions/{sessionId}.
func (c *call) getSession() error {
	id, err := c.sessionParam()
	if err != nil {
		return err
	}
	session, err := c.s.db.Session(c.r.Context(), c.project.ID, c.user.ID, id)
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrSessionNotFound))
	}
	session.ProviderToken = c.opened(&session)
	c.answer(http.StatusOK, sessionView(&session, c.presents(id)))
	return nil
}

// updateSession makes one of the caller's sessions last as long as a new one:
// PATCH /account/sessions/{sessionId}. As in Appwrite, the answer does not say
// whether the session is the current one, and has the time of the change
// before this one; one that has expired stays so.
func (c *call) updateSession() error {
	id, err := c.sessionParam()
	if err != nil {
		return err
	}
	if err := c.renewProviderTokens(id); err != nil {
		return err
	}
	var session store.Session
	err = c.act(func(t *store.Tx) (err error) {
		session, err = t.ExtendSession(c.r.Context(), c.project.ID, c.user.ID, id, c.config.rules.sessionDuration())
		return err
	})
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrSessionNotFound))
	}
	session.ProviderToken = c.opened(&session)
	view := sessionView(&session, false)
	view.CountryName = ""
	c.answer(http.StatusOK, view)
	return nil
}

// deleteSession ends one of the caller's sessions:
// DELETE /account/sessions/{sessionId}.
func (c *call) deleteSession() error {
	id, err := c.sessionParam()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error { return t.DeleteSession(ctx, c.project.ID, c.user.ID, id) })
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrSessionNotFound))
	}
	if c.presents(id) {
		c.clearSession()
	}
	noContent(c.w)
	return nil
}

// deleteSessions ends all of the caller's sessions: DELETE /account/sessions.
// One fallback header is enough, where Appwrite sends one for each session
// (contract section 4).
func (c *call) deleteSessions() error {
	ctx := c.r.Context()
	err := c.act(func(t *store.Tx) error { return t.DeleteSessions(ctx, c.project.ID, c.user.ID) })
	if err != nil {
		return err
	}
	c.clearFallback()
	if c.session != nil {
		c.clearSession()
	}
	noContent(c.w)
	return nil
}
