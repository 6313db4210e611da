package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/wire"
)

// jwtHandlers answer the creation of JWTs (contract section 5.3).
var jwtHandlers = handlers{
	"account.createJWT": (*call).createJWT,
}

// defaultJWTDuration is how long a JWT is valid unless its maker asks for
// another time, in seconds.
const defaultJWTDuration = int(projects.DefaultJWT / time.Second)

// createJWT makes a JWT that lives and dies with the session whose secret is
// presented: POST /account/jwts.
func (c *call) createJWT() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	seconds, err := p.Duration("duration", defaultJWTDuration)
	if err != nil {
		return err
	}
	if c.byJWT {
		return wire.Fail(isojot.ErrUserJWTCreationDenied)
	}
	token, err := c.countAndSign(seconds)
	if err != nil {
		return err
	}
	// By the clock that exp is counted from, so that a client can tell how long
	// the token lives whatever its own clock shows.
	c.w.Header().Set("Date", c.now.Format(http.TimeFormat))
	c.answer(http.StatusCreated, jwtJSON{token})
	return nil
}

// countAndSign counts and signs a JWT in one transaction, so that what is not
// signed is not counted. Where nothing is counted there is none.
func (c *call) countAndSign(seconds int) (token string, err error) {
	sign := func() error {
		token, err = c.signJWT(c.user, c.session.ID, seconds)
		return err
	}
	if c.s.limits.sliding.Off() {
		err = c.grant(func(store.Reader) error { return sign() })
		return token, err
	}
	err = c.act(func(t *store.Tx) error {
		if err := c.countCreation(t); err != nil {
			return err
		}
		return sign()
	})
	return token, err
}

// checkCreations refuses users whose sliding window is full. Only a success
// counts, which createJWT sees to.
func (c *call) checkCreations() error {
	w := c.s.limits.sliding
	usage, now, err := c.s.db.JWTCreations(c.r.Context(), c.project.ID, c.user.ID, w)
	if err != nil {
		return err
	}
	return c.budget(w.Budget(usage, now), usage.Count < w.Limit)
}

// countCreation counts one more JWT in the user's sliding window, or refuses
// it: another request may have taken the last one since checkCreations looked.
func (c *call) countCreation(t *store.Tx) error {
	w := c.s.limits.sliding
	usage, added, err := t.AddJWTCreation(c.r.Context(), c.project.ID, c.user.ID, c.s.ids.Unique(t.Now()), w)
	if err != nil {
		return err
	}
	return c.budget(w.Budget(usage, t.Now()), added)
}

// signJWT makes a JWT of a user by the key that signs now, for a caller at whom
// act or grant has looked.
func (c *call) signJWT(user *store.User, sessionID string, seconds int) (string, error) {
	return c.project.Sign(userjwt.New(user.ID, sessionID, c.now, time.Duration(seconds)*time.Second), user, c.now)
}

// verifyJWT verifies a token by the project's keys. One that they do not know
// may be by a key that is newer than they are.
func (c *call) verifyJWT(token string) (userjwt.Claims, error) {
	claims, err := c.project.Keys.Verify(token, c.now)
	if !errors.Is(err, userjwt.ErrSignature) && !errors.Is(err, userjwt.ErrUnknownKeyID) && !errors.Is(err, userjwt.ErrAlgorithm) {
		return claims, refusedJWT(err)
	}
	p, changed := c.s.projects.Current(c.r.Context(), c.project)
	switch {
	case changed != nil:
		return claims, changed
	case p == c.project:
		return claims, refusedJWT(err)
	}
	c.project = p
	claims, err = p.Keys.Verify(token, c.now)
	return claims, refusedJWT(err)
}

// refusedJWT is the answer to a token that was refused, if it was.
func refusedJWT(err error) error {
	if err == nil {
		return nil
	}
	return wire.Failf(isojot.ErrUserJWTInvalid, "Failed to verify JWT. %v", err)
}

// jwtJSON is a new JWT.
type jwtJSON struct {
	JWT string `json:"jwt"`
}
