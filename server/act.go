package server

import (
	"context"
	"errors"
	"log/slog"

	"github.com/isojot/isojot/internal/store"
)

// act makes a change in a transaction, in which the caller still has the right
// to make it, and which tells its time. All that changes something, or hands out
// a token, goes through here: since identify, checkKey and checkBlocked looked,
// the body may have taken a minute to arrive, a password was hashed, or others
// were waited for. A session, a user or a key that has ended meanwhile changes
// nothing any more: the request is answered as if it began now.
//
// The change may be made again where the transaction had to give way to
// another. What it reads of the caller is as it is in the transaction.
func (c *call) act(change func(*store.Tx) error) error {
	ctx := c.r.Context()
	for {
		err := c.s.db.Tx(ctx, func(t *store.Tx) error {
			if err := c.mustStand(ctx, t); err != nil {
				return err
			}
			c.now = t.Now()
			return change(t)
		})
		if !errors.Is(err, errKeysChanged) {
			return err
		}
		if c.project, err = c.s.reload(ctx, c.project.ID); err != nil {
			return err
		}
	}
}

// errKeysChanged says that the project has other signing keys than c.project.
var errKeysChanged = errors.New("server: the project's keys have changed")

// mustStand looks at the caller again. Users and keys that are found stay as
// they are until the transaction ends.
func (c *call) mustStand(ctx context.Context, t *store.Tx) error {
	if err := c.userStands(ctx, t); err != nil {
		return err
	}
	if err := c.keyStands(ctx, t); err != nil {
		return err
	}
	return c.checkBlocked()
}

// userStands looks whether the user, and the session or the JWT that the
// request presents, are still good.
func (c *call) userStands(ctx context.Context, t *store.Tx) error {
	if c.user == nil {
		return nil
	}
	sessionID := c.claims.SessionID
	if c.session != nil {
		sessionID = c.session.ID
	}
	bearer, err := t.Bearer(ctx, c.project.ID, c.user.ID, sessionID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c.refuseGone()
	case err != nil:
		return err
	case !bearer.AliveAt(t.Now()) || !bearer.User.CreatedAt.Equal(c.user.CreatedAt): // another user has that id now
		return c.refuseGone()
	}
	c.user = &bearer.User
	if !c.byJWT {
		return nil
	}
	if bearer.KeyVersion != c.project.version {
		return errKeysChanged
	}
	_, err = c.project.keys.Verify(c.r.Header.Get(headerJWT), t.Now())
	return refusedJWT(err)
}

// refuseGone refuses a caller whose user or session has ended meanwhile, as the
// guest that it is now. What guests may do, it did not mean to do as one.
func (c *call) refuseGone() error {
	c.logDecision(slog.LevelInfo, "refused", "the user or session has ended while the request was under way", slog.String("user", c.user.ID))
	c.user, c.session = nil, nil
	if err := c.checkScope(); err != nil {
		return err
	}
	return fail(errUnauthorized)
}

// keyStands looks whether the API key that the request presents is still good.
func (c *call) keyStands(ctx context.Context, t *store.Tx) error {
	if c.apiKey == nil {
		return nil
	}
	key, err := *c.apiKey, error(nil)
	switch key.ID {
	case ephemeralKeyID: // which says all itself
	case fixedKey: // SetProject may have replaced it
		if c.s.config(c.project.ID).keyHash != secretHash(c.key()) {
			err = store.ErrNotFound
		}
	default:
		key, err = t.Key(ctx, c.project.ID, key.ID)
	}
	return refusedKey(&key, err, t.Now())
}
