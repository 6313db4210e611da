package server

import (
	"context"
	"fmt"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/wire"
)

// ErrNoUser says that there is no user with that id.
var ErrNoUser = projects.ErrNoUser

// CreateUser creates a user in the project of Options and returns its id. It
// validates like a sign-up: an error names the field and its bound, or says
// that the id or e-mail address is taken.
func (s *Server) CreateUser(ctx context.Context, n NewUser) (id string, err error) {
	values := map[string]any{"userId": n.ID, "email": n.Email, "password": n.Password}
	if n.ID == "" {
		values["userId"] = "unique()"
	}
	if n.Name != "" {
		values["name"] = n.Name
	}
	valid, err := newUser(wire.NewParams(values), s.config(s.options.Project).rules)
	if err != nil {
		return "", fmt.Errorf("server: creating a user: %w", err)
	}
	act := func(change func(*store.Tx) error) error { return s.db.Tx(ctx, change) }
	anyNumber := func(*store.Tx) error { return nil }
	u, err := s.createUser(ctx, byProgram, s.options.Project, valid, act, anyNumber)
	if err != nil {
		return "", fmt.Errorf("server: creating a user: %w", err)
	}
	return u.ID, nil
}

// CreateSession signs a user in without a password and returns the string
// that stands for the session: the value of its cookie before percent-encoding,
// and of X-Appwrite-Session. An unknown user is ErrNoUser.
func (s *Server) CreateSession(ctx context.Context, userID string) (string, error) {
	u, err := s.db.User(ctx, s.options.Project, userID)
	if err != nil {
		return "", noUser(err)
	}
	rules, secret := s.config(s.options.Project).rules, ids.NewSecret()
	err = s.db.Tx(ctx, func(t *store.Tx) error {
		session := sessionRow(s.ids.Unique(t.Now()), &u, byTheServer, t.Now(), rules)
		return t.InsertSession(ctx, s.options.Project, session, ids.Hash(secret), rules.maxSessions())
	})
	if err != nil {
		return "", noUser(err)
	}
	return encodeStore(u.ID, secret), nil
}

// SetUserStatus blocks a user (false), or lets a blocked one in again (true).
// An unknown user is ErrNoUser.
func (s *Server) SetUserStatus(ctx context.Context, userID string, status bool) error {
	return noUser(s.db.Tx(ctx, func(t *store.Tx) error {
		return t.SetBlocked(ctx, s.options.Project, userID, !status)
	}))
}

// noUser turns the store's "not found" into ErrNoUser.
func noUser(err error) error {
	return store.NotFoundAs(err, ErrNoUser)
}
