package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestTeams(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.join("t", "bob", "player")
	f.must(201, "POST", "/v1/teams/t/memberships", f.ann, `{"email":"eve@example.com","roles":[],"url":"http://localhost/"}`) // who does not accept
	post := func(name string, h headers, body string, status int, kind string, want ...string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/teams", headers: h, body: body, status: status, kind: kind, want: want}
	}
	on := func(name, method, path string, h headers, body string, status int, kind string, want ...string) scenario {
		return scenario{name: name, method: method, path: "/v1/teams/" + path, headers: h, body: body, status: status, kind: kind, want: want}
	}
	f.advance(aWhile)
	f.run([]scenario{
		post("guest", nil, `{"teamId":"x","name":"x"}`, 401, "general_unauthorized_scope"),
		post("taken", f.bob, `{"teamId":"t","name":"x"}`, 409, "team_already_exists"),
		post("bad id", f.ann, `{"teamId":"bad id!","name":"x"}`, 400, badArgument),
		post("no name", f.ann, `{"teamId":"x"}`, 400, badArgument),
		post("long name", f.ann, `{"teamId":"x","name":"`+strings.Repeat("n", 129)+`"}`, 400, badArgument),
		post("long role", f.ann, `{"teamId":"x","name":"x","roles":["`+strings.Repeat("r", 37)+`"]}`, 400, badArgument),
		post("roles no list", f.ann, `{"teamId":"x","name":"x","roles":"owner"}`, 400, badArgument),
		post("by key", byTestKey, `{"teamId":"keyed","name":"Keyed"}`, 201, "", `"total":0,"prefs":{}}`),
		post("without owner", f.bob, `{"teamId":"bobs","name":"Bobs","roles":["player"]}`, 201, "", `"$id":"bobs"`, `"total":1`),
		on("its maker owns it all the same", "PUT", "bobs", f.bob, `{"name":"Bob's"}`, 200, "", `"name":"Bob's"`),

		on("get", "GET", "t", f.ann, "", 200, "", `"$id":"t"`, `"$createdAt":"2026-08-21T12:42:57.123+00:00"`, `"name":"The Team","total":2,"prefs":{}`),
		on("get by member", "GET", "t", f.bob, "", 200, ""),
		on("get by who is invited", "GET", "t", f.eve, "", 404, noTeam),
		on("get by stranger", "GET", "bobs", f.eve, "", 404, noTeam),
		on("get by key", "GET", "bobs", byTestKey, "", 200, ""),
		on("get by guest", "GET", "t", nil, "", 401, "general_unauthorized_scope"),
		on("unknown", "GET", "nosuch", f.ann, "", 404, noTeam),
		on("rename", "PUT", "t", f.ann, `{"name":"New"}`, 200, "", `"name":"New"`, `"$updatedAt":"2026-08-21T12:42:58.123+00:00"`),
		on("rename by member", "PUT", "t", f.bob, `{"name":"Hacked"}`, 401, notYours),
		on("rename by stranger", "PUT", "t", f.eve, `{"name":"Hacked"}`, 404, noTeam),
		on("rename by key", "PUT", "t", byTestKey, `{"name":"By key"}`, 200, "", `"name":"By key"`),
		on("prefs", "PUT", "t/prefs", f.ann, `{"prefs":{"a":1,"b":{"c":"d"}}}`, 200, "", `{"a":1,"b":{"c":"d"}}`),
		on("prefs by member", "PUT", "t/prefs", f.bob, `{"prefs":{"x":1}}`, 401, notYours),
		on("prefs by stranger", "PUT", "t/prefs", f.eve, `{"prefs":{"x":1}}`, 404, noTeam),
		on("prefs no object", "PUT", "t/prefs", f.ann, `{"prefs":["a"]}`, 400, badArgument),
		on("member reads prefs", "GET", "t/prefs", f.bob, "", 200, "", `{"a":1,"b":{"c":"d"}}`),
		on("stranger reads prefs", "GET", "t/prefs", f.eve, "", 404, noTeam),
		on("delete by member", "DELETE", "t", f.bob, "", 401, notYours),
		on("delete by stranger", "DELETE", "t", f.eve, "", 404, noTeam),
		on("delete by guest", "DELETE", "t", nil, "", 401, "general_unauthorized_scope"),
		on("delete", "DELETE", "t", f.ann, "", 204, ""),
		on("delete again", "DELETE", "t", f.ann, "", 404, noTeam),
		on("delete by key", "DELETE", "bobs", byTestKey, "", 204, ""),
		{name: "nobody is in it any more", method: "GET", path: "/v1/users/bob/memberships", headers: byTestKey, status: 200, want: []string{`{"total":0,"memberships":[]}`}},
	})
}

func TestListTeams(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	for i := range 4 {
		f.must(201, "POST", "/v1/teams", f.bob, fmt.Sprintf(`{"teamId":"b%d","name":"Side %s"}`, i, []string{"One", "Two", "Three", "Four"}[i]))
		f.advance(aWhile)
	}
	f.must(201, "POST", "/v1/teams", byTestKey, `{"teamId":"nobodys","name":"Side Zero"}`)
	f.join("t", "bob")
	f.must(201, "POST", "/v1/teams/b0/memberships", f.bob, `{"email":"eve@example.com","roles":[],"url":"http://localhost/"}`)
	list := func(h headers, path, total, ids string) {
		t.Helper()
		a := f.must(200, "GET", path, h, "")
		if got := listed(a, "teams", "$id"); got != ids || fmt.Sprint(a.object["total"]) != total {
			t.Errorf("%s: %v: %s, want %s: %s", path, a.object["total"], got, total, ids)
		}
	}
	list(f.bob, "/v1/teams", "5", "t b0 b1 b2 b3")
	list(f.eve, "/v1/teams", "0", "")
	list(byTestKey, "/v1/teams", "6", "t b0 b1 b2 b3 nobodys")
	list(f.bob, "/v1/teams?total=0", "0", "t b0 b1 b2 b3")
	for _, h := range []headers{f.bob, byTestKey} {
		list(h, queried("/v1/teams", q("limit", "", "2"), q("offset", "", "1"), q("notEqual", "$id", `"nobodys"`)), "5", "b0 b1")
		list(h, queried("/v1/teams", q("equal", "name", `"Side Two"`)), "1", "b1")
		list(h, queried("/v1/teams", q("greaterThan", "total", "1")), "1", "t")
		list(h, queried("/v1/teams", q("orderDesc", "name", ""), q("notEqual", "$id", `"nobodys"`)), "5", "t b1 b2 b0 b3")
		list(h, queried("/v1/teams", q("orderAsc", "$createdAt", ""), q("cursorAfter", "", `"b1"`), q("notEqual", "$id", `"nobodys"`)), "5", "b2 b3")
		list(h, queried("/v1/teams", q("cursorBefore", "", `"b1"`)), map[bool]string{true: "5", false: "6"}[h["X-Appwrite-Key"] == ""], "t b0")
		list(h, "/v1/teams?search=t", "3", "t b1 b2")
		list(h, "/v1/teams?search=side+tw", "1", "b1")
	}
	f.run([]scenario{
		{name: "guest", method: "GET", path: "/v1/teams", status: 401, kind: "general_unauthorized_scope"},
		{name: "unknown cursor", method: "GET", path: queried("/v1/teams", q("cursorAfter", "", `"nosuch"`)), headers: f.bob, status: 400, kind: "general_cursor_not_found", message: "Team 'nosuch' for the 'cursor' value not found."},
		{name: "another's cursor", method: "GET", path: queried("/v1/teams", q("cursorAfter", "", `"nobodys"`)), headers: f.bob, status: 400, kind: "general_cursor_not_found"},
		{name: "unknown attribute", method: "GET", path: queried("/v1/teams", q("equal", "nope", `"x"`)), headers: f.bob, status: 400, kind: badArgument},
		{name: "empty search", method: "GET", path: "/v1/teams?search=", headers: f.bob, status: 400, kind: badArgument},
	})
}

// GraphQL does what REST does, for the same callers.
func TestTeamsByGraphQL(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	ask := func(h headers, query string) string {
		t.Helper()
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		return f.must(200, "POST", "/v1/graphql", h, string(body)).Body.String()
	}
	for _, one := range []struct {
		h           headers
		query, want string
	}{
		{f.bob, `mutation{teamsCreate(teamId:"g",name:"G",roles:["x"]){_id name total prefs{data}}}`, `{"data":{"teamsCreate":{"_id":"g","name":"G","total":1,"prefs":{"data":"{}"}}}}`},
		{f.bob, `{teamsList{total teams{_id}}}`, `{"data":{"teamsList":{"total":1,"teams":[{"_id":"g"}]}}}`},
		{f.bob, `{teamsListMemberships(teamId:"g"){total memberships{userId roles confirm}}}`, `{"total":1,"memberships":[{"userId":"","roles":["x","owner"],"confirm":true}]}`},
		{f.bob, `mutation{teamsCreateMembership(teamId:"g",roles:["p"],userId:"eve",url:"http://localhost/x"){userId joined}}`, `{"userId":"eve","joined":""}`},
		{f.eve, `{teamsGet(teamId:"g"){_id}}`, `"type":"team_not_found"`},
		{byTestKey, `{usersListMemberships(userId:"bob"){memberships{teamName userEmail}}}`, `[{"teamName":"G","userEmail":"bob@example.com"}]`},
	} {
		if got := ask(one.h, one.query); !strings.Contains(got, one.want) {
			t.Errorf("%s: %s, want %s", one.query, got, one.want)
		}
	}
	l := f.mailed("eve@example.com")
	got := ask(nil, fmt.Sprintf(`mutation{teamsUpdateMembershipStatus(teamId:"g",membershipId:%q,userId:"eve",secret:%q){confirm}}`, l.membership, l.secret))
	if !strings.Contains(got, `"confirm":true`) || f.total("g") != 2 {
		t.Errorf("accepting: %s", got)
	}
}
