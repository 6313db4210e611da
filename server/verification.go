package server

import (
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// verificationHandlers answer the verification of e-mail addresses.
var verificationHandlers = handlers{
	"account.createEmailVerification": (*call).createEmailVerification,
	"account.createVerification":      (*call).createEmailVerification,
	"account.updateEmailVerification": (*call).updateEmailVerification,
	"account.updateVerification":      (*call).updateEmailVerification,
}

// createEmailVerification mails the caller a link that verifies its e-mail
// address: POST /account/verifications/email.
func (c *call) createEmailVerification() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	address, err := c.redirectURL(p, "url")
	if err != nil {
		return err
	}
	if err := c.mailReady(mail.Verification); err != nil {
		return err
	}
	var token store.Token
	secret := newLinkSecret(linkBytes)
	err = c.act(func(t *store.Tx) error {
		user := c.user
		switch {
		case user.Email == "":
			return wire.Fail(isojot.ErrUserEmailNotFound)
		case user.EmailVerified:
			return wire.Fail(isojot.ErrUserEmailAlreadyVerified)
		}
		if token, err = c.createToken(t, user, store.VerificationToken, user.Email, ids.Hash(secret), linkLife); err != nil {
			return err
		}
		m := c.mailTo(user, mail.Verification, &token, true)
		m.Values.Redirect = linkFor(address, &token, secret)
		return c.mail(t, m)
	})
	if err != nil {
		return err
	}
	c.answer(http.StatusCreated, tokenView(&token))
	return nil
}

// updateEmailVerification verifies the e-mail address that a link was mailed to,
// if it is the user's still: PUT /account/verifications/email.
func (c *call) updateEmailVerification() error {
	return c.verify(store.VerificationToken, func(_, secret string) string { return ids.Hash(secret) })
}

// verify takes a token of a user that was sent to an address, and notes that the
// address is verified. Like a wrong secret is answered that of nobody: whether an
// id is a user's is not told.
func (c *call) verify(kind store.TokenKind, hash func(userID, secret string) string) error {
	p, err := c.params()
	if err != nil {
		return err
	}
	userID, secret, err := userAndSecret(p)
	if err != nil {
		return err
	}
	var token store.Token
	err = c.act(func(t *store.Tx) error {
		token, err = c.takeSent(t, kind, userID, hash(userID, secret))
		return err
	})
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, tokenView(&token))
	return nil
}

// takeSent takes a token of a user that was sent, and notes that the address is
// verified. Only who has the secret learns that the user is blocked.
func (c *call) takeSent(t *store.Tx, kind store.TokenKind, userID, hash string) (store.Token, error) {
	ctx := c.r.Context()
	token, err := t.TakeToken(ctx, c.project.ID, userID, hash, kind)
	var user store.User
	if err == nil {
		user, err = t.User(ctx, c.project.ID, userID)
	}
	if err == nil && user.Blocked {
		return token, wire.Fail(isojot.ErrUserBlocked)
	}
	if err == nil {
		err = c.verifySent(ctx, t, &user, &token)
	}
	return token, store.NotFoundAs(err, wire.Fail(isojot.ErrUserInvalidToken))
}

// userAndSecret are the parameters userId and secret.
func userAndSecret(p wire.Params) (userID, secret string, err error) {
	if userID, err = p.Text("userId", wire.DescribeUID, wire.ValidID); err == nil {
		secret, err = p.Secret("secret")
	}
	return userID, secret, err
}
