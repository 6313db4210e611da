package server

import (
	"strings"
	"testing"
	"time"
)

// Functions can be for the members of teams, and for some of their roles: as
// they are when an execution begins.
func TestExecuteRolesOfTeams(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	member := f.join("t", "bob", "player")
	f.invite(`"email":"eve@example.com"`) // who does not accept
	fn := &seen{}
	roles := map[string][]string{"team": {"team:t"}, "players": {"team:t/player"}, "owners": {"team:t/owner"}, "one": {"member:" + member}, "either": {"label:vip", "team:t/player"},
		"others": {"team:other"}, "users": {"label:vip"}}
	var functions []Function
	for id, execute := range roles {
		functions = append(functions, Function{ID: id, Handler: fn, Execute: execute})
	}
	if err := f.SetProject(t.Context(), Project{ID: DefaultProject, APIKey: testKey, Functions: functions}); err != nil {
		t.Fatal(err)
	}
	f.must(200, "PUT", "/v1/users/eve/labels", byTestKey, `{"labels":["vip"]}`)
	callers := map[string]headers{"guest": nil, "ann": f.ann, "bob": f.bob, "bob by JWT": token(f.jwt(f.bob["X-Appwrite-Session"])), "eve": f.eve, "key": byTestKey}
	may := map[string]string{"team": "ann, bob, bob by JWT, key", "players": "bob, bob by JWT, key", "owners": "ann, key", "one": "bob, bob by JWT, key", "either": "bob, bob by JWT, eve, key",
		"others": "key", "users": "eve, key"}
	for function, list := range may {
		for caller, h := range callers {
			want := 401
			for name := range strings.SplitSeq(list, ", ") {
				if name == caller {
					want = 201
				}
			}
			if a := f.do("POST", "/v1/functions/"+function+"/executions", h, "{}"); a.Code != want {
				t.Errorf("%s on %s: %d %s", caller, function, a.Code, a.Body)
			}
		}
	}
	// The refusal names all roles that one has, where they stand in Appwrite.
	f.must(200, "PUT", "/v1/users/bob/labels", byTestKey, `{"labels":["new"]}`)
	for _, function := range []string{"owners", "users"} {
		role := map[string]string{"owners": "team:t/owner", "users": "label:vip"}[function]
		scenario{status: 401, kind: "user_unauthorized", message: `Missing "execute" permission for role "` + role + `". Only "["any","users","user:bob","user:bob\/unverified","users\/unverified","team:t","member:` +
			member + `","team:t\/player","label:new"]" scopes are allowed and "["` + strings.ReplaceAll(role, "/", `\/`) + `"]" was given.`}.
			check(t, f.do("POST", "/v1/functions/"+function+"/executions", f.bob, "{}"))
	}
	// A role that is taken away is gone for the next request, and for what waits.
	const later = `{"async":true,"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`
	waits, stays := f.execute(202, "players", f.bob, later).text("$id"), f.execute(202, "team", f.bob, later).text("$id")
	f.must(200, "PATCH", "/v1/teams/t/memberships/"+member, f.ann, `{"roles":[]}`)
	f.must(401, "POST", "/v1/functions/players/executions", f.bob, "{}")
	f.must(201, "POST", "/v1/functions/team/executions", f.bob, "{}")
	f.advance(time.Hour)
	if a := f.settled("players", waits); a.text("status") != "failed" || a.text("errors") != "whoever asked for it may not execute the function any more" {
		t.Errorf("what waited for a role that is gone: %s", a.Body)
	}
	if a := f.settled("team", stays); a.text("status") != "completed" {
		t.Errorf("what waited for a team that is there: %s", a.Body)
	}
	f.must(204, "DELETE", "/v1/teams/t/memberships/"+member, f.bob, "")
	f.must(401, "POST", "/v1/functions/team/executions", f.bob, "{}")
}

// What asks for no team reads none.
func TestRolesOfTeamsCostNothingElsewhere(t *testing.T) {
	f := newTeam(t, withFunctions(Function{ID: "users", Handler: &seen{}, Execute: []string{"users"}}, Function{ID: "team", Handler: &seen{}, Execute: []string{"team:t"}}))
	statements := func(function string) int64 {
		fewest := int64(1 << 20)
		for range 5 {
			before := f.db.Statements()
			f.must(201, "POST", "/v1/functions/"+function+"/executions", f.ann, "{}")
			fewest = min(fewest, f.db.Statements()-before)
		}
		return fewest
	}
	if users, team := statements("users"), statements("team"); team != users+2 {
		t.Errorf("executing for users takes %d statements, for a team %d", users, team)
	}
}
