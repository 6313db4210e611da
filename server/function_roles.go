package server

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// roles are those of a caller, in Appwrite's order.
func roles(u *store.User) []string {
	if u == nil {
		return []string{"any", "guests"}
	}
	verified := "/unverified"
	if u.EmailVerified || u.PhoneVerified {
		verified = "/verified"
	}
	user := "user:" + u.ID
	all := []string{"any", "users", user, user + verified, "users" + verified}
	for _, label := range u.Labels {
		all = append(all, "label:"+label)
	}
	return all
}

// allows reports whether a user, or a guest (nil), has one of the function's
// roles.
func (f *function) allows(u *store.User) bool {
	has := roles(u)
	return slices.ContainsFunc(f.Execute, func(role string) bool { return slices.Contains(has, role) })
}

// mayExecute refuses callers without one of the function's roles, in
// Appwrite's words. A server with an API key may execute everything.
func (c *call) mayExecute(f *function) error {
	switch {
	case c.byKey() || f.allows(c.user):
		return nil
	case len(f.Execute) == 0:
		return wire.Failf(isojot.ErrUserUnauthorized, "No permissions provided for action 'execute'")
	}
	return wire.Failf(isojot.ErrUserUnauthorized, `Missing "execute" permission for role "%s". Only "%s" scopes are allowed and "%s" was given.`,
		f.Execute[len(f.Execute)-1], phpJSON(roles(c.user)), phpJSON(f.Execute))
}

// phpJSON writes a list as PHP does, which escapes slashes.
func phpJSON(list []string) string {
	text, err := json.Marshal(list)
	if err != nil { // strings always encode
		panic(err)
	}
	return strings.ReplaceAll(string(text), "/", `\/`)
}
