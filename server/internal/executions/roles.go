package executions

import (
	"context"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/store"
)

// Roles are those of a caller with the memberships that it has joined, in
// Appwrite's order.
func Roles(u *store.User, joined []store.Membership) []string {
	if u == nil {
		return []string{"any", "guests"}
	}
	verified := "/unverified"
	if u.EmailVerified || u.PhoneVerified {
		verified = "/verified"
	}
	user := "user:" + u.ID
	all := []string{"any", "users", user, user + verified, "users" + verified}
	for _, m := range joined {
		team := "team:" + m.TeamID
		all = append(all, team, "member:"+m.ID)
		for _, role := range m.Roles {
			all = append(all, team+"/"+role)
		}
	}
	for _, label := range u.Labels {
		all = append(all, "label:"+label)
	}
	return all
}

// Allows reports whether a user with the memberships that it has joined, or a
// guest (nil), has one of the function's roles.
func (f *Function) Allows(u *store.User, joined []store.Membership) bool {
	has := Roles(u, joined)
	return slices.ContainsFunc(f.Execute, func(role string) bool { return slices.Contains(has, role) })
}

// Joined reads the memberships of a user, or a guest (nil), as far as the function
// asks for any: most ask for none.
func (f *Function) Joined(ctx context.Context, from store.Reader, project string, u *store.User) ([]store.Membership, error) {
	if u == nil || !slices.ContainsFunc(f.Execute, ofTeams) {
		return nil, nil
	}
	return from.Joined(ctx, project, u.ID)
}

// ofTeams reports whether a role is one that users have by their teams.
func ofTeams(role string) bool {
	return strings.HasPrefix(role, "team:") || strings.HasPrefix(role, "member:")
}
