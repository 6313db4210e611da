package server

import (
	"strings"
	"testing"
	"time"
)

// setRules changes the rules of the project.
func (f *fixture) setRules(r Rules) {
	f.t.Helper()
	if err := f.SetProject(f.t.Context(), Project{ID: f.options.Project, APIKey: testKey, Rules: r}); err != nil {
		f.t.Fatal(err)
	}
}

func TestDisabledMethods(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.setRules(Rules{Disabled: []AuthMethod{MethodEmailPassword, MethodAnonymous, MethodJWT}})
	refused := func(name, path string, h headers, body string) scenario {
		return scenario{name: name, method: "POST", path: path, headers: h, body: body, status: 501, kind: "user_auth_method_unsupported",
			message: name + " authentication is disabled for this project"}
	}
	f.run([]scenario{
		refused("JWT", "/v1/account/jwts", session(store), "{}"),
		refused("Email / Password", signInPath, nil, rightPassword("ann")),
		refused("Email / Password", "/v1/account", nil, signUpBody(nil)),
		refused("Anonymous", "/v1/account/sessions/anonymous", nil, "{}"),
		{name: "the scope comes first", method: "POST", path: "/v1/account/jwts", status: 401, kind: "general_unauthorized_scope"},
		{name: "a key may", method: "POST", path: signInPath, headers: byTestKey, body: rightPassword("ann"), status: 201},
	})
	f.setRules(Rules{})
	f.must(201, "POST", "/v1/account/jwts", session(store), "{}")
}

func TestDisabledServices(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.setRules(Rules{DisabledServices: []string{"account"}})
	disabled := func(name string, h headers) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account", headers: h, status: 403, kind: "general_service_disabled",
			message: "The requested service is disabled. You can enable the service from the Appwrite console."}
	}
	f.run([]scenario{
		disabled("user", session(store)), disabled("guest", nil),
		{name: "another service", method: "GET", path: "/v1/locale", status: 200},
		{name: "a key may", method: "POST", path: signInPath, headers: byTestKey, body: rightPassword("ann"), status: 201},
	})
}

func TestMaxUsers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	f.setRules(Rules{MaxUsers: 2})
	f.signUp("bob")
	full := func(name, path, body string) scenario {
		return scenario{name: name, method: "POST", path: path, body: body, status: 400, kind: "user_count_exceeded"}
	}
	f.run([]scenario{
		full("sign-up", "/v1/account", signUpBody(nil)), full("anonymous", "/v1/account/sessions/anonymous", "{}"),
		{name: "a key may", method: "POST", path: "/v1/users", headers: byTestKey, body: `{"userId":"unique()"}`, status: 201},
	})
}

func TestMaxSessions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ most, kept int }{{0, 10}, {2, 2}, {1, 1}, {-1, 13}} {
		f := newFixture(t, withKey, noLimits)
		f.signUp("ann")
		f.setRules(Rules{MaxSessions: tt.most})
		var last string
		for range 13 {
			last, _ = f.signIn("ann")
		}
		if got := f.must(200, "GET", "/v1/account/sessions", session(last), "").object["total"]; got != float64(tt.kept) {
			t.Errorf("MaxSessions %d keeps %v, want %d", tt.most, got, tt.kept)
		}
		f.must(201, "POST", "/v1/users/ann/sessions", byTestKey, "{}") // a server's push no others out
		if got := f.must(200, "GET", "/v1/account/sessions", session(last), "").object["total"]; got != float64(tt.kept+1) {
			t.Errorf("with a server's session: %v, want %d", got, tt.kept+1)
		}
	}
}

func TestSessionDuration(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	f.setRules(Rules{SessionDuration: time.Minute, KeepSessions: true})
	first, _ := f.signIn("ann")
	second, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/password", session(first), `{"password":"password124","oldPassword":"password123"}`)
	f.must(200, "GET", "/v1/account", session(second), "") // KeepSessions
	f.advance(time.Minute)
	f.must(200, "GET", "/v1/account", session(first), "")
	f.advance(time.Millisecond)
	f.must(401, "GET", "/v1/account", session(first), "")
	f.setRules(Rules{})
	f.must(401, "GET", "/v1/account", session(first), "") // what has expired stays so
}

func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for want, r := range map[string]Rules{
		`there is no way of signing in "telepathy"`: {Disabled: []AuthMethod{"telepathy"}},
		`there is no service "storage"`:             {DisabledServices: []string{"storage"}},
		"MaxUsers is -1":                            {MaxUsers: -1},
		"MaxSessions is -2":                         {MaxSessions: -2},
		"SessionDuration is 59s":                    {SessionDuration: 59 * time.Second},
		"SessionDuration is 8760h0m1s":              {SessionDuration: maxSessionDuration + time.Second},
	} {
		err := f.SetProject(t.Context(), Project{ID: "p", Rules: r})
		if err == nil || !strings.Contains(err.Error(), `the rules of project "p": `+want) {
			t.Errorf("SetProject = %v, want %q", err, want)
		}
	}
}
