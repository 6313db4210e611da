package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// scopes are what a caller needs one of for an endpoint (contract section 7);
// nil needs none.
type scopes []string

// grantable are the scopes an API key can be given. account is not among them:
// a key is nobody's account.
var grantable = []string{
	"users.read", "users.write", "sessions.read", "sessions.write",
	"executions.read", "executions.write", "execution.read", "execution.write",
	"locale.read", "health.read", "avatars.read",
	"teams.read", "teams.write", "targets.read", "targets.write",
}

// The roles a caller can have, and their scopes; a key has those it was given
// besides.
var (
	guestScopes = []string{"public", "global", "sessions.write", "executions.write", "locale.read", "avatars.read"}
	userScopes  = append(slices.Clone(guestScopes), "account", "executions.read", "teams.read", "teams.write", "targets.read", "targets.write")
	keyScopes   = []string{"global", "health.read", "graphql"}
)

// caller is who a request comes from, as scopes see it.
type caller struct {
	// name is the e-mail address of the caller, or "User".
	name   string
	role   string
	scopes []string
}

// caller says who the request comes from. An API key decides alone, whatever
// user is presented beside it (contract section 7).
func (c *call) caller() caller {
	switch {
	case c.apiKey != nil:
		name := fmt.Sprintf("app.%s@service.%s", c.project.ID, reach.Hostname(c.r.Host))
		return caller{name, "applications", slices.Concat(keyScopes, c.apiKey.Scopes)}
	case c.user == nil:
		return caller{"User", "guests", guestScopes}
	case c.user.Email == "":
		return caller{"User", "users", userScopes}
	}
	return caller{c.user.Email, "users", userScopes}
}

// checkScope refuses callers whose role has none of the endpoint's scopes,
// callers without an API key where one is needed, and those who name no
// project where one is needed.
func (c *call) checkScope() error {
	who, need := c.caller(), c.ep.scope
	has := need == nil || slices.ContainsFunc(need, func(s string) bool { return slices.Contains(who.scopes, s) })
	switch {
	case !has:
		return wire.Failf(isojot.ErrUnauthorizedScope, `%s (role: %s) missing scopes (["%s"])`, who.name, who.role, strings.Join(need, `","`))
	case c.ep.keyOnly && !c.byKey():
		return wire.Fail(isojot.ErrUserUnauthorized)
	case c.project == nil && c.ep.service() == "functions":
		return wire.Fail(isojot.ErrAccessForbidden)
	case c.project == nil && !c.ep.anywhere:
		return wire.Fail(isojot.ErrProjectNotFound)
	}
	return nil
}

// checkGrantable says which of the scopes no key can have, if any.
func checkGrantable(list []string) error {
	for _, s := range list {
		if !slices.Contains(grantable, s) {
			return fmt.Errorf("server: there is no scope %q for API keys: use some of %s", s, strings.Join(grantable, ", "))
		}
	}
	return nil
}

// Scopes returns the scopes that an API key can have.
func Scopes() []string { return slices.Clone(grantable) }
