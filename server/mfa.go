package server

import (
	"context"
	"net/http"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// mfaHandlers answer the operations of an account's second factors. Each has a
// name of before, in other letters.
var mfaHandlers = handlers{
	"account.updateMFA":              (*call).updateMFA,
	"account.createMfaAuthenticator": (*call).createAuthenticator,
	"account.createMFAAuthenticator": (*call).createAuthenticator,
	"account.updateMfaAuthenticator": (*call).verifyAuthenticator,
	"account.updateMFAAuthenticator": (*call).verifyAuthenticator,
	"account.deleteMfaAuthenticator": (*call).deleteAuthenticator,
	"account.deleteMFAAuthenticator": (*call).deleteAuthenticator,
	"account.createMfaChallenge":     (*call).createChallenge,
	"account.createMFAChallenge":     (*call).createChallenge,
	"account.updateMfaChallenge":     (*call).answerChallenge,
	"account.updateMFAChallenge":     (*call).answerChallenge,
	"account.listMfaFactors":         (*call).listFactors,
	"account.listMFAFactors":         (*call).listFactors,
	"account.getMfaRecoveryCodes":    (*call).getRecoveryCodes,
	"account.getMFARecoveryCodes":    (*call).getRecoveryCodes,
	"account.createMfaRecoveryCodes": (*call).createRecoveryCodes,
	"account.createMFARecoveryCodes": (*call).createRecoveryCodes,
	"account.updateMfaRecoveryCodes": (*call).updateRecoveryCodes,
	"account.updateMFARecoveryCodes": (*call).updateRecoveryCodes,
}

// recentChallenge is how long after an answered challenge a session may do what
// needs one.
const recentChallenge = 30 * time.Minute

// checkFactors refuses sessions that have not shown the second factor that is
// asked of their users, and JWTs of such sessions. A JWT that is bound to no
// session has shown none. A server with an API key acts for itself.
func (c *call) checkFactors() error { return c.factorsStand(c.r.Context(), c.s.db) }

// factorsStand is checkFactors by what the reader tells.
func (c *call) factorsStand(ctx context.Context, from store.Reader) error {
	if c.ep.oneFactor || c.byKey() {
		return nil
	}
	lacks, err := c.lacksFactor(ctx, from)
	if err == nil && lacks {
		err = wire.Fail(isojot.ErrUserMoreFactorsRequired)
	}
	return err
}

// lacksFactor reports whether a second factor is asked of the caller that its
// session has not shown.
func (c *call) lacksFactor(ctx context.Context, from store.Reader) (bool, error) {
	if c.user == nil || len(c.factors) >= store.FactorsAsked {
		return false, nil
	}
	return from.AsksFactor(ctx, c.project.ID, c.user)
}

// checkRecent refuses callers whose session has answered no challenge lately. A
// JWT answers none.
func (c *call) checkRecent(now time.Time) error {
	if c.session == nil || c.session.MFAAt.IsZero() || now.Sub(c.session.MFAAt) > recentChallenge {
		return wire.Fail(isojot.ErrUserChallengeRequired)
	}
	return nil
}

// updateMFA sets whether a second factor is asked for: PATCH /account/mfa. The
// session whose secret is presented goes on with the factors that the user has;
// the user's others need one from now on.
func (c *call) updateMFA() error {
	return c.changeAccount(func(ctx context.Context, p wire.Params) (accountChange, error) {
		on, err := p.Boolean("mfa")
		return func(t *store.Tx) error {
			if err := t.SetMFA(ctx, c.project.ID, c.user.ID, on); err != nil || !on || c.session == nil {
				return err
			}
			factors, err := t.Factors(ctx, c.project.ID, c.user)
			if err != nil {
				return err
			}
			return c.raise(ctx, t, factors.List()...)
		}, err
	})
}

// raise adds factors to those of the session whose secret is presented, if one
// is: what a JWT shows raises no session.
func (c *call) raise(ctx context.Context, t *store.Tx, factors ...store.Factor) error {
	if c.session == nil {
		return nil
	}
	_, err := t.RaiseSession(ctx, c.project.ID, c.user.ID, c.session.ID, time.Time{}, factors...)
	return err
}

// listFactors answers with the second factors that the caller has:
// GET /account/mfa/factors.
func (c *call) listFactors() error {
	factors, err := c.s.db.Factors(c.r.Context(), c.project.ID, c.user)
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, factorsView(factors))
	return nil
}
