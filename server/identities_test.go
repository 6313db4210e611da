package server

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestIdentities(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock"), p.oidc("issuer")), noLimits, withKey)
	f.signUp("ann")
	f.signUp("bob")
	anns, _ := f.signIn("ann")
	bobs, _ := f.signIn("bob")
	v := f.visitor()
	v.useSession(anns)
	v.signIn(p, "mock", person("1", "one@example.com", true))
	v.signIn(p, "issuer", person("2", "two@example.com", false))
	list := v.visit("/v1/account/identities?project=demo")
	first := list.object["identities"].([]any)[0].(map[string]any)["$id"].(string)
	store := v.store()
	query := func(text string) string { return "?queries[0]=" + url.QueryEscape(text) }
	mine := func(name, params string, want ...string) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account/identities" + params, headers: session(store), status: 200, want: want}
	}
	f.run([]scenario{
		mine("all", "", `"total":2,"identities":[{"$id":"`+first+`"`, `"userId":"ann","provider":"mock","providerUid":"1","providerEmail":"one@example.com"`, `"provider":"issuer"`),
		mine("by provider", query(`{"method":"equal","attribute":"provider","values":["issuer"]}`), `"total":1`, `"providerUid":"2"`),
		mine("by address", query(`{"method":"startsWith","attribute":"providerEmail","values":["one"]}`), `"total":1`, `"providerUid":"1"`),
		mine("by end", query(`{"method":"greaterThan","attribute":"providerAccessTokenExpiry","values":["2026-01-01"]}`), `"total":2`),
		mine("none", query(`{"method":"equal","attribute":"provider","values":["github"]}`), `{"total":0,"identities":[]}`),
		mine("after", query(`{"method":"cursorAfter","values":["`+first+`"]}`), `"total":2`, `"providerUid":"2"`),
		mine("the last first", query(`{"method":"orderDesc","attribute":"$createdAt"}`), `"total":2`),
		mine("without total", "?total=0", `{"total":0,"identities":[{`),
		{name: "another's", method: "GET", path: "/v1/account/identities", headers: session(bobs), status: 200, want: []string{`{"total":0,"identities":[]}`}},
		{name: "JWT", method: "GET", path: "/v1/account/identities", headers: token(f.jwt(store)), status: 200, want: []string{`"total":2`}},
		{name: "guest", method: "GET", path: "/v1/account/identities", status: 401, kind: "general_unauthorized_scope", message: guestMessage},
		{name: "bad attribute", method: "GET", path: "/v1/account/identities" + query(`{"method":"equal","attribute":"nope","values":["x"]}`), headers: session(store), status: 400,
			kind: "general_argument_invalid", message: "Invalid `queries` param: Invalid query: Attribute not found in schema: nope"},
		{name: "tokens cannot be asked for", method: "GET", path: "/v1/account/identities" + query(`{"method":"isNotNull","attribute":"providerAccessToken"}`), headers: session(store), status: 400,
			kind: "general_argument_invalid", message: "Invalid `queries` param: Invalid query: Attribute not found in schema: providerAccessToken"},

		{name: "all users'", method: "GET", path: "/v1/users/identities", headers: byTestKey, status: 200, want: []string{`"total":2`}},
		{name: "of a user", method: "GET", path: "/v1/users/identities" + query(`{"method":"equal","attribute":"userId","values":["bob"]}`), headers: byTestKey, status: 200, want: []string{`{"total":0,"identities":[]}`}},
		{name: "search", method: "GET", path: "/v1/users/identities?search=one", headers: byTestKey, status: 400, kind: "general_query_invalid", message: "Invalid query: Attribute not found in schema: search"},
		{name: "all users' without key", method: "GET", path: "/v1/users/identities", headers: session(store), status: 401, kind: "general_unauthorized_scope",
			message: `ann@example.com (role: users) missing scopes (["users.read"])`},

		{name: "delete another's", method: "DELETE", path: "/v1/account/identities/" + first, headers: session(bobs), status: 401, kind: "user_unauthorized"},
		{name: "delete an unknown one", method: "DELETE", path: "/v1/account/identities/nosuch", headers: session(store), status: 404, kind: "user_identity_not_found",
			message: "The identity could not be found. Please sign in with OAuth provider to create identity first."},
		{name: "delete", method: "DELETE", path: "/v1/account/identities/" + first, headers: session(store), status: 204},
		{name: "again", method: "DELETE", path: "/v1/users/identities/" + first, headers: byTestKey, status: 404, kind: "user_identity_not_found"},
		mine("what is left", "", `"total":1`, `"providerUid":"2"`),
	})
	f.must(204, "DELETE", "/v1/users/ann", byTestKey, "")
	f.must(200, "GET", "/v1/users/identities", byTestKey, "")
	if a := f.do("GET", "/v1/users/identities", byTestKey, ""); !strings.Contains(a.Body.String(), `{"total":0,`) {
		t.Errorf("identities of a user that is gone: %s", a.Body)
	}
}

// Two browsers that come with one identity at the same moment make one user.
func TestIdentityOnce(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")), noLimits, withKey)
	const browsers = 8
	ends := make(chan string, browsers)
	for i := range browsers {
		v := f.visitor()
		code, state, to := p.grant(v.start("sessions", "mock", "success", okURL, "failure", noURL), person("1", "ann"+strconv.Itoa(i%2)+"@example.com", true))
		go func() { ends <- v.back(to, "code", code, "state", state).Header().Get("Location") }()
	}
	for range browsers {
		if got := <-ends; got != okURL+"#" {
			t.Errorf("ends at %s", got)
		}
	}
	scenario{status: 200, want: []string{`"total":1`}}.check(t, f.do("GET", "/v1/users", byTestKey, ""))
	scenario{status: 200, want: []string{`"total":1`}}.check(t, f.do("GET", "/v1/users/identities", byTestKey, ""))
}

// With an identity end the sessions that it signed in to, and no others.
func TestSessionsEndWithTheIdentity(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withKey, noLimits, withProviders(p.plain("mock"), p.plain("second")))
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	by := func(provider string, uid string) *visitor {
		t.Helper()
		v := f.visitor()
		if got := v.signIn(p, provider, person(uid, "ann@example.com", true)); got != okURL+"#" {
			t.Fatalf("signing in at %s ends at %s", provider, got)
		}
		return v
	}
	identity := func(n int) string {
		t.Helper()
		all, _ := f.must(200, "GET", "/v1/users/identities", byTestKey, "").object["identities"].([]any)
		if len(all) <= n {
			t.Fatalf("there are %d identities, want more than %d", len(all), n)
		}
		return all[n].(map[string]any)["$id"].(string)
	}
	alive := func(name string, v *visitor, want int) {
		t.Helper()
		if got := v.account().Code; got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	first, same, another, second := by("mock", "1"), by("mock", "1"), by("mock", "2"), by("second", "1")
	store, _ := f.signIn("ann")

	// By another session, which stays.
	f.must(204, "DELETE", "/v1/account/identities/"+identity(0), session(store), "")
	f.must(200, "GET", "/v1/account", session(store), "")
	alive("the identity's", first, 401)
	alive("its other one", same, 401)
	alive("another user's there", another, 200)
	alive("the same id elsewhere", second, 200)

	// By one of its own, and by a server.
	a := another.send("DELETE", "/v1/account/identities/"+identity(0)+"?project=demo", "")
	if a.Code != 204 {
		t.Errorf("by its own session: %d, want 204", a.Code)
	}
	alive("by its own session, which stays", another, 200)
	f.must(204, "DELETE", "/v1/users/identities/"+identity(0), byTestKey, "")
	alive("by a server", second, 401)
	f.must(200, "GET", "/v1/account", session(store), "")
}
