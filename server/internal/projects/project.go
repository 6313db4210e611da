package projects

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/wire"
)

// projectPattern is the pattern of ids in lower case: the cookie's name holds
// the project id and is compared without case by some clients (contract
// section 4).
var projectPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,35}$`)

// ValidID reports whether a text is the id of a project.
func ValidID(id string) bool { return projectPattern.MatchString(id) }

// Project is a project as it was read from the database.
type Project struct {
	ID string
	// Version is that of keys and claims, which may change.
	Version int64
	Keys    userjwt.Ring
	claims  claims
}

// New readies the keys of a project for use.
func New(p store.Project) (*Project, error) {
	claims, err := parseClaims(p.Claims)
	if err != nil {
		return nil, fmt.Errorf("server: project %q: %w", p.ID, err)
	}
	made := &Project{ID: p.ID, Version: p.KeyVersion, claims: claims}
	for _, k := range p.Keys {
		key, err := userjwt.NewKey(userjwt.Algorithm(k.Algorithm), k.Secret)
		if err != nil {
			return nil, fmt.Errorf("server: the signing key %q of project %q: %w", k.ID, p.ID, err)
		}
		made.Keys = append(made.Keys, userjwt.Timed{Key: key, SignsFrom: k.SignsFrom})
	}
	return made, nil
}

// Load reads a project; an unknown one is store.ErrNotFound.
func Load(ctx context.Context, db *store.DB, id string) (*Project, error) {
	p, err := db.Project(ctx, id)
	if err != nil {
		return nil, err
	}
	return New(p)
}

// Sign makes a JWT of a user, with the project's claims.
func (p *Project) Sign(claims userjwt.Claims, user *store.User, now time.Time) (string, error) {
	token, err := userjwt.Sign(p.Keys.Signer(now), claims, p.claims.of(claims.UserID, user, now))
	if err == nil && len(token) > isojot.MaxTokenBytes {
		return "", wire.Failf(isojot.ErrServer, "The JWT would be longer than %d bytes. The user has too many labels for the project's claim \"labels\": switch it off, or remove labels.", isojot.MaxTokenBytes)
	}
	return token, err
}
