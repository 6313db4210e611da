package server

import (
	"cmp"
	"context"
	"errors"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// createTokenSession trades a one-time token of a user for a session, whatever its
// kind: POST /account/sessions/token, PUT /account/sessions/magic-url and
// PUT /account/sessions/phone.
func (c *call) createTokenSession() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	userID, err := p.CustomID("userId")
	if err != nil {
		return err
	}
	secret, err := p.Secret("secret")
	if err != nil {
		return err
	}
	secret = c.openSecret(secret)
	ctx := c.r.Context()
	guess, err := c.countGuess(ctx, secret)
	if err != nil {
		return err
	}
	var session store.Session
	sessionSecret := ids.NewSecret()
	err = c.act(func(t *store.Tx) error {
		user, token, err := c.takeLogin(ctx, t, userID, secret)
		if err != nil {
			return err
		}
		if token.Kind == store.OAuth2Token {
			session, err = c.tradeOAuth2Token(t, &user, token.Address, sessionSecret)
		} else {
			session, err = c.insertSession(t, &user, signInsByToken[token.Kind], sessionSecret)
		}
		if err != nil {
			return err
		}
		return guess.forgive(ctx, t, c.project.ID)
	})
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrUserInvalidToken))
	}
	return c.signedIn(&session, sessionSecret)
}

// takeLogin takes a one-time token that signs a user in; none is
// store.ErrNotFound. The address that it was sent to is verified by that. Only who
// has the secret learns that the user is blocked.
func (c *call) takeLogin(ctx context.Context, t *store.Tx, userID, secret string) (store.User, store.Token, error) {
	token, err := t.TakeToken(ctx, c.project.ID, userID, c.codeHash(userID, secret), store.EmailToken, store.PhoneToken, store.LoginToken)
	if errors.Is(err, store.ErrNotFound) {
		// Among them login tokens that were made before codeHash was.
		token, err = t.TakeToken(ctx, c.project.ID, userID, ids.Hash(secret), store.MagicURLToken, store.OAuth2Token, store.LoginToken)
	}
	if err != nil {
		return store.User{}, store.Token{}, err
	}
	user, err := t.User(ctx, c.project.ID, userID)
	switch {
	case err != nil:
		return store.User{}, store.Token{}, err
	case user.Blocked:
		return store.User{}, store.Token{}, wire.Fail(isojot.ErrUserBlocked)
	}
	return user, token, c.verifySent(ctx, t, &user, &token)
}

// verifySent notes that a user has what was sent to the e-mail address or phone
// number of a token. If that is not the user's any more, or leads into the account
// no more, store.ErrNotFound. A link that verifies an address shows that whoever
// opened it has the mailbox, but takes over nothing: users open it where they are
// not signed in, such as on another device, and have asked for it themselves.
func (c *call) verifySent(ctx context.Context, t *store.Tx, u *store.User, token *store.Token) error {
	switch token.Kind {
	case store.MagicURLToken, store.EmailToken, store.VerificationToken, store.RecoveryToken:
		if u.Email == "" || u.Email != token.Address {
			return store.ErrNotFound
		}
		if token.Kind != store.VerificationToken {
			return c.provesEmail(ctx, t, u)
		}
		if u.EmailVerified {
			return nil
		}
		u.EmailVerified = true
		return t.SetEmailVerified(ctx, c.project.ID, u.ID, true)
	case store.PhoneToken, store.PhoneVerificationToken:
		if u.Phone == "" || u.Phone != token.Address {
			return store.ErrNotFound
		}
		if u.PhoneVerified {
			return nil
		}
		if token.Kind == store.PhoneToken { // the account may have got more since the code was sent
			if leads, err := c.numberLeadsIn(ctx, t, u); err != nil || !leads {
				return cmp.Or(err, store.ErrNotFound)
			}
		}
		u.PhoneVerified = true
		return t.SetPhoneVerified(ctx, c.project.ID, u.ID, true)
	}
	return nil
}

// provesEmail notes that whoever makes the request reads the mail of a user's
// address. Where nobody had verified it, anybody may have signed up with it: the
// account is its reader's from then on, without what was there before, unless they
// are signed in to it.
func (c *call) provesEmail(ctx context.Context, t *store.Tx, u *store.User) (err error) {
	switch {
	case u.EmailVerified:
		return nil
	case c.user != nil && c.user.ID == u.ID:
		err = t.SetEmailVerified(ctx, c.project.ID, u.ID, true)
	default:
		err = t.TakeOver(ctx, c.project.ID, u.ID, u.Email)
	}
	if err != nil {
		return err
	}
	*u, err = t.User(ctx, c.project.ID, u.ID)
	return err
}
