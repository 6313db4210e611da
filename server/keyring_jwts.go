package server

import (
	"context"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/projects"
)

// Sessions that a NewJWT can be bound to, besides one by its id.
const (
	// SessionRecent is the user's newest session that has not expired.
	SessionRecent = projects.SessionRecent
	// SessionNone binds a JWT to no session: it is valid until its exp.
	SessionNone = projects.SessionNone
)

// NewJWT is a JWT to make.
type NewJWT struct {
	UserID string
	// Session is SessionRecent, SessionNone or the id of a session of the
	// user; "" is SessionRecent.
	Session string
	// Duration is how long it is valid, 1 second to 1 hour in whole seconds; 0
	// is 15 minutes.
	Duration time.Duration
	// Claims are other values of iss and aud, where the project has those.
	Claims map[string]string
}

// Errors of CreateJWT.
var (
	// ErrUserBlocked says that the user is blocked.
	ErrUserBlocked = projects.ErrUserBlocked
	// ErrNoSession says that the user has no such session that has not expired.
	ErrNoSession = projects.ErrNoSession
	// ErrMoreFactors says that the user's second factor is on, and that no such
	// session has shown it.
	ErrMoreFactors = projects.ErrMoreFactors
)

// CreateJWT makes a JWT of a user, by the rules of users.createJWT, and
// stricter: the user must not be blocked, and the session must be there. It
// counts against no limit. Errors are ErrNoProject, ErrNoUser, ErrUserBlocked,
// ErrNoSession, ErrMoreFactors, and those of what is asked for.
func (k *Keyring) CreateJWT(ctx context.Context, project string, n NewJWT) (string, error) {
	return k.ring.CreateJWT(ctx, project, projects.NewJWT(n))
}

// VerifyJWT verifies a JWT of a project as a request that carries it would be:
// by the keys, then by user and session. One that lets nobody in is an
// *isojot.Error with a Reason, of the type and code that the server answers
// with; an unknown project is ErrNoProject.
func (k *Keyring) VerifyJWT(ctx context.Context, project, token string) (*isojot.Claims, error) {
	return k.ring.VerifyJWT(ctx, project, token)
}
