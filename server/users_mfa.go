package server

import (
	"net/http"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersMFAHandlers answer the operations of users' second factors. Each has a
// name of before, in other letters.
var usersMFAHandlers = handlers{
	"users.updateMfa":              (*call).updateUserMFA,
	"users.updateMFA":              (*call).updateUserMFA,
	"users.deleteMfaAuthenticator": (*call).deleteUserAuthenticator,
	"users.deleteMFAAuthenticator": (*call).deleteUserAuthenticator,
	"users.listMfaFactors":         (*call).listUserFactors,
	"users.listMFAFactors":         (*call).listUserFactors,
	"users.getMfaRecoveryCodes":    (*call).getUserRecoveryCodes,
	"users.getMFARecoveryCodes":    (*call).getUserRecoveryCodes,
	"users.updateMfaRecoveryCodes": (*call).updateUserRecoveryCodes,
	"users.updateMFARecoveryCodes": (*call).updateUserRecoveryCodes,
	"users.createMfaRecoveryCodes": (*call).createUserRecoveryCodes,
	"users.createMFARecoveryCodes": (*call).createUserRecoveryCodes,
}

// updateUserMFA sets whether a second factor is asked of a user:
// PATCH /users/{userId}/mfa.
func (c *call) updateUserMFA() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		on, err := p.Boolean("mfa")
		return func(t *store.Tx, id string) error {
			return t.SetMFA(c.r.Context(), c.project.ID, id, on)
		}, err
	})
}

// listUserFactors answers with the second factors that a user has, but for
// recovery codes, of which Appwrite tells nothing here:
// GET /users/{userId}/mfa/factors.
func (c *call) listUserFactors() error {
	user, _, err := c.findUser()
	if err != nil {
		return err
	}
	factors, err := c.s.db.Factors(c.r.Context(), c.project.ID, &user)
	if err != nil {
		return err
	}
	factors.RecoveryCodes = false
	c.answer(http.StatusOK, factorsView(factors))
	return nil
}

// deleteUserAuthenticator deletes a user's authenticator:
// DELETE /users/{userId}/mfa/authenticators/{type}.
func (c *call) deleteUserAuthenticator() error {
	id, err := c.userID()
	if err != nil {
		return err
	}
	if err := c.checkAuthenticatorType(); err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		if _, err := t.User(ctx, c.project.ID, id); err != nil {
			return noSuchUser(err)
		}
		return t.DeleteAuthenticator(ctx, c.project.ID, id)
	})
	if err != nil {
		return noAuthenticator(err)
	}
	noContent(c.w)
	return nil
}

// getUserRecoveryCodes answers with a user's recovery codes that are left:
// GET /users/{userId}/mfa/recovery-codes.
func (c *call) getUserRecoveryCodes() error {
	user, _, err := c.findUser()
	if err != nil {
		return err
	}
	return c.answerRecoveryCodes(user.ID)
}

// createUserRecoveryCodes makes the first recovery codes of a user:
// PATCH /users/{userId}/mfa/recovery-codes.
func (c *call) createUserRecoveryCodes() error { return c.makeUserRecoveryCodes(c.firstRecoveryCodes) }

// updateUserRecoveryCodes makes new recovery codes instead of those that a user
// has: PUT /users/{userId}/mfa/recovery-codes.
func (c *call) updateUserRecoveryCodes() error { return c.makeUserRecoveryCodes(c.otherRecoveryCodes) }

// makeUserRecoveryCodes makes codes of a user, stores them, and answers with
// them.
func (c *call) makeUserRecoveryCodes(set recoveryChange) error {
	id, err := c.userID()
	if err != nil {
		return err
	}
	ctx, codes := c.r.Context(), newRecoveryCodes()
	if err := c.act(func(t *store.Tx) error { return set(ctx, t, id, codes) }); err != nil {
		return noSuchUser(err)
	}
	c.answer(http.StatusOK, recoveryCodesJSON{codes})
	return nil
}
