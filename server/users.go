package server

import (
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/listing"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersHandlers answer the operations of users as a whole.
var usersHandlers = handlers{
	"users.create":   (*call).createUser,
	"users.list":     (*call).listUsers,
	"users.get":      (*call).getUser,
	"users.delete":   (*call).deleteUser,
	"users.getPrefs": (*call).getUserPrefs,
}

// createUser makes a user: POST /users. Unlike a sign-up it needs neither
// e-mail address nor password, and the user has not been here yet.
func (c *call) createUser() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	asked, password, err := userFrom(p, c.config.rules)
	if err != nil {
		return err
	}
	hash := ""
	if password != "" {
		if hash, err = c.s.hasher.Hash(c.r.Context(), c.by(), password); err != nil {
			return err
		}
	}
	return c.insertUser(asked, hash)
}

// userFrom validates the parameters of a new user, in Appwrite's order.
func userFrom(p wire.Params, rules Rules) (u store.User, password string, err error) {
	if u.ID, err = p.CustomID("userId"); err != nil {
		return u, "", err
	}
	if u.Email, err = p.OptionalEmail("email"); err != nil {
		return u, "", err
	}
	if u.Phone, err = p.OptionalPhone("phone"); err != nil {
		return u, "", err
	}
	if v, _ := p.Optional("password"); v != nil {
		if password, err = rules.newPassword(p, "password"); err != nil {
			return u, "", err
		}
	}
	if u.Name, err = p.OptionalName("name"); err != nil {
		return u, "", err
	}
	return u, password, rules.checkPersonal(password, &u)
}

// askedUser is a user that a server makes, as it asks for: one that has not been
// here yet.
func (s *Server) askedUser(t *store.Tx, asked store.User, password bool) store.User {
	u := s.userRow(asked.ID, t.Now())
	u.Email, u.Phone, u.Name, u.AccessedAt = asked.Email, asked.Phone, asked.Name, time.Time{}
	if password {
		u.PasswordAt = t.Now()
	}
	if u.Email != "" {
		u.EmailTarget = s.newTarget(t)
	}
	if u.Phone != "" {
		u.PhoneTarget = s.newTarget(t)
	}
	return u
}

// writeUser answers with a user.
func (c *call) writeUser(status int, u *store.User, hash string) error {
	view, err := c.s.userView(u, hash)
	if err != nil {
		return err
	}
	c.answer(status, view)
	return nil
}

// getUser answers with a user: GET /users/{userId}.
func (c *call) getUser() error {
	u, hash, err := c.findUser()
	if err != nil {
		return err
	}
	return c.writeUser(http.StatusOK, &u, hash)
}

// findUser reads the user of the path.
func (c *call) findUser() (store.User, string, error) {
	id, err := c.userID()
	if err != nil {
		return store.User{}, "", err
	}
	u, hash, err := c.s.db.UserAndHash(c.r.Context(), c.project.ID, id)
	return u, hash, noSuchUser(err)
}

// noSuchUser turns the store's "not found" into the answer for users.
func noSuchUser(err error) error {
	return store.NotFoundAs(err, wire.Fail(isojot.ErrUserNotFound))
}

// getUserPrefs answers with a user's preferences alone:
// GET /users/{userId}/prefs.
func (c *call) getUserPrefs() error {
	u, _, err := c.findUser()
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, u.Prefs)
	return nil
}

// deleteUser deletes a user with all it has: DELETE /users/{userId}.
func (c *call) deleteUser() error {
	id, err := c.userID()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error { return t.DeleteUser(ctx, c.project.ID, id, executions.UserDeleted) })
	if err != nil {
		return noSuchUser(err)
	}
	noContent(c.w)
	return nil
}

// listUsers answers with a page of users: GET /users.
func (c *call) listUsers() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	page, err := userPage(p)
	if err != nil {
		return err
	}
	total, err := listing.WantsTotal(p)
	if err != nil {
		return err
	}
	page.Room = c.memory().tryHold
	users, err := c.s.db.Users(c.r.Context(), c.project.ID, page)
	if err != nil {
		return store.NotFoundAs(err, wire.Failf(isojot.ErrCursorNotFound, "User '%s' for the 'cursor' value not found.", page.Cursor))
	}
	list := listJSON{name: "users"}
	for i := range users {
		view, err := c.s.userView(&users[i].User, users[i].PasswordHash)
		if err != nil {
			return err
		}
		list.items = append(list.items, view)
	}
	if total {
		if list.total, err = listing.Total(page, len(users), func(most int) (int, error) {
			return c.s.db.CountUsers(c.r.Context(), c.project.ID, page.Where, most)
		}); err != nil {
			return err
		}
	}
	c.answer(http.StatusOK, list)
	return nil
}

// maxSearch is how long the text of a search may be, in characters.
const maxSearch = 256

// userPage validates the parameters of a list of users.
func userPage(p wire.Params) (store.Page, error) {
	page, err := listing.Parse(p, store.UserColumns)
	if err != nil {
		return page, err
	}
	search, err := p.OptionalText("search", "Value must be a valid string and at least 1 chars and no longer than 256 chars",
		func(s string) bool { return s != "" && utf8.RuneCountInString(s) <= maxSearch })
	if search != "" {
		page.Where.Parts = append(page.Where.Parts, store.UserSearch(search))
	}
	return page, err
}

// userID is the id of the user in the path.
func (c *call) userID() (string, error) { return wire.UID("userId", c.r.PathValue("userId")) }
