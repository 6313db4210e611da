package server

import (
	"context"
	"encoding/hex"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// Recovery codes, as in Appwrite.
const (
	recoveryCodes     = 6 // that are made at once
	recoveryCodeBytes = 5 // of each, before it is written in hex
)

// newRecoveryCodes makes the codes of a user.
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = hex.EncodeToString(ids.Random(recoveryCodeBytes))
	}
	return codes
}

// getRecoveryCodes answers with the caller's codes that are left, if the session
// has answered a challenge lately: GET /account/mfa/recovery-codes.
func (c *call) getRecoveryCodes() error {
	if err := c.checkRecent(c.now); err != nil {
		return err
	}
	return c.answerRecoveryCodes(c.user.ID)
}

// answerRecoveryCodes answers with the codes of a user.
func (c *call) answerRecoveryCodes(user string) error {
	codes, err := c.s.db.RecoveryCodes(c.r.Context(), c.project.ID, user)
	switch {
	case err != nil:
		return err
	case len(codes) == 0:
		return wire.Fail(isojot.ErrUserRecoveryCodesNotFound)
	}
	c.answer(http.StatusOK, recoveryCodesJSON{codes})
	return nil
}

// createRecoveryCodes makes the caller's first codes, or new ones after the last
// was used: POST /account/mfa/recovery-codes.
func (c *call) createRecoveryCodes() error {
	return c.makeRecoveryCodes(http.StatusCreated, c.firstRecoveryCodes)
}

// updateRecoveryCodes makes new codes instead of those that the caller has, if
// the session has answered a challenge lately: PATCH /account/mfa/recovery-codes.
func (c *call) updateRecoveryCodes() error {
	if err := c.checkRecent(c.now); err != nil {
		return err
	}
	return c.makeRecoveryCodes(http.StatusOK, func(ctx context.Context, t *store.Tx, user string, codes []string) error {
		if err := c.checkRecent(t.Now()); err != nil {
			return err
		}
		return c.otherRecoveryCodes(ctx, t, user, codes)
	})
}

// makeRecoveryCodes makes codes of the caller, stores them, and answers with
// them.
func (c *call) makeRecoveryCodes(status int, set recoveryChange) error {
	ctx, codes := c.r.Context(), newRecoveryCodes()
	if err := c.act(func(t *store.Tx) error { return set(ctx, t, c.user.ID, codes) }); err != nil {
		return err
	}
	c.answer(status, recoveryCodesJSON{codes})
	return nil
}

// recoveryChange stores codes of a user.
type recoveryChange func(ctx context.Context, t *store.Tx, user string, codes []string) error

// firstRecoveryCodes stores codes of a user that has none.
func (c *call) firstRecoveryCodes(ctx context.Context, t *store.Tx, user string, codes []string) error {
	old, err := t.RecoveryCodes(ctx, c.project.ID, user)
	switch {
	case err != nil:
		return err
	case len(old) > 0:
		return wire.Fail(isojot.ErrUserRecoveryCodesAlreadyExists)
	}
	return t.SetRecoveryCodes(ctx, c.project.ID, user, codes)
}

// otherRecoveryCodes stores codes of a user that has some.
func (c *call) otherRecoveryCodes(ctx context.Context, t *store.Tx, user string, codes []string) error {
	old, err := t.RecoveryCodes(ctx, c.project.ID, user)
	switch {
	case err != nil:
		return err
	case len(old) == 0:
		return wire.Fail(isojot.ErrUserRecoveryCodesNotFound)
	}
	return t.SetRecoveryCodes(ctx, c.project.ID, user, codes)
}
