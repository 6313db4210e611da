package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/wire"
)

// project is a project as it was read from the database.
type project struct {
	ID string
	// version is that of keys and claims, which may change.
	version int64
	keys    userjwt.Ring
	claims  moreClaims
}

// newProject readies the keys of a project for use.
func newProject(p store.Project) (*project, error) {
	claims, err := parseClaims(p.Claims)
	if err != nil {
		return nil, fmt.Errorf("server: project %q: %w", p.ID, err)
	}
	made := &project{ID: p.ID, version: p.KeyVersion, claims: claims}
	for _, k := range p.Keys {
		key, err := userjwt.NewKey(userjwt.Algorithm(k.Algorithm), k.Secret)
		if err != nil {
			return nil, fmt.Errorf("server: the signing key %q of project %q: %w", k.ID, p.ID, err)
		}
		made.keys = append(made.keys, userjwt.Timed{Key: key, SignsFrom: k.SignsFrom})
	}
	return made, nil
}

// loadProject reads a project; an unknown one is store.ErrNotFound.
func loadProject(ctx context.Context, db *store.DB, id string) (*project, error) {
	p, err := db.Project(ctx, id)
	if err != nil {
		return nil, err
	}
	return newProject(p)
}

// sign makes a JWT of a user, with the project's claims.
func (p *project) sign(claims userjwt.Claims, user *store.User, now time.Time) (string, error) {
	token, err := userjwt.Sign(p.keys.Signer(now), claims, p.claims.of(claims.UserID, user, now))
	if err == nil && len(token) > isojot.MaxTokenBytes {
		return "", wire.Failf(isojot.ErrServer, "The JWT would be longer than %d bytes. The user has too many labels for the project's claim \"labels\": switch it off, or remove labels.", isojot.MaxTokenBytes)
	}
	return token, err
}

// project returns a project of the database. Those that were found are kept;
// that their keys have changed is noticed by their version.
func (s *Server) project(ctx context.Context, id string) (*project, error) {
	if p, ok := s.projects.Load(id); ok {
		return p.(*project), nil
	}
	if !projectPattern.MatchString(id) {
		return nil, store.ErrNotFound
	}
	return s.reload(ctx, id)
}

// reload reads a project that is not known, or whose keys have changed.
func (s *Server) reload(ctx context.Context, id string) (*project, error) {
	p, err := loadProject(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	s.projects.Store(id, p)
	return p, nil
}

// current is a project whose keys are those of the database.
func (s *Server) current(ctx context.Context, p *project) (*project, error) {
	version, err := s.db.KeyVersion(ctx, p.ID)
	if err != nil || version == p.version {
		return p, err
	}
	return s.reload(ctx, p.ID)
}

// signJWT makes a JWT of a user by the key that signs now, for a caller at whom
// act or grant has looked.
func (c *call) signJWT(user *store.User, sessionID string, seconds int) (string, error) {
	return c.project.sign(userjwt.New(user.ID, sessionID, c.now, time.Duration(seconds)*time.Second), user, c.now)
}

// verifyJWT verifies a token by the project's keys. One that they do not know
// may be by a key that is newer than they are.
func (c *call) verifyJWT(token string) (userjwt.Claims, error) {
	claims, err := c.project.keys.Verify(token, c.now)
	if !errors.Is(err, userjwt.ErrSignature) && !errors.Is(err, userjwt.ErrUnknownKeyID) && !errors.Is(err, userjwt.ErrAlgorithm) {
		return claims, refusedJWT(err)
	}
	p, changed := c.s.current(c.r.Context(), c.project)
	switch {
	case changed != nil:
		return claims, changed
	case p == c.project:
		return claims, refusedJWT(err)
	}
	c.project = p
	claims, err = p.keys.Verify(token, c.now)
	return claims, refusedJWT(err)
}

// refusedJWT is the answer to a token that was refused, if it was.
func refusedJWT(err error) error {
	if err == nil {
		return nil
	}
	return wire.Failf(isojot.ErrUserJWTInvalid, "Failed to verify JWT. %v", err)
}
