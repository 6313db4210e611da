package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/wire"
)

// claims reads the payload of a JWT.
func claims(t *testing.T, jwt string) (c struct {
	UserID, SessionID string
	Exp               int64
}) {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestUserSessions(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	f.signUp("bob")
	store, first := f.signIn("ann")
	a := f.must(201, "POST", "/v1/users/ann/sessions", key, "{}")
	scenario{status: 201, want: []string{`"provider":"server"`, `"current":false`, `"factors":["server"]`},
		header: headers{"Set-Cookie": "", "X-Fallback-Cookies": ""}}.check(t, a)
	second, secret := a.text("$id"), a.text("secret")
	f.must(200, "GET", "/v1/account", session(secret), "")
	f.run([]scenario{
		{name: "list", method: "GET", path: "/v1/users/ann/sessions", headers: key, status: 200, want: []string{`{"total":2,"sessions":[{"$id":"` + first, second}, wantNot: []string{`"current":true`, secret}},
		{name: "without total", method: "GET", path: "/v1/users/ann/sessions?total=0", headers: key, status: 200, want: []string{`{"total":0,"sessions":[{`}},
		{name: "bad total", method: "GET", path: "/v1/users/ann/sessions?total=abc", headers: key, status: 400, kind: "general_argument_invalid", message: "Invalid `total` param: Value must be a valid boolean"},
		{name: "of another user", method: "DELETE", path: "/v1/users/bob/sessions/" + second, headers: key, status: 404, kind: "user_session_not_found", message: "The current user session could not be found."},
		{name: "unknown", method: "DELETE", path: "/v1/users/ann/sessions/nosuch", headers: key, status: 404, kind: "user_session_not_found"},
		{name: "bad id", method: "DELETE", path: "/v1/users/ann/sessions/_x", headers: key, status: 400, kind: "general_argument_invalid"},
		{name: "delete", method: "DELETE", path: "/v1/users/ann/sessions/" + second, headers: key, status: 204},
		{name: "is gone", method: "GET", path: "/v1/account", headers: session(secret), status: 401, kind: "general_unauthorized_scope"},
		{name: "the other is not", method: "GET", path: "/v1/account", headers: session(store), status: 200},
		{name: "delete all", method: "DELETE", path: "/v1/users/ann/sessions", headers: key, status: 204},
		{name: "all are gone", method: "GET", path: "/v1/account", headers: session(store), status: 401, kind: "general_unauthorized_scope"},
		{name: "empty list", method: "GET", path: "/v1/users/ann/sessions", headers: key, status: 200, want: []string{`{"total":0,"sessions":[]}`}},
	})
}

// Sessions that a server makes do not push others out, also for the blocked.
func TestUserSessionsAreNotLimited(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	f.must(200, "PATCH", "/v1/users/ann/status", key, `{"status":false}`)
	for range 12 {
		f.must(201, "POST", "/v1/users/ann/sessions", key, "")
	}
	if total := f.must(200, "GET", "/v1/users/ann/sessions", key, "").object["total"]; total != 12.0 {
		t.Errorf("there are %v sessions, want 12", total)
	}
}

func TestUserJWTs(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	create := func(body string) string {
		return f.must(201, "POST", "/v1/users/ann/jwts", key, body).text("jwt")
	}
	if c := claims(t, create("")); c.UserID != "ann" || c.SessionID != "" || c.Exp != start.Unix()+900 {
		t.Errorf("without sessions: %+v", c)
	}
	unbound := create("{}")
	_, first := f.signIn("ann")
	_, second := f.signIn("ann")
	for body, want := range map[string]string{
		`{}`: second, `{"sessionId":"recent"}`: second, `{"sessionId":null}`: second,
		`{"sessionId":"` + first + `"}`: first, `{"sessionId":"nosuch"}`: "", `{"sessionId":"current"}`: "",
	} {
		if c := claims(t, create(body)); c.SessionID != want {
			t.Errorf("%s binds to %q, want %q", body, c.SessionID, want)
		}
	}
	if c := claims(t, create(`{"duration":"60"}`)); c.Exp != start.Unix()+60 {
		t.Errorf("duration 60 ends %d seconds from now", c.Exp-start.Unix())
	}
	bad := func(name, body, param, description string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/users/ann/jwts", headers: key, body: body, status: 400, kind: "general_argument_invalid",
			message: "Invalid `" + param + "` param: " + description}
	}
	f.run([]scenario{
		bad("empty session", `{"sessionId":""}`, "sessionId", wire.DescribeUID),
		bad("bad session", `{"sessionId":"_x!"}`, "sessionId", wire.DescribeUID),
		bad("too long", `{"duration":3601}`, "duration", "Value must be a valid range between 0 and 3,600"),
		bad("fraction", `{"duration":1.5}`, "duration", "Value must be a valid range between 0 and 3,600"),
		bad("nothing", `{"duration":0}`, "duration", "Value must be a valid range between 1 and 3,600"),
	})
	bound := create("{}")
	f.must(204, "DELETE", "/v1/users/ann/sessions", key, "")
	f.run([]scenario{
		{name: "bound", method: "GET", path: "/v1/account", headers: token(bound), status: 401, kind: "general_unauthorized_scope"},
		{name: "unbound", method: "GET", path: "/v1/account", headers: token(unbound), status: 200},
		{name: "no JWT by JWT", method: "POST", path: "/v1/account/jwts", headers: token(unbound), status: 403, kind: "user_jwt_creation_denied"},
	})
}

func TestUserTokens(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	a := f.must(201, "POST", "/v1/users/ann/tokens", key, "")
	want := fmt.Sprintf(`{"$id":"%s","$createdAt":"%s","userId":"ann","secret":"%s","expire":"%s","phrase":""}`,
		a.text("$id"), wire.Date(start), a.text("secret"), wire.Date(start.Add(15*time.Minute)))
	if got := a.Body.String(); got != want {
		t.Errorf("the token is %s, want %s", got, want)
	}
	for body, digits := range map[string]int{"": 6, `{"length":4}`: 4, `{"length":127}`: 127, `{"length":"128","expire":60}`: 128} {
		secret := f.must(201, "POST", "/v1/users/ann/tokens", key, body).text("secret")
		if !regexp.MustCompile(fmt.Sprintf("^[0-9a-f]{%d}$", digits)).MatchString(secret) {
			t.Errorf("%s: the secret is %q", body, secret)
		}
	}
	for body, message := range map[string]string{
		`{"length":3}`:        "Invalid `length` param: Value must be a valid range between 4 and 128",
		`{"length":"abc"}`:    "Invalid `length` param: Value must be a valid range between 4 and 128",
		`{"expire":59}`:       "Invalid `expire` param: Value must be a valid range between 60 and 31,536,000",
		`{"expire":31536001}`: "Invalid `expire` param: Value must be a valid range between 60 and 31,536,000",
	} {
		scenario{status: 400, kind: "general_argument_invalid", message: message}.check(t, f.do("POST", "/v1/users/ann/tokens", key, body))
	}
}
