package server

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// team is a server with the users ann, bob and eve, who are signed in, and the
// team "t" of ann.
type team struct {
	*fixture
	ann, bob, eve headers
}

func newTeam(t *testing.T, changes ...func(*Options)) team {
	t.Helper()
	f := team{fixture: newFixture(t, append([]func(*Options){withKey, withOutbox, noLimits}, changes...)...)}
	for name, h := range map[string]*headers{"ann": &f.ann, "bob": &f.bob, "eve": &f.eve} {
		f.signUp(name)
		store, _ := f.signIn(name)
		*h = session(store)
	}
	f.must(201, "POST", "/v1/teams", f.ann, `{"teamId":"t","name":"The Team"}`)
	return f
}

// join puts a user into a team by the key, and returns the membership's id.
func (f team) join(id, user string, roles ...string) string {
	f.t.Helper()
	list, _ := json.Marshal(append([]string{}, roles...))
	return f.must(201, "POST", "/v1/teams/"+id+"/memberships", byTestKey, fmt.Sprintf(`{"userId":%q,"roles":%s}`, user, list)).text("$id")
}

// invite invites to the team by ann; what says whom, as members of JSON.
func (f team) invite(what string) answer {
	f.t.Helper()
	return f.must(201, "POST", "/v1/teams/t/memberships", f.ann, `{`+what+`,"roles":["player"],"url":"http://localhost/join"}`)
}

// link is what the link of an invitation says.
type link struct{ membership, user, secret string }

func (f team) mailed(to string) link {
	f.t.Helper()
	return f.linkOf(nextMail(f.t, f.fixture, to))
}

func (f team) linkOf(m Message) link {
	f.t.Helper()
	if len(m.Links) == 0 {
		f.t.Fatalf("no link in %s", m.Text)
	}
	u, err := url.Parse(m.Links[0])
	if err != nil {
		f.t.Fatal(err)
	}
	q := u.Query()
	return link{q.Get("membershipId"), q.Get("userId"), q.Get("secret")}
}

// accept presents a link.
func (f team) accept(l link, h headers) answer {
	f.t.Helper()
	return f.do("PATCH", "/v1/teams/t/memberships/"+l.membership+"/status", h, fmt.Sprintf(`{"userId":%q,"secret":%q}`, l.user, l.secret))
}

// total is how many have joined a team.
func (f team) total(id string) int {
	f.t.Helper()
	n, _ := f.must(200, "GET", "/v1/teams/"+id, byTestKey, "").object["total"].(float64)
	return int(n)
}

// listed are the members of that name of the rows of a list, joined by blanks.
func listed(a answer, list, name string) string {
	var all []string
	for _, row := range a.object[list].([]any) {
		all = append(all, fmt.Sprint(row.(map[string]any)[name]))
	}
	return strings.Join(all, " ")
}

// queried is a path with queries.
func queried(path string, queries ...string) string {
	values := url.Values{}
	for i, q := range queries {
		values.Set(fmt.Sprintf("queries[%d]", i), q)
	}
	return path + "?" + values.Encode()
}

const (
	noTeam       = "team_not_found"
	noMembership = "membership_not_found"
	badArgument  = "general_argument_invalid"
	notYours     = "user_unauthorized"
)

// aWhile is a time in which other times differ.
const aWhile = time.Second
