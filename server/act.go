package server

import (
	"context"
	"errors"
	"log/slog"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// act makes a change in a transaction, in which the caller still has the right
// to make it, and which tells its time. All that changes something goes through
// here: since identify, checkKey and checkBlocked looked, the body may have
// taken a minute to arrive, a password was hashed, or others were waited for. A
// session, a user or a key that has ended meanwhile changes nothing any more:
// the request is answered as if it began now.
//
// The change may be made again where the transaction had to give way to
// another. What it reads of the caller is as it is in the transaction.
func (c *call) act(change func(*store.Tx) error) error {
	ctx := c.r.Context()
	return c.withKeys(ctx, func() error {
		return c.s.db.Tx(ctx, func(t *store.Tx) error {
			if err := c.mustStand(ctx, t); err != nil {
				return err
			}
			return change(t)
		})
	})
}

// grant is act for what changes nothing, such as making a token: it needs no
// transaction.
func (c *call) grant(read func(store.Reader) error) error {
	ctx := c.r.Context()
	return c.withKeys(ctx, func() error {
		if err := c.mustStand(ctx, c.s.db); err != nil {
			return err
		}
		return read(c.s.db)
	})
}

// errKeysChanged says that the project has other signing keys than c.project.
var errKeysChanged = errors.New("server: the project's keys have changed")

// withKeys tries again with the project's keys where they have changed.
func (c *call) withKeys(ctx context.Context, try func() error) error {
	for {
		err := try()
		if !errors.Is(err, errKeysChanged) {
			return err
		}
		if c.project, err = c.s.projects.Reload(ctx, c.project.ID); err != nil {
			return err
		}
	}
}

// mustStand looks at the caller again, and that c.project has the keys that
// sign. In a transaction, users and keys that are found stay as they are until
// its end.
func (c *call) mustStand(ctx context.Context, from store.Reader) error {
	if err := c.userStands(ctx, from); err != nil {
		return err
	}
	if err := c.keyStands(ctx, from); err != nil {
		return err
	}
	c.now = from.Now()
	if err := c.checkBlocked(); err != nil {
		return err
	}
	return c.factorsStand(ctx, from)
}

// userStands looks whether the user, and the session or the JWT that the
// request presents, are still good.
func (c *call) userStands(ctx context.Context, from store.Reader) error {
	if c.user == nil {
		return nil
	}
	sessionID := c.claims.SessionID
	if c.session != nil {
		sessionID = c.session.ID
	}
	bearer, err := from.Bearer(ctx, c.project.ID, c.user.ID, sessionID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c.refuseGone()
	case err != nil:
		return err
	case bearer.KeyVersion != c.project.Version:
		return errKeysChanged
	case !bearer.AliveAt(from.Now()) || !bearer.User.CreatedAt.Equal(c.user.CreatedAt): // another user has that id now
		return c.refuseGone()
	}
	c.user, c.factors = &bearer.User, bearer.SessionFactors
	if c.byJWT {
		_, err = c.project.Keys.Verify(c.r.Header.Get(headerJWT), from.Now())
	}
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
	return wire.Fail(isojot.ErrUserUnauthorized)
}

// keyStands looks whether the API key that the request presents is still good.
func (c *call) keyStands(ctx context.Context, from store.Reader) error {
	if c.apiKey == nil {
		return nil
	}
	key, err := *c.apiKey, error(nil)
	switch key.ID {
	case executions.EphemeralKeyID: // which says all itself
	case fixedKey: // SetProject may have replaced it
		if c.s.config(c.project.ID).keyHash != ids.Hash(c.key()) {
			err = store.ErrNotFound
		}
	default:
		key, err = from.Key(ctx, c.project.ID, key.ID)
	}
	if err := refusedKey(&key, err, from.Now()); err != nil || c.user != nil {
		return err
	}
	version, err := from.KeyVersion(ctx, c.project.ID)
	if err == nil && version != c.project.Version {
		return errKeysChanged
	}
	return err
}
