package server

import (
	"encoding/json"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/wire"
)

// mayExecute refuses callers without one of the function's roles, in
// Appwrite's words. A server with an API key may execute everything.
func (c *call) mayExecute(from store.Reader, f *executions.Function) error {
	if c.byKey() {
		return nil
	}
	joined, err := f.Joined(c.r.Context(), from, c.project.ID, c.user)
	switch {
	case err != nil:
		return err
	case f.Allows(c.user, joined):
		return nil
	case len(f.Execute) == 0:
		return wire.Failf(isojot.ErrUserUnauthorized, "No permissions provided for action 'execute'")
	}
	if c.user != nil && joined == nil { // the caller learns what roles it has
		if joined, err = from.Joined(c.r.Context(), c.project.ID, c.user.ID); err != nil {
			return err
		}
	}
	return wire.Failf(isojot.ErrUserUnauthorized, `Missing "execute" permission for role "%s". Only "%s" scopes are allowed and "%s" was given.`,
		f.Execute[len(f.Execute)-1], phpJSON(executions.Roles(c.user, joined)), phpJSON(f.Execute))
}

// phpJSON writes a list as PHP does, which escapes slashes.
func phpJSON(list []string) string {
	text, err := json.Marshal(list)
	if err != nil { // strings always encode
		panic(err)
	}
	return strings.ReplaceAll(string(text), "/", `\/`)
}
