package projects

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

// Sessions that a JWT can be bound to, besides one by its id.
const (
	// SessionRecent is the user's newest session that has not expired.
	SessionRecent = "recent"
	// SessionNone binds a JWT to no session: it is valid until its exp.
	SessionNone = "none"
)

// DefaultJWT is how long a JWT lives unless its maker asks for another time.
const DefaultJWT = 15 * time.Minute

// NewJWT is a JWT to make: server.NewJWT, which says what its members mean.
type NewJWT struct {
	UserID   string
	Session  string
	Duration time.Duration
	Claims   map[string]string
}

// Errors of CreateJWT.
var (
	ErrUserBlocked = errors.New("server: the user is blocked")
	ErrNoSession   = errors.New("server: the user has no such session, or it has expired")
	ErrMoreFactors = errors.New("server: the user's second factor is on, and no such session has shown it")
)

// CreateJWT makes a JWT of a user, by the rules of users.createJWT, and
// stricter: the user must not be blocked, and the session must be there. It
// counts against no limit. Errors are ErrNoProject, ErrNoUser, ErrUserBlocked,
// ErrNoSession, ErrMoreFactors, and those of what is asked for.
func (k *Keyring) CreateJWT(ctx context.Context, project string, n NewJWT) (string, error) {
	if n.Duration == 0 {
		n.Duration = DefaultJWT
	}
	if n.Duration < time.Second || n.Duration > userjwt.MaxLife || n.Duration%time.Second != 0 {
		return "", fmt.Errorf("server: the JWT would be valid for %v: use 1s to %v, in whole seconds", n.Duration, userjwt.MaxLife)
	}
	p, err := Load(ctx, k.db, project)
	if err != nil {
		return "", noProject(err)
	}
	if p.claims, err = p.claims.with(n.Claims); err != nil {
		return "", fmt.Errorf("server: %w", err)
	}
	user, err := k.db.User(ctx, project, n.UserID)
	switch {
	case err != nil:
		return "", noUser(err)
	case user.Blocked:
		return "", ErrUserBlocked
	}
	now := k.now()
	session, err := k.sessionFor(ctx, project, &user, n, now)
	if err != nil {
		return "", err
	}
	return p.Sign(userjwt.New(user.ID, session, now, n.Duration), &user, now)
}

// sessionFor is the id of the session that is asked for.
func (k *Keyring) sessionFor(ctx context.Context, project string, user *store.User, n NewJWT, now time.Time) (string, error) {
	alive := func(s *store.Session) bool { return s.ValidAt(now) }
	if n.Session == SessionNone {
		alive = func(*store.Session) bool { return false }
	}
	wanted := n.Session
	if wanted == "" {
		wanted = SessionRecent
	}
	id, err := sessionFor(ctx, k.db, project, user, wanted, alive)
	if err == nil && id == "" && wanted != SessionNone {
		err = ErrNoSession
	}
	return id, err
}

// SessionFor is the id of a user's session that a JWT is bound to: the one of the
// id that is wanted, or the newest, expired ones included; "" when there is none.
// Where the user's second factor is asked for, the session must have shown it:
// else the error is ErrMoreFactors.
func SessionFor(ctx context.Context, from store.Reader, project string, user *store.User, wanted string) (string, error) {
	return sessionFor(ctx, from, project, user, wanted, func(*store.Session) bool { return true })
}

// sessionFor is SessionFor among those sessions that may be.
func sessionFor(ctx context.Context, from store.Reader, project string, user *store.User, wanted string, may func(*store.Session) bool) (string, error) {
	sessions, err := from.Sessions(ctx, project, user.ID)
	if err != nil {
		return "", err
	}
	asked, err := from.AsksFactor(ctx, project, user)
	if err != nil {
		return "", err
	}
	id := ""
	for _, s := range sessions {
		if may(&s) && (s.ID == wanted || wanted == SessionRecent) && (!asked || len(s.Factors) >= store.FactorsAsked) {
			id = s.ID
		}
	}
	if asked && id == "" {
		return "", ErrMoreFactors
	}
	return id, nil
}

// VerifyJWT verifies a JWT of a project as a request that carries it would be:
// by the keys, then by user and session. One that lets nobody in is an
// *isojot.Error with a Reason, of the type and code that the server answers
// with; an unknown project is ErrNoProject.
func (k *Keyring) VerifyJWT(ctx context.Context, project, token string) (*isojot.Claims, error) {
	p, err := Load(ctx, k.db, project)
	if err != nil {
		return nil, noProject(err)
	}
	now := k.now()
	claims, err := p.Keys.Verify(token, now)
	if err != nil {
		return nil, notVerified(err)
	}
	bearer, err := k.db.Bearer(ctx, project, claims.UserID, claims.SessionID)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !bearer.AliveAt(now):
		return nil, &isojot.Error{Code: wire.Status(isojot.ErrUnauthorizedScope), Type: isojot.ErrUnauthorizedScope, Reason: isojot.ReasonSessionEnded,
			Message: "the JWT's user or session is gone, or the session has expired"}
	case err != nil:
		return nil, err
	case bearer.User.Blocked:
		return nil, &isojot.Error{Code: wire.Status(isojot.ErrUserBlocked), Type: isojot.ErrUserBlocked, Reason: isojot.ReasonUserBlocked,
			Message: "the JWT's user is blocked"}
	}
	asked, err := k.db.AsksFactor(ctx, project, &bearer.User)
	switch {
	case err != nil:
		return nil, err
	case asked && len(bearer.SessionFactors) < store.FactorsAsked:
		return nil, &isojot.Error{Code: wire.Status(isojot.ErrUserMoreFactorsRequired), Type: isojot.ErrUserMoreFactorsRequired, Reason: isojot.ReasonUnknown,
			Message: "the JWT's session has not shown the user's second factor"}
	}
	return &isojot.Claims{UserID: claims.UserID, SessionID: claims.SessionID, Expiry: time.Unix(claims.Expiry, 0)}, nil
}

// notVerified is the refusal of a token that the keys do not verify.
func notVerified(err error) error {
	reason := isojot.ReasonUnknown
	switch {
	case errors.Is(err, userjwt.ErrExpired):
		reason = isojot.ReasonJWTExpired
	case errors.Is(err, userjwt.ErrIncompleteSegments), errors.Is(err, userjwt.ErrSyntax), errors.Is(err, userjwt.ErrControl),
		errors.Is(err, userjwt.ErrMissingAlgorithm), errors.Is(err, userjwt.ErrClaims):
		reason = isojot.ReasonJWTMalformed
	}
	return &isojot.Error{Code: wire.Status(isojot.ErrUserJWTInvalid), Type: isojot.ErrUserJWTInvalid, Reason: reason, Message: "Failed to verify JWT. " + err.Error()}
}
