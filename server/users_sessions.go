package server

import (
	"errors"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/listing"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersSessionHandlers answer the operations of users' sessions and JWTs.
var usersSessionHandlers = handlers{
	"users.createJWT":      (*call).createUserJWT,
	"users.createSession":  (*call).createUserSession,
	"users.listSessions":   (*call).listUserSessions,
	"users.deleteSession":  (*call).deleteUserSession,
	"users.deleteSessions": (*call).deleteUserSessions,
}

// unlimitedSessions: sessions that a server makes do not push others out
// (contract section 4).
const unlimitedSessions = 0

// createUserSession signs a user in, even a blocked one, and answers with the
// secret: POST /users/{userId}/sessions.
func (c *call) createUserSession() error {
	userID, err := c.userID()
	if err != nil {
		return err
	}
	var session store.Session
	ctx, secret := c.r.Context(), ids.NewSecret()
	err = c.act(func(t *store.Tx) error {
		user, err := t.User(ctx, c.project.ID, userID)
		if err != nil {
			return err
		}
		session = c.newSession(&user, byTheServer, t.Now())
		return t.InsertSession(ctx, c.project.ID, session, ids.Hash(secret), unlimitedSessions)
	})
	if err != nil {
		return noSuchUser(err)
	}
	view := sessionView(&session, false)
	view.Secret = c.shownSecret(userID, secret)
	c.answer(http.StatusCreated, view)
	return nil
}

// listUserSessions answers with a user's sessions, the oldest first, expired
// ones included: GET /users/{userId}/sessions. Their secrets are not shown:
// only hashes are kept (contract section 12.11).
func (c *call) listUserSessions() error {
	id, err := c.userID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	total, err := listing.WantsTotal(p)
	if err != nil {
		return err
	}
	sessions, err := c.sessionsOf(id)
	if err != nil {
		return err
	}
	list := sessionListJSON{Sessions: []sessionJSON{}}
	for i := range sessions {
		sessions[i].ProviderToken = c.opened(&sessions[i])
		list.Sessions = append(list.Sessions, sessionView(&sessions[i], false))
	}
	if total {
		list.Total = len(sessions)
	}
	c.answer(http.StatusOK, list)
	return nil
}

// sessionsOf reads the sessions of a user that must exist.
func (c *call) sessionsOf(id string) ([]store.Session, error) {
	sessions, err := c.s.db.Sessions(c.r.Context(), c.project.ID, id)
	if err == nil && len(sessions) == 0 {
		_, err = c.s.db.User(c.r.Context(), c.project.ID, id)
	}
	return sessions, noSuchUser(err)
}

// deleteUserSession ends one of a user's sessions:
// DELETE /users/{userId}/sessions/{sessionId}.
func (c *call) deleteUserSession() error {
	user, _, err := c.findUser()
	if err != nil {
		return err
	}
	id, err := wire.UID("sessionId", c.r.PathValue("sessionId"))
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error { return t.DeleteSession(ctx, c.project.ID, user.ID, id) })
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrSessionNotFound))
	}
	noContent(c.w)
	return nil
}

// deleteUserSessions ends all of a user's sessions:
// DELETE /users/{userId}/sessions.
func (c *call) deleteUserSessions() error {
	user, _, err := c.findUser()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error { return t.DeleteSessions(ctx, c.project.ID, user.ID) })
	if err != nil {
		return err
	}
	noContent(c.w)
	return nil
}

// createUserJWT makes a JWT of a user, bound to one of its sessions, or to
// none when there is no such session: POST /users/{userId}/jwts. Where the
// user's second factor is asked for, only a session that has shown it gets one:
// others could be verified by programs that do not ask this server.
func (c *call) createUserJWT() error {
	userID, err := c.userID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	wanted, err := wantedSession(p, "sessionId")
	if err != nil {
		return err
	}
	seconds, err := p.Duration("duration", defaultJWTDuration)
	if err != nil {
		return err
	}
	var token string
	err = c.grant(func(from store.Reader) error {
		user, err := from.User(c.r.Context(), c.project.ID, userID)
		if err != nil {
			return err
		}
		session, err := projects.SessionFor(c.r.Context(), from, c.project.ID, &user, wanted)
		switch {
		case errors.Is(err, projects.ErrMoreFactors):
			return wire.Fail(isojot.ErrUserMoreFactorsRequired)
		case err == nil:
			token, err = c.signJWT(&user, session, seconds)
		}
		return err
	})
	if err != nil {
		return noSuchUser(err)
	}
	c.answer(http.StatusCreated, jwtJSON{token})
	return nil
}

// wantedSession is the id of a user's session, or "recent" when it is absent.
func wantedSession(p wire.Params, name string) (string, error) {
	if _, given := p.Optional(name); !given {
		return projects.SessionRecent, nil
	}
	return p.Text(name, wire.DescribeUID, wire.ValidID)
}
