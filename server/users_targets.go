package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/listing"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersTargetHandlers answer the operations of users' targets.
var usersTargetHandlers = handlers{
	"users.listTargets":  (*call).listUserTargets,
	"users.createTarget": (*call).createUserTarget,
	"users.getTarget":    (*call).getUserTarget,
	"users.updateTarget": (*call).updateUserTarget,
	"users.deleteTarget": (*call).deleteUserTarget,
}

// targetKinds are the kinds of targets, in the order of Appwrite's error.
var targetKinds = []string{string(store.EmailTarget), string(store.SMSTarget), string(store.PushTarget)}

// listUserTargets answers with a page of a user's targets:
// GET /users/{userId}/targets.
func (c *call) listUserTargets() error {
	u, _, err := c.findUser()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	page, err := listing.Parse(p, store.TargetColumns)
	if err != nil {
		return err
	}
	total, err := listing.WantsTotal(p)
	if err != nil {
		return err
	}
	page.Where.Parts = append(page.Where.Parts, store.OfUser(u.ID))
	page.Room = c.memory().tryHold
	ctx := c.r.Context()
	targets, err := c.s.db.Targets(ctx, c.project.ID, page)
	if err != nil {
		return store.NotFoundAs(err, wire.Failf(isojot.ErrCursorNotFound, "Target '%s' for the 'cursor' value not found.", page.Cursor))
	}
	list := listJSON{name: "targets"}
	for i := range targets {
		list.items = append(list.items, targetView(&targets[i]))
	}
	if total {
		if list.total, err = listing.Total(page, len(targets), func(most int) (int, error) {
			return c.s.db.CountTargets(ctx, c.project.ID, page.Where, most)
		}); err != nil {
			return err
		}
	}
	c.answer(http.StatusOK, list)
	return nil
}

// createUserTarget gives a user a target: POST /users/{userId}/targets.
func (c *call) createUserTarget() error {
	user, err := c.userID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	target := store.FullTarget{UserID: user}
	if target.ID, err = p.CustomID("targetId"); err != nil {
		return err
	}
	kind, err := p.Text("providerType", "Value must be one of ("+strings.Join(targetKinds, ", ")+")", func(s string) bool {
		return slices.Contains(targetKinds, s)
	})
	if err != nil {
		return err
	}
	target.Kind = store.TargetKind(kind)
	if target.Identifier, err = p.Text("identifier", describeIdentifier, validIdentifier); err != nil {
		return err
	}
	if target.ProviderID, err = p.OptionalText("providerId", wire.DescribeUID, wire.ValidID); err != nil {
		return err
	}
	if target.Name, err = p.OptionalName("name"); err != nil {
		return err
	}
	if err := checkIdentifier(&target); err != nil {
		return err
	}
	return c.insertTarget(target)
}

// checkIdentifier refuses identifiers that are none of their kind.
func checkIdentifier(t *store.FullTarget) error {
	switch {
	case t.Kind == store.EmailTarget && !wire.ValidEmail(t.Identifier):
		return wire.Fail(isojot.ErrInvalidEmail)
	case t.Kind == store.EmailTarget:
		t.Identifier = wire.EmailKey(t.Identifier)
	case t.Kind == store.SMSTarget && !wire.ValidPhone(t.Identifier):
		return wire.Fail(isojot.ErrInvalidPhone)
	}
	return nil
}

// getUserTarget answers with a target of a user:
// GET /users/{userId}/targets/{targetId}.
func (c *call) getUserTarget() error {
	u, _, err := c.findUser()
	if err != nil {
		return err
	}
	id, err := c.targetID()
	if err != nil {
		return err
	}
	for _, t := range u.AllTargets() {
		if t.ID == id {
			c.answer(http.StatusOK, targetView(&t))
			return nil
		}
	}
	return wire.Fail(isojot.ErrUserTargetNotFound)
}

// updateUserTarget changes a target of a user:
// PATCH /users/{userId}/targets/{targetId}. Those of the user's own address
// change with it alone.
func (c *call) updateUserTarget() error {
	user, err := c.userID()
	if err != nil {
		return err
	}
	id, err := c.targetID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	identifier, err := p.OptionalText("identifier", describeIdentifier, validIdentifier)
	if err != nil {
		return err
	}
	provider, err := p.OptionalText("providerId", wire.DescribeUID, wire.ValidID)
	if err != nil {
		return err
	}
	name, err := p.OptionalName("name")
	if err != nil {
		return err
	}
	return c.changeTarget(user, id, func(t *store.FullTarget) error {
		if identifier != "" {
			t.Identifier = identifier
			if err := checkIdentifier(t); err != nil {
				return err
			}
		}
		if provider != "" { // of which this server has none
			return wire.Fail(isojot.ErrProviderNotFound)
		}
		if name != "" {
			t.Name = name
		}
		return nil
	})
}

// deleteUserTarget deletes a target of a user:
// DELETE /users/{userId}/targets/{targetId}.
func (c *call) deleteUserTarget() error {
	user, err := c.userID()
	if err != nil {
		return err
	}
	id, err := c.targetID()
	if err != nil {
		return err
	}
	return c.deleteTarget(user, id)
}
