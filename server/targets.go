package server

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/useragent"
	"github.com/isojot/isojot/server/internal/wire"
)

// targetHandlers answer the operations of the devices that a user gets push
// messages on.
var targetHandlers = handlers{
	"account.createPushTarget": (*call).createPushTarget,
	"account.updatePushTarget": (*call).updatePushTarget,
	"account.deletePushTarget": (*call).deletePushTarget,
}

// maxIdentifier is how long the identifier of a target may be, in characters.
const maxIdentifier = 255

const describeIdentifier = "Value must be a valid string and at least 1 chars and no longer than 255 chars"

// validIdentifier reports whether a text can be the identifier of a target.
func validIdentifier(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= maxIdentifier
}

// createPushTarget adds a device of the caller: POST /account/targets/push. Its
// name is that of the device which asks, as far as it tells.
func (c *call) createPushTarget() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	target := store.FullTarget{Kind: store.PushTarget}
	if target.ID, err = p.CustomID("targetId"); err != nil {
		return err
	}
	if target.Identifier, err = p.Text("identifier", describeIdentifier, validIdentifier); err != nil {
		return err
	}
	if target.ProviderID, err = p.OptionalText("providerId", wire.DescribeUID, wire.ValidID); err != nil {
		return err
	}
	if c.user == nil { // a server with a key
		return wire.Fail(isojot.ErrUserUnauthorized)
	}
	device := useragent.Parse(c.userAgent())
	if c.session != nil {
		target.SessionID = c.session.ID
	} else {
		target.SessionID = c.claims.SessionID
	}
	target.UserID, target.Name = c.user.ID, device.DeviceBrand+" "+device.DeviceModel
	return c.insertTarget(target)
}

// insertTarget stores a new target and answers with it.
func (c *call) insertTarget(target store.FullTarget) error {
	err := c.act(func(t *store.Tx) error {
		made := c.s.newTarget(t)
		if target.ID != "unique()" {
			made.ID = target.ID
		}
		target.Target = made
		return t.InsertTarget(c.r.Context(), c.project.ID, target)
	})
	if err != nil {
		return refusedTarget(err)
	}
	c.answer(http.StatusCreated, targetView(&target))
	return nil
}

// refusedTarget says why a target cannot be stored.
func refusedTarget(err error) error {
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return wire.Fail(isojot.ErrUserTargetAlreadyExists)
	case errors.Is(err, store.ErrTooMany):
		return wire.Failf(isojot.ErrBadRequest, "The user has %d targets already, and no more are kept. Delete those that are no longer used.", store.MaxTargets)
	}
	return noSuchUser(err)
}

// changeTarget changes a target of a user, and answers with it.
func (c *call) changeTarget(user, id string, change func(*store.FullTarget) error) error {
	var target store.FullTarget
	err := c.act(func(t *store.Tx) (err error) {
		ctx := c.r.Context()
		if target, err = t.Target(ctx, c.project.ID, user, id); err != nil {
			return c.noSuchTarget(t, user, err)
		}
		before := target
		if err := change(&target); err != nil || target == before {
			return err
		}
		target.UpdatedAt = t.Now()
		return c.noSuchTarget(t, user, t.SetTarget(ctx, c.project.ID, target))
	})
	if err != nil {
		return refusedTarget(err)
	}
	c.answer(http.StatusOK, targetView(&target))
	return nil
}

// noSuchTarget turns the store's "not found" into the answer for targets, or for
// users where it is the user that is not there.
func (c *call) noSuchTarget(t *store.Tx, user string, err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if _, gone := t.User(c.r.Context(), c.project.ID, user); gone != nil {
		return gone
	}
	return wire.Fail(isojot.ErrUserTargetNotFound)
}

// deleteTarget deletes a target of a user.
func (c *call) deleteTarget(user, id string) error {
	err := c.act(func(t *store.Tx) error {
		return c.noSuchTarget(t, user, t.DeleteTarget(c.r.Context(), c.project.ID, user, id))
	})
	if err != nil {
		return noSuchUser(err)
	}
	noContent(c.w)
	return nil
}

// targetID is the id of the target in the path.
func (c *call) targetID() (string, error) { return wire.UID("targetId", c.r.PathValue("targetId")) }

// updatePushTarget gives a device of the caller another token:
// PUT /account/targets/{targetId}/push.
func (c *call) updatePushTarget() error {
	id, err := c.targetID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	identifier, err := p.Text("identifier", describeIdentifier, validIdentifier)
	if err != nil {
		return err
	}
	if c.user == nil {
		return wire.Fail(isojot.ErrUserUnauthorized)
	}
	return c.changeTarget(c.user.ID, id, func(t *store.FullTarget) error {
		if t.Kind != store.PushTarget { // an address is changed where the account is
			return wire.Fail(isojot.ErrUserTargetNotFound)
		}
		t.Identifier = identifier
		return nil
	})
}

// deletePushTarget deletes a target of the caller:
// DELETE /account/targets/{targetId}/push. As in Appwrite it may be another than
// of a device.
func (c *call) deletePushTarget() error {
	id, err := c.targetID()
	if err != nil {
		return err
	}
	if c.user == nil {
		return wire.Fail(isojot.ErrUserUnauthorized)
	}
	return c.deleteTarget(c.user.ID, id)
}
