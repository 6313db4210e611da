package executions

import (
	"slices"

	"github.com/isojot/isojot/internal/store"
)

// Roles are those of a caller, in Appwrite's order.
func Roles(u *store.User) []string {
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

// Allows reports whether a user, or a guest (nil), has one of the function's
// roles.
func (f *Function) Allows(u *store.User) bool {
	has := Roles(u)
	return slices.ContainsFunc(f.Execute, func(role string) bool { return slices.Contains(has, role) })
}
