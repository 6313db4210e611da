package server

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// checkAuthenticatorType refuses authenticators that do not make codes by time:
// there are no others.
func (c *call) checkAuthenticatorType() error {
	if !strings.EqualFold(c.r.PathValue("type"), string(store.FactorTOTP)) {
		return wire.Invalid("type", "Value must be one of (totp)")
	}
	return nil
}

// createAuthenticator gives the caller the secret for an authenticator app:
// POST /account/mfa/authenticators/{type}. It counts once a code of it was shown.
func (c *call) createAuthenticator() error {
	if err := c.checkAuthenticatorType(); err != nil {
		return err
	}
	ctx, secret := c.r.Context(), newTOTPSecret()
	err := c.act(func(t *store.Tx) error { return t.InsertAuthenticator(ctx, c.project.ID, c.user.ID, secret) })
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return wire.Fail(isojot.ErrUserAuthenticatorAlreadyVerified)
	case err != nil:
		return err
	}
	account := cmp.Or(c.user.Email, c.user.Phone, c.user.ID)
	c.answer(http.StatusOK, authenticatorJSON{secret, totpURI(secret, c.projectName(), account)})
	return nil
}

// verifyAuthenticator takes a first code of the caller's authenticator, and
// answers with the account: PUT /account/mfa/authenticators/{type}.
func (c *call) verifyAuthenticator() error {
	if err := c.checkAuthenticatorType(); err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	code, err := p.Secret("otp")
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		a, err := t.Authenticator(ctx, c.project.ID, c.user.ID)
		switch {
		case err != nil:
			return noAuthenticator(err)
		case a.Verified:
			return wire.Fail(isojot.ErrUserAuthenticatorAlreadyVerified)
		}
		if err := c.takeTOTP(ctx, t, a, code); err != nil {
			return err
		}
		return c.raise(ctx, t, store.FactorTOTP)
	})
	if err != nil {
		return err
	}
	return c.getAccount()
}

// takeTOTP takes a code of the caller's authenticator, once.
func (c *call) takeTOTP(ctx context.Context, t *store.Tx, a store.Authenticator, code string) error {
	step, ok, err := totpStep(a.Secret, code, a.LastStep, t.Now())
	switch {
	case err != nil:
		return err
	case !ok:
		return wire.Fail(isojot.ErrUserInvalidToken)
	}
	return t.TakeStep(ctx, c.project.ID, c.user.ID, step)
}

// deleteAuthenticator deletes the caller's authenticator, if the session has
// answered a challenge lately: DELETE /account/mfa/authenticators/{type}.
func (c *call) deleteAuthenticator() error {
	if err := c.checkRecent(c.now); err != nil {
		return err
	}
	if err := c.checkAuthenticatorType(); err != nil {
		return err
	}
	ctx := c.r.Context()
	err := c.act(func(t *store.Tx) error {
		if err := c.checkRecent(t.Now()); err != nil {
			return err
		}
		return t.DeleteAuthenticator(ctx, c.project.ID, c.user.ID)
	})
	if err != nil {
		return noAuthenticator(err)
	}
	noContent(c.w)
	return nil
}

// noAuthenticator turns the store's "not found" into the answer for
// authenticators.
func noAuthenticator(err error) error {
	return store.NotFoundAs(err, wire.Fail(isojot.ErrUserAuthenticatorNotFound))
}
