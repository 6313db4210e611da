package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/wire"
)

// accountHandlers answer the operations of an account as a whole (contract section 9).
var accountHandlers = handlers{
	"account.create": (*call).createAccount,
	"account.get":    (*call).getAccount,
	"account.delete": (*call).deleteAccount,
}

// NewUser is a user to create.
type NewUser struct {
	// ID is "" or "unique()" for a new id, else 1 to 36 of a-z, A-Z, 0-9,
	// period, hyphen and underscore, the first a letter or digit.
	ID string
	// Email is a valid address.
	Email string
	// Password has 8 to 256 bytes.
	Password string
	// Name has at most 128 characters; it may be empty.
	Name string
}

// createAccount signs a user up: POST /account.
func (c *call) createAccount() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	n, err := newUser(p, c.config.rules)
	if err != nil {
		return err
	}
	u, err := c.s.createUser(c.r.Context(), c.by(), c.project.ID, n, c.act, c.checkUserCount)
	if err != nil {
		return err
	}
	c.answer(http.StatusCreated, account(&u))
	return nil
}

// newUser validates the parameters of a sign-up, in Appwrite's order.
func newUser(p wire.Params, rules Rules) (n NewUser, err error) {
	if n.ID, err = p.CustomID("userId"); err != nil {
		return n, err
	}
	if n.Email, err = p.Email("email"); err != nil {
		return n, err
	}
	if n.Password, err = rules.newPassword(p, "password"); err != nil {
		return n, err
	}
	if n.Name, err = p.OptionalName("name"); err != nil {
		return n, err
	}
	return n, rules.checkPersonal(n.Password, &store.User{ID: n.ID, Email: n.Email, Name: n.Name})
}

// createUser stores a user whose fields are valid, in a transaction of act, if
// allowed says so.
func (s *Server) createUser(ctx context.Context, by, project string, n NewUser, act transact, allowed func(*store.Tx) error) (u store.User, err error) {
	hash, err := s.hasher.Hash(ctx, by, n.Password)
	if err != nil {
		return u, err
	}
	err = act(func(t *store.Tx) error {
		if err := allowed(t); err != nil {
			return err
		}
		u = s.userRow(n.ID, t.Now())
		u.Email, u.Name, u.PasswordAt, u.EmailTarget = n.Email, n.Name, t.Now(), s.newTarget(t)
		return t.InsertUser(ctx, project, u, hash)
	})
	if errors.Is(err, store.ErrDuplicate) {
		return u, wire.Fail(isojot.ErrUserAlreadyExists)
	}
	return u, err
}

// transact runs a change in a transaction.
type transact func(change func(*store.Tx) error) error

// newTarget is a messaging target that is made now.
func (s *Server) newTarget(t *store.Tx) store.Target {
	return store.NewTarget(s.ids.Unique(t.Now()), t.Now())
}

// userRow is a new user without e-mail and password.
func (s *Server) userRow(id string, now time.Time) store.User {
	if id == "" || id == "unique()" {
		id = s.ids.Unique(now)
	}
	return store.User{ID: id, Labels: []string{}, Prefs: []byte("{}"),
		RegisteredAt: now, AccessedAt: now, CreatedAt: now, UpdatedAt: now}
}

// databaseDate is how Appwrite's database takes dates, in UTC.
const databaseDate = "2006-01-02 15:04:05.000"

// getAccount answers with the caller's account: GET /account. The request that
// notes the access gets accessedAt as it is noted, which in Appwrite is the form
// that the database takes.
func (c *call) getAccount() error {
	a := c.accountOf(c.user)
	if c.accessed {
		a.AccessedAt = c.user.AccessedAt.UTC().Format(databaseDate)
	}
	c.answer(http.StatusOK, a)
	return nil
}

// deleteAccount deletes the caller with all its sessions: DELETE /account. As
// in Appwrite, the answer leaves the cookies, which are worth nothing.
func (c *call) deleteAccount() error {
	ctx := c.r.Context()
	err := c.act(func(t *store.Tx) error { return t.DeleteUser(ctx, c.project.ID, c.user.ID, executions.UserDeleted) })
	if err != nil && !errors.Is(err, store.ErrNotFound) { // gone already is what was asked for
		return err
	}
	noContent(c.w)
	return nil
}

// checkUserCount refuses sign-ups beyond the project's number of users.
func (c *call) checkUserCount(t *store.Tx) error {
	most := c.config.rules.MaxUsers
	if most == 0 || c.byKey() {
		return nil
	}
	n, err := t.UserCount(c.r.Context(), c.project.ID, most)
	if err == nil && n >= most {
		return wire.Fail(isojot.ErrUserCountExceeded)
	}
	return err
}
