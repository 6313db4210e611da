package server

import (
	"context"
	"errors"
	"log/slog"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// impersonationHandlers answer who may act as others.
var impersonationHandlers = handlers{
	"users.updateImpersonator": (*call).updateUserImpersonator,
}

// updateUserImpersonator lets a user read as others do, or no longer:
// PATCH /users/{userId}/impersonator.
func (c *call) updateUserImpersonator() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		may, err := p.Truth("impersonator")
		return func(t *store.Tx, id string) error {
			return t.SetImpersonator(c.r.Context(), c.project.ID, id, may)
		}, err
	})
}

// impersonations are how a request names whom it reads as: a header, a parameter
// of the query, and where that user is found. The first that is there decides.
var impersonations = []struct {
	header, query string
	find          func(c *call, ctx context.Context, value string) (store.User, error)
}{
	{"X-Appwrite-Impersonate-User-Id", "impersonateUserId", func(c *call, ctx context.Context, id string) (store.User, error) {
		return c.s.db.User(ctx, c.project.ID, id)
	}},
	{"X-Appwrite-Impersonate-User-Email", "impersonateUserEmail", func(c *call, ctx context.Context, email string) (store.User, error) {
		user, _, err := c.s.db.UserByEmail(ctx, c.project.ID, wire.EmailKey(email))
		return user, err
	}},
	{"X-Appwrite-Impersonate-User-Phone", "impersonateUserPhone", func(c *call, ctx context.Context, phone string) (store.User, error) {
		return c.s.db.UserByPhone(ctx, c.project.ID, phone)
	}},
}

// impersonate lets an impersonator read as another user. What concerns the
// caller's own session, and its JWTs, it does as itself; all else that would
// change something is refused. A user who is no impersonator stays who it is,
// and so does one that names nobody.
func (c *call) impersonate() error {
	if c.user == nil || !c.user.Impersonator || c.byKey() || c.ep.own {
		return nil
	}
	for _, i := range impersonations {
		value := c.r.Header.Get(i.header)
		if value == "" && c.r.URL.RawQuery != "" {
			value = c.r.URL.Query().Get(i.query)
		}
		if value == "" {
			continue
		}
		target, err := i.find(c, c.r.Context(), value)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return c.readAs(&target)
	}
	return nil
}

// readAs makes the request one of the target's, if it only reads.
func (c *call) readAs(target *store.User) error {
	if !c.ep.reads {
		return wire.Fail(isojot.ErrUserUnauthorized)
	}
	c.logDecision(slog.LevelInfo, "impersonation", "the caller may read as others",
		slog.String("user", c.user.ID), slog.String("as", target.ID))
	c.impersonator, c.user = c.user.ID, target
	return nil
}

// accountOf is the account of the caller, as it sees it.
func (c *call) accountOf(u *store.User) accountJSON {
	a := account(u)
	if c.impersonator != "" {
		a.ImpersonatorID = &c.impersonator
	}
	return a
}
