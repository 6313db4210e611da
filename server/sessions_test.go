package server

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/ids"
)

func TestEmailSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	wrong := func(name, body string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account/sessions/email", body: body, status: 401,
			kind: "user_invalid_credentials", message: "Invalid credentials. Please check the email and password.", header: headers{"Set-Cookie": ""}}
	}
	bad := func(name, body, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account/sessions/email", body: body, status: 400, kind: "general_argument_invalid", message: message}
	}
	f.run([]scenario{
		{name: "good", method: "POST", path: "/v1/account/sessions/email", body: `{"email":"ann@example.com","password":"password123"}`, status: 201,
			want: []string{`"userId":"ann"`, `"provider":"email","providerUid":"ann@example.com"`, `"expire":"2027-08-21T12:42:57.123+00:00"`,
				`"ip":"192.0.2.1"`, `"countryCode":"--","countryName":"Unknown","current":true,"factors":["password"],"secret":"","mfaUpdatedAt":""}`},
			wantNot: []string{"argon2"}},
		{name: "alias, capitals", method: "POST", path: "/v1/account/sessions", body: `{"email":"ANN@example.com","password":"password123"}`, status: 201},
		wrong("wrong password", `{"email":"ann@example.com","password":"password124"}`),
		wrong("unknown e-mail", `{"email":"bob@example.com","password":"password123"}`),
		bad("bad e-mail", `{"email":"nope","password":"password123"}`, "Invalid `email` param: Value must be a valid email address"),
		bad("short password", `{"email":"ann@example.com","password":"short"}`, "Invalid `password` param: Password must be between 8 and 256 characters long."),
		bad("nothing", `{}`, `Param "email" is not optional.`),
	})
}

func TestAnonymousSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
	scenario{status: 201, want: []string{`"provider":"anonymous","providerUid":""`, `"factors":["anonymous"]`}}.check(t, a)
	cookie := strings.SplitN(a.Header().Values("Set-Cookie")[1], ";", 2)[0]
	f.run([]scenario{
		{name: "its account", method: "GET", path: "/v1/account", headers: headers{"Cookie": cookie}, status: 200,
			want: []string{`"name":"","registration"`, `"passwordUpdate":"","email":"","phone":""`, `"emailCanonical":null`, `"emailIsCanonical":null`, `"targets":[]`}},
		{name: "again", method: "POST", path: "/v1/account/sessions/anonymous", headers: headers{"Cookie": cookie}, status: 401,
			kind: "user_session_already_exists", message: "Creation of a session is prohibited when a session is active."},
		{name: "a JWT", method: "POST", path: "/v1/account/jwts", headers: headers{"Cookie": cookie}, status: 201},
	})
}

func TestSignInWhileSignedIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	const good = `{"email":"ann@example.com","password":"password123"}`
	refused := func(name string, h headers, body string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account/sessions/email", headers: h, body: body, status: 401, kind: "user_session_already_exists"}
	}
	f.run([]scenario{
		refused("by cookie", headers{"Cookie": "a_session_demo=" + url.QueryEscape(store)}, good),
		refused("by header", session(store), good),
		refused("by JWT", token(f.jwt(store)), good),
		refused("bad params come later", session(store), `{}`),
		{name: "dead cookie", method: "POST", path: "/v1/account/sessions/email", headers: headers{"Cookie": "a_session_demo=garbage"}, body: good, status: 201},
		{name: "sign-up", method: "POST", path: "/v1/account", headers: session(store), body: signUpBody(nil), status: 201},
	})
}

func TestSessionExpiry(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, id := f.signIn("ann")
	f.advance(maxSessionDuration)
	f.must(200, "GET", "/v1/account", session(store), "")
	f.advance(time.Millisecond)
	f.run([]scenario{
		{name: "account", method: "GET", path: "/v1/account", headers: session(store), status: 401, kind: "general_unauthorized_scope", message: guestMessage},
		{name: "sign in again with it", method: "POST", path: "/v1/account/sessions/email", headers: session(store),
			body: `{"email":"ann@example.com","password":"password123"}`, status: 201},
	})
	fresh, _ := f.signIn("ann")
	scenario{status: 200, want: []string{id}}.check(t, f.do("GET", "/v1/account/sessions", session(fresh), "")) // expired ones stay listed
}

func TestListAndGetSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	first, id1 := f.signIn("ann")
	_, id2 := f.signIn("ann")
	_, bobs := f.signIn("bob")
	jwt := f.jwt(first)
	missing := func(name, path string, h headers) scenario {
		return scenario{name: name, method: "GET", path: path, headers: h, status: 404, kind: "user_session_not_found", message: "The current user session could not be found."}
	}
	f.run([]scenario{
		{name: "list, the oldest first", method: "GET", path: "/v1/account/sessions", headers: session(first), status: 200,
			want: []string{`{"total":2,"sessions":[{"$id":"` + id1 + `"`, `"current":true`, `{"$id":"` + id2 + `"`}},
		{name: "list by JWT", method: "GET", path: "/v1/account/sessions", headers: token(jwt), status: 200, want: []string{`"total":2`}, wantNot: []string{`"current":true`}},
		{name: "current", method: "GET", path: "/v1/account/sessions/current", headers: session(first), status: 200, want: []string{id1, `"current":true`}},
		{name: "own by id", method: "GET", path: "/v1/account/sessions/" + id1, headers: session(first), status: 200, want: []string{`"current":true`}},
		{name: "another own", method: "GET", path: "/v1/account/sessions/" + id2, headers: session(first), status: 200, want: []string{`"current":false`}},
		{name: "by JWT", method: "GET", path: "/v1/account/sessions/" + id1, headers: token(jwt), status: 200, want: []string{`"current":false`}},
		missing("current by JWT", "/v1/account/sessions/current", token(jwt)),
		missing("unknown", "/v1/account/sessions/nosuch", session(first)),
		missing("of another user", "/v1/account/sessions/"+bobs, session(first)),
		{name: "bad id", method: "GET", path: "/v1/account/sessions/_bad!", headers: session(first), status: 400, kind: "general_argument_invalid",
			message: "Invalid `sessionId` param: UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore. Can't start with a leading underscore"},
		{name: "guest", method: "GET", path: "/v1/account/sessions", status: 401, kind: "general_unauthorized_scope", message: guestMessage},
	})
}

// cleared are the headers that take a session back.
var cleared = headers{
	"Set-Cookie": "a_session_demo_legacy=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly | " +
		"a_session_demo=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly; SameSite=None",
	"X-Fallback-Cookies": "[]", "Content-Type": "text/html", "Content-Length": "",
}

func TestDeleteSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	first, id1 := f.signIn("ann")
	second, id2 := f.signIn("ann")
	_, bobs := f.signIn("bob")
	jwt := f.jwt(first)
	f.run([]scenario{
		{name: "of another user", method: "DELETE", path: "/v1/account/sessions/" + bobs, headers: session(first), body: "{}", status: 404, kind: "user_session_not_found"},
		{name: "another own", method: "DELETE", path: "/v1/account/sessions/" + id2, headers: session(first), status: 204, header: headers{"Set-Cookie": "", "X-Fallback-Cookies": ""}},
		{name: "that one is dead", method: "GET", path: "/v1/account", headers: session(second), status: 401, kind: "general_unauthorized_scope"},
		{name: "current by JWT", method: "DELETE", path: "/v1/account/sessions/current", headers: token(jwt), status: 404, kind: "user_session_not_found"},
		{name: "current", method: "DELETE", path: "/v1/account/sessions/current", headers: session(first), body: "{}", status: 204, header: cleared},
		{name: "again", method: "DELETE", path: "/v1/account/sessions/" + id1, headers: session(first), status: 401, kind: "general_unauthorized_scope"},
		{name: "its JWT is dead", method: "GET", path: "/v1/account", headers: token(jwt), status: 401, kind: "general_unauthorized_scope", message: guestMessage},
	})
}

func TestDeleteSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	first, _ := f.signIn("ann")
	second, _ := f.signIn("ann")
	jwt := f.jwt(second)
	f.run([]scenario{
		{name: "all", method: "DELETE", path: "/v1/account/sessions", headers: session(first), body: "{}", status: 204, header: cleared},
		{name: "first", method: "GET", path: "/v1/account", headers: session(first), status: 401, kind: "general_unauthorized_scope"},
		{name: "second", method: "GET", path: "/v1/account", headers: session(second), status: 401, kind: "general_unauthorized_scope"},
		{name: "JWT", method: "GET", path: "/v1/account", headers: token(jwt), status: 401, kind: "general_unauthorized_scope"},
	})
	third, _ := f.signIn("ann")
	scenario{status: 204, header: headers{"Set-Cookie": "", "X-Fallback-Cookies": "[]"}}.check(t, f.do("DELETE", "/v1/account/sessions", token(f.jwt(third)), ""))
}

func TestSessionLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	stores := make([]string, 11)
	for i := range stores {
		stores[i], _ = f.signIn("ann") // all in one millisecond: the clock stands
	}
	for i, status := range map[int]int{0: 401, 1: 200, 10: 200} {
		if a := f.do("GET", "/v1/account", session(stores[i]), ""); a.Code != status {
			t.Errorf("session %d of 11: %d, want %d", i+1, a.Code, status)
		}
	}
	scenario{status: 200, want: []string{`"total":10`}}.check(t, f.do("GET", "/v1/account/sessions", session(stores[10]), ""))
}

func TestBlockedUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	if err := f.SetUserStatus(t.Context(), "ann", false); err != nil {
		t.Fatal(err)
	}
	blocked := func(method, path string, h headers, body string) scenario {
		return scenario{name: fmt.Sprint(method, path, len(h)), method: method, path: path, headers: h, body: body, status: 403,
			kind: "user_blocked", message: "The current user has been blocked."}
	}
	f.run([]scenario{
		blocked("GET", "/v1/account", session(store), ""),
		blocked("GET", "/v1/account", token(jwt), ""),
		blocked("POST", "/v1/account/jwts", session(store), "{}"),
		blocked("POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"password123"}`),
		{name: "the password comes first", method: "POST", path: "/v1/account/sessions/email", body: `{"email":"ann@example.com","password":"password124"}`,
			status: 401, kind: "user_invalid_credentials"},
	})
	if err := f.SetUserStatus(t.Context(), "ann", true); err != nil {
		t.Fatal(err)
	}
	f.must(200, "GET", "/v1/account", session(store), "")
}

func TestSessionsNameTheirAgent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"
	forwarded := func(h headers) headers {
		h["User-Agent"], h["X-Forwarded-User-Agent"] = "curl/8.5.0", firefox
		return h
	}
	const isFirefox, isCurl = `"clientCode":"FF","clientName":"Firefox"`, `"clientCode":"","clientName":"curl"`
	f.run([]scenario{
		{name: "its own", method: "POST", path: signInPath, headers: headers{"User-Agent": firefox}, body: rightPassword("ann"), status: 201, want: []string{isFirefox, `"osCode":"LIN"`}},
		{name: "another's, with a key", method: "POST", path: signInPath, headers: forwarded(headers{"X-Appwrite-Key": testKey}), body: rightPassword("ann"), status: 201, want: []string{isFirefox}},
		{name: "not without", method: "POST", path: signInPath, headers: forwarded(headers{}), body: rightPassword("ann"), status: 201, want: []string{isCurl}},
		{name: "with a key's session", method: "POST", path: "/v1/users/ann/sessions", headers: forwarded(headers{"X-Appwrite-Key": testKey}), body: "{}", status: 201, want: []string{isFirefox}},
	})
	store, _ := f.signIn("ann")
	scenario{status: 200, want: []string{isFirefox, isCurl}}.check(t, f.do("GET", "/v1/account/sessions", session(store), ""))
}

func TestStoreStrings(t *testing.T) {
	t.Parallel()
	secret := ids.NewSecret()
	if len(secret) != 256 {
		t.Errorf("a secret has %d digits", len(secret))
	}
	s := encodeStore("ann", secret)
	if user, got, ok := decodeStore(s); !ok || user != "ann" || got != secret {
		t.Errorf("decodeStore(encodeStore) = %q, %q, %v", user, got, ok)
	}
	// {"id":"a","secret":""}, {"id":5,"secret":"x"}, [], "a"
	for _, bad := range []string{"", "!", s + "xx", "eyJpZCI6ImEiLCJzZWNyZXQiOiIifQ==", "eyJpZCI6NSwic2VjcmV0IjoieCJ9", "W10=", "ImEi"} {
		if _, _, ok := decodeStore(bad); ok {
			t.Errorf("decodeStore(%q) is ok", bad)
		}
	}
}
