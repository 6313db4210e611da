package server

import (
	"strings"
	"testing"
	"time"
)

// oneTime makes a one-time token of a user.
func (f *fixture) oneTime(id string) string {
	f.t.Helper()
	return f.must(201, "POST", "/v1/users/"+id+"/tokens", byTestKey, "{}").text("secret")
}

func TestTokenSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	trade := func(name, method, path, body string, status int, kind string) scenario {
		return scenario{name: name, method: method, path: "/v1/account/sessions/" + path, body: body, status: status, kind: kind}
	}
	with := func(user, secret string) string { return `{"userId":"` + user + `","secret":"` + secret + `"}` }
	const wrong, invalid = "user_invalid_token", "general_argument_invalid"
	secret, expiring := f.oneTime("ann"), f.oneTime("ann")
	good := trade("good", "POST", "token", with("ann", secret), 201, "")
	good.want = []string{`"provider":"token","providerUid":""`, `"factors":["token"]`, `"current":true`, `"secret":""`}
	f.run([]scenario{
		trade("wrong", "POST", "token", with("ann", "000000x"), 401, wrong),
		trade("unknown user", "POST", "token", with("nobody", secret), 401, wrong),
		trade("capitals", "POST", "token", with("ann", strings.ToUpper("x"+secret)), 401, wrong),
		trade("bad user", "POST", "token", with("_x", secret), 400, invalid),
		trade("no secret", "POST", "token", `{"userId":"ann"}`, 400, invalid),
		trade("empty secret", "POST", "token", with("ann", ""), 400, invalid),
		trade("long secret", "POST", "token", with("ann", strings.Repeat("x", 257)), 400, invalid),
		good,
		trade("again", "POST", "token", with("ann", secret), 401, wrong),
		trade("magic URL", "PUT", "magic-url", with("ann", f.oneTime("ann")), 201, ""),
		trade("phone", "PUT", "phone", with("ann", f.oneTime("ann")), 201, ""),
	})
	store, _ := f.signIn("ann")
	while := trade("while signed in", "POST", "token", with("ann", f.oneTime("ann")), 401, "user_session_already_exists")
	while.headers = session(store)
	f.run([]scenario{while})
	f.advance(15 * time.Minute)
	f.run([]scenario{trade("expired", "POST", "token", with("ann", expiring), 401, wrong)})
	// Appwrite does not ask whether the user is blocked, whom the session lets do
	// nothing.
	f.must(200, "PATCH", "/v1/users/ann/status", byTestKey, `{"status":false}`)
	f.run([]scenario{trade("blocked", "POST", "token", with("ann", f.oneTime("ann")), 403, "user_blocked")})
}

// Guessing six digits must end soon, whatever address it comes from for the
// owner of another token.
func TestTokenLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	const path, guess = "/v1/account/sessions/token", `{"userId":"ann","secret":"guess"}`
	for i := range 10 {
		scenario{status: 401, kind: "user_invalid_token", header: left(10, 9-i, nextHour)}.check(t, f.do("POST", path, nil, guess))
	}
	right := `{"userId":"ann","secret":"` + f.oneTime("ann") + `"}`
	f.run([]scenario{
		{name: "the 11th", method: "POST", path: path, body: right, status: 429, kind: tooMany},
		{name: "by the other path", method: "PUT", path: "/v1/account/sessions/phone", body: right, status: 429, kind: tooMany},
		{name: "another user", method: "POST", path: path, body: `{"userId":"bob","secret":"x"}`, status: 401, kind: "user_invalid_token", header: left(10, 9, nextHour)},
		{name: "another address", method: "POST", path: path, headers: headers{"RemoteAddr": "192.0.2.77:1"}, body: right, status: 201, header: left(10, 9, nextHour)},
	})
}

func TestUpdateSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	first, id1 := f.signIn("ann")
	_, id2 := f.signIn("ann")
	_, bobs := f.signIn("bob")
	f.advance(time.Hour)
	jwt := f.jwt(first)
	missing := func(name, id string, h headers) scenario {
		return scenario{name: name, method: "PATCH", path: "/v1/account/sessions/" + id, headers: h, body: "{}", status: 404, kind: "user_session_not_found"}
	}
	good := func(name, id string, h headers, want ...string) scenario {
		return scenario{name: name, method: "PATCH", path: "/v1/account/sessions/" + id, headers: h, body: "{}", status: 200, want: want}
	}
	f.run([]scenario{
		good("current", "current", session(first), `"$id":"`+id1+`"`, `"expire":"2027-08-21T13:42:57.123+00:00"`, `"current":false`,
			`"countryCode":"--","countryName":""`, `"$updatedAt":"2026-08-21T12:42:57.123+00:00"`),
		good("by id and JWT", id2, token(jwt), `"$id":"`+id2+`"`),
		missing("current by JWT", "current", token(jwt)),
		missing("unknown", "nosuch", session(first)),
		missing("another user's", bobs, session(first)),
		{name: "bad id", method: "PATCH", path: "/v1/account/sessions/_bad!", headers: session(first), status: 400, kind: "general_argument_invalid"},
		{name: "guest", method: "PATCH", path: "/v1/account/sessions/current", status: 401, kind: "general_unauthorized_scope"},
		{name: "it is stored", method: "GET", path: "/v1/account/sessions/current", headers: session(first), status: 200,
			want: []string{`"expire":"2027-08-21T13:42:57.123+00:00"`, `"current":true`, `"$updatedAt":"2026-08-21T13:42:57.123+00:00"`}},
	})
	f.advance(maxSessionDuration)
	f.must(200, "GET", "/v1/account", session(first), "")
}
