package server

import (
	"time"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/server/internal/executions"
)

// functionJWT is the token that the caller's function acts by: one of the
// session that is presented, the JWT that is, or none.
func (c *call) functionJWT(fn *executions.Function) (string, error) {
	switch {
	case c.user == nil:
		return "", nil
	case c.session != nil:
		return c.signJWT(c.user, c.session.ID, int((fn.Timeout+executions.JWTMargin)/time.Second))
	}
	return c.r.Header.Get(headerJWT), nil
}

// runnerOf makes what runs a function; nil without Handler and Target.
func runnerOf(f Function) (runner.Runner, error) {
	switch {
	case f.Handler != nil:
		handler, err := runner.Handler(runner.Config{}, f.Handler)
		return executions.WithLog(handler), err
	case f.Target != "":
		return runner.Parse(runner.Config{}, f.Target)
	}
	return nil, nil
}
