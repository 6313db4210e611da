package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// accountUpdateHandlers answer the operations by which users change what their
// account says of them.
var accountUpdateHandlers = handlers{
	"account.getPrefs":       (*call).getPrefs,
	"account.updatePrefs":    (*call).updatePrefs,
	"account.updateName":     (*call).updateName,
	"account.updateEmail":    (*call).updateEmail,
	"account.updatePhone":    (*call).updatePhone,
	"account.updatePassword": (*call).updatePassword,
	"account.updateStatus":   (*call).updateStatus,
}

// getPrefs answers with the caller's preferences alone: GET /account/prefs.
func (c *call) getPrefs() error {
	c.answer(http.StatusOK, json.RawMessage(c.user.Prefs))
	return nil
}

// updatePrefs replaces the caller's preferences: PATCH /account/prefs.
func (c *call) updatePrefs() error {
	return c.changeAccount(func(ctx context.Context, p wire.Params) (accountChange, error) {
		prefs, err := p.Prefs("prefs")
		return func(t *store.Tx) error { return t.SetPrefs(ctx, c.project.ID, c.user.ID, prefs) }, err
	})
}

// updateName renames the caller: PATCH /account/name.
func (c *call) updateName() error {
	return c.changeAccount(func(ctx context.Context, p wire.Params) (accountChange, error) {
		name, err := p.Name("name")
		return func(t *store.Tx) error { return t.SetName(ctx, c.project.ID, c.user.ID, name) }, err
	})
}

// updateEmail gives the caller another e-mail address: PATCH /account/email.
func (c *call) updateEmail() error {
	return c.changeContact(func(p wire.Params) (string, error) { return p.Email("email") }, c.setEmail)
}

// updatePhone gives the caller another phone number: PATCH /account/phone.
func (c *call) updatePhone() error {
	return c.changeContact(func(p wire.Params) (string, error) { return p.Phone("phone") }, c.setPhone)
}

// changeContact gives the caller an e-mail address or phone number: what read
// reads, and set stores. A user without a password gets the one that is sent,
// which is how an anonymous user becomes one that can sign in again.
func (c *call) changeContact(read func(wire.Params) (string, error), set func(context.Context, *store.Tx, string) error) error {
	return c.changeAccount(func(ctx context.Context, p wire.Params) (accountChange, error) {
		value, err := read(p)
		if err != nil {
			return nil, err
		}
		password, err := p.Password("password")
		if err != nil {
			return nil, err
		}
		old, hash, err := c.verifyOrHash(ctx, password)
		if err != nil {
			return nil, err
		}
		asked, err := c.askForAddress(ctx)
		return c.ifPasswordIs(ctx, old, func(t *store.Tx) error {
			if err := set(ctx, t, value); err != nil {
				return err
			}
			if err := c.setFirstPassword(ctx, t, hash); err != nil {
				return err
			}
			return asked.forgive(ctx, t, c.project.ID)
		}), err
	})
}

// verifyOrHash verifies the caller's password and returns its hash, or, if the
// caller has none, the hash that the password gets.
func (c *call) verifyOrHash(ctx context.Context, password string) (old, hash string, err error) {
	if !c.user.PasswordAt.IsZero() {
		old, err = c.verifyPassword(ctx, password)
		return old, "", err
	}
	hash, err = c.s.hasher.Hash(ctx, c.by(), password)
	return "", hash, err
}

// ifPasswordIs is a change that is made only if the password's hash is still
// the one that the caller was verified with: of two changes that overlap, the
// second is refused as if it had come later.
func (c *call) ifPasswordIs(ctx context.Context, hash string, change accountChange) accountChange {
	return func(t *store.Tx) error {
		_, err := t.UserWithPassword(ctx, c.project.ID, c.user.ID, hash)
		if err != nil {
			return store.NotFoundAs(err, wire.Fail(isojot.ErrUserInvalidCredentials))
		}
		if err := change(t); err != nil {
			return err
		}
		return c.forgivePasswords(ctx, t)
	}
}

// setFirstPassword stores the hash of a first password, if there is one.
func (c *call) setFirstPassword(ctx context.Context, t *store.Tx, hash string) error {
	if hash == "" {
		return nil
	}
	return t.SetPassword(ctx, c.project.ID, c.user.ID, hash, c.config.rules.PasswordHistory)
}

// setEmail stores an e-mail address, which must be another than the caller has.
func (c *call) setEmail(ctx context.Context, t *store.Tx, email string) error {
	if email == c.user.Email {
		return wire.Fail(isojot.ErrUserTargetAlreadyExists)
	}
	return t.SetEmail(ctx, c.project.ID, c.user.ID, email, "")
}

// setPhone stores a phone number. The one that the caller has is no change but
// for its verification, as in Appwrite.
func (c *call) setPhone(ctx context.Context, t *store.Tx, phone string) error {
	if phone == c.user.Phone {
		return t.SetPhoneVerified(ctx, c.project.ID, c.user.ID, false)
	}
	err := t.SetPhone(ctx, c.project.ID, c.user.ID, phone, "")
	if errors.Is(err, store.ErrDuplicate) {
		return wire.Fail(isojot.ErrUserPhoneAlreadyExists)
	}
	return err
}

// updatePassword changes the caller's password: PATCH /account/password. Other
// sessions end, if the project's rules say so and one of them is the caller's:
// a JWT keeps them all (contract section 5.3).
func (c *call) updatePassword() error {
	return c.changeAccount(func(ctx context.Context, p wire.Params) (accountChange, error) {
		password, err := c.config.rules.newPassword(p, "password")
		if err != nil {
			return nil, err
		}
		old, err := p.OldPassword("oldPassword")
		if err != nil {
			return nil, err
		}
		verified := ""
		if !c.user.PasswordAt.IsZero() {
			if verified, err = c.verifyPassword(ctx, old); err != nil {
				return nil, err
			}
		}
		renewed, err := c.renewed(ctx, c.user.ID, password)
		if errors.Is(err, store.ErrNotFound) { // deleted meanwhile
			return nil, c.refuseGone()
		}
		if err == nil {
			err = c.config.rules.checkPersonal(password, c.user)
		}
		return c.ifPasswordIs(ctx, verified, func(t *store.Tx) error { return c.setPassword(ctx, t, renewed.hash) }), err
	})
}

// setPassword stores the hash of a password and ends other sessions.
func (c *call) setPassword(ctx context.Context, t *store.Tx, hash string) error {
	if err := t.SetPassword(ctx, c.project.ID, c.user.ID, hash, c.config.rules.PasswordHistory); err != nil {
		return err
	}
	if c.session == nil || c.config.rules.KeepSessions {
		return nil
	}
	return t.DeleteOtherSessions(ctx, c.project.ID, c.user.ID, c.session.ID)
}

// verifyPassword refuses a password that is not the caller's, and returns the
// hash of the one that is.
func (c *call) verifyPassword(ctx context.Context, password string) (hash string, err error) {
	if err := c.countPassword(ctx); err != nil {
		return "", err
	}
	_, hash, err = c.s.db.UserAndHash(ctx, c.project.ID, c.user.ID)
	switch {
	case errors.Is(err, store.ErrNotFound): // deleted meanwhile
		return "", c.refuseGone()
	case err != nil:
		return "", err
	}
	match := false
	if hash != "" { // taken away meanwhile
		match, err = c.s.hasher.Verify(ctx, c.by(), hash, password)
	}
	if err == nil && !match {
		return "", wire.Fail(isojot.ErrUserInvalidCredentials)
	}
	return hash, err
}

// updateStatus blocks the caller, which only a server with an API key can
// undo: PATCH /account/status.
func (c *call) updateStatus() error {
	err := c.makeAccountChange(func(ctx context.Context, _ wire.Params) (accountChange, error) {
		return func(t *store.Tx) error { return t.SetBlocked(ctx, c.project.ID, c.user.ID, true) }, nil
	})
	if err != nil {
		return err
	}
	c.clearSession()
	return c.getAccount()
}

// accountChange changes the caller's account, in a transaction.
type accountChange func(*store.Tx) error

// changeAccount validates the parameters by read, makes the change that read
// returns, and answers with the account.
func (c *call) changeAccount(read func(context.Context, wire.Params) (accountChange, error)) error {
	if err := c.makeAccountChange(read); err != nil {
		return err
	}
	return c.getAccount()
}

// makeAccountChange is changeAccount without the answer; c.user is as it was
// stored.
func (c *call) makeAccountChange(read func(context.Context, wire.Params) (accountChange, error)) error {
	p, err := c.params()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	change, err := read(ctx, p)
	if err != nil {
		return err
	}
	err = c.act(change)
	if errors.Is(err, store.ErrDuplicate) {
		return wire.Fail(isojot.ErrUserTargetAlreadyExists)
	}
	if err != nil {
		return noSuchUser(err)
	}
	user, err := c.s.db.User(ctx, c.project.ID, c.user.ID)
	c.user = &user
	return noSuchUser(err)
}
