package executions

import (
	"context"
	"slices"
	"testing"

	"github.com/isojot/isojot/internal/store"
)

func TestRoles(t *testing.T) {
	ann := &store.User{ID: "ann", EmailVerified: true, Labels: []string{"vip"}}
	joined := []store.Membership{{ID: "m1", TeamID: "a", Roles: []string{"owner", "player"}}, {ID: "m2", TeamID: "b"}}
	for _, one := range []struct {
		user   *store.User
		joined []store.Membership
		want   []string
	}{
		{nil, nil, []string{"any", "guests"}},
		{nil, joined, []string{"any", "guests"}},
		{ann, nil, []string{"any", "users", "user:ann", "user:ann/verified", "users/verified", "label:vip"}},
		{ann, joined, []string{"any", "users", "user:ann", "user:ann/verified", "users/verified",
			"team:a", "member:m1", "team:a/owner", "team:a/player", "team:b", "member:m2", "label:vip"}},
	} {
		if got := Roles(one.user, one.joined); !slices.Equal(got, one.want) {
			t.Errorf("the roles are %q, want %q", got, one.want)
		}
	}
	for role, allowed := range map[string]bool{"team:a": true, "team:a/owner": true, "team:b/owner": false, "team:c": false, "member:m2": true, "member:m3": false, "team:a/": false, "users": true} {
		if f := (&Function{Execute: []string{role}}); f.Allows(ann, joined) != allowed || role != "users" && f.Allows(ann, nil) {
			t.Errorf("%s: %v, without teams %v", role, f.Allows(ann, joined), f.Allows(ann, nil))
		}
	}
}

// reader counts how often memberships are read.
type reader struct {
	store.Reader
	times int
}

func (r *reader) Joined(context.Context, string, string) ([]store.Membership, error) {
	r.times++
	return []store.Membership{{ID: "m"}}, nil
}

// Memberships are read for functions that ask for some, and for users.
func TestJoinedIsReadWhereItMatters(t *testing.T) {
	ann := &store.User{ID: "ann"}
	for role, times := range map[string]int{"any": 0, "users": 0, "user:team": 0, "label:team": 0, "team:a": 1, "team:a/x": 1, "member:m": 1} {
		for _, user := range []*store.User{ann, nil} {
			f, r := &Function{Execute: []string{"label:x", role}}, &reader{}
			joined, err := f.Joined(t.Context(), r, "demo", user)
			want := times
			if user == nil {
				want = 0
			}
			if err != nil || r.times != want || len(joined) != want {
				t.Errorf("for %s they are read %d times, want %d: %v, %v", role, r.times, want, joined, err)
			}
		}
	}
}
