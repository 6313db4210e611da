package server

import (
	"errors"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersUpdateHandlers answer the operations that change users.
var usersUpdateHandlers = handlers{
	"users.updateStatus":            (*call).updateUserStatus,
	"users.updateName":              (*call).updateUserName,
	"users.updateEmail":             (*call).updateUserEmail,
	"users.updatePhone":             (*call).updateUserPhone,
	"users.updatePassword":          (*call).updateUserPassword,
	"users.updateLabels":            (*call).updateUserLabels,
	"users.updatePrefs":             (*call).updateUserPrefs,
	"users.updateEmailVerification": (*call).updateUserEmailVerification,
	"users.updatePhoneVerification": (*call).updateUserPhoneVerification,
}

// userChange changes the user of that id, in a transaction.
type userChange func(t *store.Tx, id string) error

// changeUser validates the path, then the parameters by read, makes the change
// that read returns, and answers with the user. An address that is taken, if
// only by the user itself, is refused.
func (c *call) changeUser(read func(wire.Params) (userChange, error)) error {
	if err := c.makeChange(read); err != nil {
		return err
	}
	return c.getUser()
}

// makeChange is changeUser without the answer.
func (c *call) makeChange(read func(wire.Params) (userChange, error)) error {
	id, err := c.userID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	change, err := read(p)
	if err != nil {
		return err
	}
	err = c.act(func(t *store.Tx) error { return change(t, id) })
	if errors.Is(err, store.ErrDuplicate) {
		return wire.Fail(isojot.ErrUserTargetAlreadyExists)
	}
	return noSuchUser(err)
}

// updateUserStatus blocks a user or lets it in: PATCH /users/{userId}/status.
func (c *call) updateUserStatus() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		status, err := p.Truth("status")
		return func(t *store.Tx, id string) error {
			return t.SetBlocked(c.r.Context(), c.project.ID, id, !status)
		}, err
	})
}

// updateUserName renames a user: PATCH /users/{userId}/name.
func (c *call) updateUserName() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		name, err := p.NameOrEmpty("name")
		return func(t *store.Tx, id string) error {
			return t.SetName(c.r.Context(), c.project.ID, id, name)
		}, err
	})
}

// updateUserEmail gives a user another e-mail address:
// PATCH /users/{userId}/email.
func (c *call) updateUserEmail() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		email, err := p.EmailOrEmpty("email")
		return func(t *store.Tx, id string) error {
			return t.SetEmail(c.r.Context(), c.project.ID, id, email, c.s.ids.Unique(t.Now()))
		}, err
	})
}

// updateUserPhone gives a user another phone number:
// PATCH /users/{userId}/phone.
func (c *call) updateUserPhone() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		phone, err := p.PhoneOrEmpty("number")
		return func(t *store.Tx, id string) error {
			return t.SetPhone(c.r.Context(), c.project.ID, id, phone, c.s.ids.Unique(t.Now()))
		}, err
	})
}

// updateUserPassword sets or takes away a user's password, and ends its
// sessions unless the project keeps them: PATCH /users/{userId}/password.
func (c *call) updateUserPassword() error {
	for {
		// Of two changes that overlap, the second looks again at the passwords
		// that were used.
		if err := c.tryUserPassword(); !errors.Is(err, errRenewedMeanwhile) {
			return err
		}
	}
}

func (c *call) tryUserPassword() error {
	ctx := c.r.Context()
	return c.changeUser(func(p wire.Params) (userChange, error) {
		password, err := c.config.rules.newPasswordOrNone(p, "password")
		if err != nil {
			return nil, err
		}
		user, _, err := c.findUser()
		if err != nil {
			return nil, err
		}
		if err := c.config.rules.checkPersonal(password, &user); err != nil {
			return nil, err
		}
		renewed, err := c.renewed(ctx, user.ID, password)
		return func(t *store.Tx, id string) error {
			err := renewed.store(ctx, t, c)
			if err != nil || c.config.rules.KeepSessions {
				return err
			}
			return t.DeleteSessions(ctx, c.project.ID, id)
		}, err
	})
}

// updateUserLabels replaces a user's labels: PUT /users/{userId}/labels.
func (c *call) updateUserLabels() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		labels, err := p.Labels("labels")
		return func(t *store.Tx, id string) error {
			return t.SetLabels(c.r.Context(), c.project.ID, id, labels)
		}, err
	})
}

// updateUserEmailVerification sets whether a user's e-mail address is verified:
// PATCH /users/{userId}/verification.
func (c *call) updateUserEmailVerification() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		verified, err := p.Boolean("emailVerification")
		return func(t *store.Tx, id string) error {
			return t.SetEmailVerified(c.r.Context(), c.project.ID, id, verified)
		}, err
	})
}

// updateUserPhoneVerification sets whether a user's phone number is verified:
// PATCH /users/{userId}/verification/phone.
func (c *call) updateUserPhoneVerification() error {
	return c.changeUser(func(p wire.Params) (userChange, error) {
		verified, err := p.Boolean("phoneVerification")
		return func(t *store.Tx, id string) error {
			return t.SetPhoneVerified(c.r.Context(), c.project.ID, id, verified)
		}, err
	})
}

// updateUserPrefs replaces a user's preferences, and answers with them alone:
// PATCH /users/{userId}/prefs.
func (c *call) updateUserPrefs() error {
	var prefs []byte
	err := c.makeChange(func(p wire.Params) (userChange, error) {
		var err error
		prefs, err = p.Prefs("prefs")
		return func(t *store.Tx, id string) error {
			return t.SetPrefs(c.r.Context(), c.project.ID, id, prefs)
		}, err
	})
	if err != nil {
		return err
	}
	return c.getUserPrefs()
}
