package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/isojot/isojot/internal/limit"
	"github.com/isojot/isojot/internal/userjwt"
)

// defaultJWTDuration is how long a JWT is valid unless its maker asks for
// another time, in seconds.
const defaultJWTDuration = 900

// The headers that tell a client its budget (contract section 6). Reset is in
// unix seconds.
const (
	headerLimit     = "X-RateLimit-Limit"
	headerRemaining = "X-RateLimit-Remaining"
	headerReset     = "X-RateLimit-Reset"
)

// createJWT makes a JWT that lives and dies with the session whose secret is
// presented: POST /account/jwts.
func (c *call) createJWT() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	seconds, err := p.duration("duration", defaultJWTDuration)
	if err != nil {
		return err
	}
	if c.byJWT {
		return fail(errJWTDenied)
	}
	claims := userjwt.New(c.user.ID, c.session.ID, c.now, time.Duration(seconds)*time.Second)
	token, err := userjwt.Sign(c.project.JWTKey, claims)
	if err != nil {
		return err
	}
	if err := c.countCreation(); err != nil {
		return err
	}
	c.s.writeJSON(c.w, http.StatusCreated, jwtJSON{token})
	return nil
}

// countCreation counts one more JWT of the user, or refuses it: another
// request may have taken the last one since checkLimit looked.
func (c *call) countCreation() error {
	if c.s.window.Off() {
		return nil
	}
	usage, added, err := c.s.db.AddJWTCreation(c.r.Context(), c.project.ID, c.user.ID, c.s.ids.unique(c.now), c.s.window, c.now)
	if err != nil {
		return err
	}
	return c.budget(usage, added)
}

// setBudget sets the headers of a limit.
func setBudget(h http.Header, b limit.Budget) {
	h.Set(headerLimit, strconv.Itoa(b.Limit))
	h.Set(headerRemaining, strconv.Itoa(b.Remaining))
	h.Set(headerReset, strconv.FormatInt(b.ResetUnix(), 10))
}

// setRetryAfter says how many seconds a refused caller must wait.
func setRetryAfter(h http.Header, b limit.Budget) {
	h.Set("Retry-After", strconv.Itoa(int(b.RetryAfter/time.Second)))
}
