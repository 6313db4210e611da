package server

import (
	"context"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// phoneHandlers answer signing in by a code that is sent to a phone, and the
// verification of phone numbers.
var phoneHandlers = handlers{
	"account.createPhoneToken":        (*call).createPhoneToken,
	"account.createPhoneVerification": (*call).createPhoneVerification,
	"account.updatePhoneVerification": (*call).updatePhoneVerification,
}

// createPhoneToken sends a code that signs in to a phone number, which makes a new
// user where nobody has it: POST /account/tokens/phone. Strangers are told the same
// of a blocked user, and of a number that leads into no account, who get nothing.
func (c *call) createPhoneToken() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	id, err := p.CustomID("userId")
	if err != nil {
		return err
	}
	phone, err := p.Phone("phone")
	if err != nil {
		return err
	}
	if err := c.textReady(); err != nil {
		return err
	}
	var token store.Token
	code := c.codeFor(phone)
	err = c.act(func(t *store.Tx) error {
		user, err := c.userByPhone(t, id, phone)
		if err != nil {
			return err
		}
		if user.Blocked {
			return c.keepFrom(t, &user, isojot.ErrUserBlocked, codeLife, &token)
		}
		switch leads, err := c.numberLeadsIn(c.r.Context(), t, &user); {
		case err != nil:
			return err
		case !leads:
			return c.keepFrom(t, &user, isojot.ErrUserPhoneNotVerified, codeLife, &token)
		}
		if token, err = c.createToken(t, &user, store.PhoneToken, phone, c.codeHash(user.ID, code), codeLife); err != nil {
			return err
		}
		return c.textCode(t, mail.TextLogin, &token, code)
	})
	if err != nil {
		return err
	}
	view := tokenView(&token)
	view.Secret = c.shownSecret(token.UserID, code) // in Appwrite, it is wrapped as that of a session
	c.answer(http.StatusCreated, view)
	return nil
}

// userByPhone is userOr for a phone number.
func (c *call) userByPhone(t *store.Tx, id, phone string) (store.User, error) {
	return c.userOr(t, id, func() (store.User, error) { return t.UserByPhone(c.r.Context(), c.project.ID, phone) }, func(u *store.User) {
		u.Phone, u.PhoneTarget = phone, c.s.newTarget(t)
	})
}

// numberLeadsIn reports whether whoever reads what is sent to a user's phone number
// may sign in by that. Anybody can give an account of theirs a number that is not
// theirs, and its owner would be signed in to it: one that nobody has verified leads
// only into an account that has nothing else by which it was made, and never had a
// password.
func (c *call) numberLeadsIn(ctx context.Context, t *store.Tx, u *store.User) (bool, error) {
	if u.PhoneVerified {
		return true, nil
	}
	if u.Email != "" || !u.PasswordAt.IsZero() {
		return false, nil
	}
	has, err := t.HasIdentity(ctx, c.project.ID, u.ID)
	return !has, err
}

// createPhoneVerification sends the caller a code that verifies its phone number:
// POST /account/verifications/phone.
func (c *call) createPhoneVerification() error {
	if err := c.textReady(); err != nil {
		return err
	}
	var token store.Token
	err := c.act(func(t *store.Tx) (err error) {
		user := c.user
		switch {
		case user.Phone == "":
			return wire.Fail(isojot.ErrUserPhoneNotFound)
		case user.PhoneVerified:
			return wire.Fail(isojot.ErrUserPhoneAlreadyVerified)
		}
		code := c.codeFor(user.Phone)
		token, err = c.createToken(t, user, store.PhoneVerificationToken, user.Phone, c.codeHash(user.ID, code), phoneVerificationLife)
		if err != nil {
			return err
		}
		return c.textCode(t, mail.TextVerification, &token, code)
	})
	if err != nil {
		return err
	}
	c.answer(http.StatusCreated, tokenView(&token))
	return nil
}

// updatePhoneVerification verifies the phone number that a code was sent to, if it
// is the user's still: PUT /account/verifications/phone.
func (c *call) updatePhoneVerification() error {
	return c.verify(store.PhoneVerificationToken, c.codeHash)
}
