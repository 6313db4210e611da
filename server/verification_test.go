package server

import (
	"fmt"
	"testing"
	"time"
)

func TestEmailVerification(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.signUp("bob")
	store, _ := f.signIn("ann")
	ask := func(name string, h headers, url any, status int, kind string) scenario {
		return scenario{name: name, method: "POST", path: verifyPath, headers: h, body: body("url", url), status: status, kind: kind}
	}
	take := func(name, path, user, secret string, status int, kind string) scenario {
		return scenario{name: name, method: "PUT", path: path, body: body("userId", user, "secret", secret), status: status, kind: kind}
	}
	const old = "/v1/account/verification"
	good := ask("session", session(store), "http://localhost/v?x=1#top", 201, "")
	good.want = []string{`"userId":"ann","secret":"","expire":"2026-08-21T13:42:57.123+00:00","phrase":""`}
	f.run([]scenario{
		good,
		ask("JWT", token(f.jwt(store)), landing, 201, ""),
		ask("guest", nil, landing, 401, "general_unauthorized_scope"),
		ask("API key", byTestKey, landing, 401, "general_unauthorized_scope"),
		ask("unknown host", session(store), "http://evil.example/v", 400, "general_argument_invalid"),
		ask("null", session(store), nil, 400, "general_argument_invalid"),
		{name: "older path", method: "POST", path: old, headers: session(store), body: body("url", landing), status: 201},
	})
	m := nextMail(t, f, "ann@example.com")
	first, second, third := linked(t, m), linked(t, nextMail(t, f, "ann@example.com")), linked(t, nextMail(t, f, "ann@example.com"))
	secret := first.Get("secret")
	if want := "http://localhost/v?x=1&userId=ann&secret=" + secret + "&expire=2026-08-21T13%3A42%3A57.123%2B00%3A00#top"; m.Links[0] != want || len(secret) != 256 {
		t.Errorf("the link is %s, want %s", m.Links[0], want)
	}
	f.run([]scenario{
		take("wrong secret", verifyPath, "ann", "wrong", 401, "user_invalid_token"),
		take("another user's", verifyPath, "bob", secret, 401, "user_invalid_token"),
		take("nobody's", verifyPath, "nobody", secret, 401, "user_invalid_token"),
		take("another kind's path", phonePath, "ann", secret, 401, "user_invalid_token"),
		take("a sign-in", tradePath, "ann", secret, 404, "general_route_not_found"), // of that method
		{name: "it signs nobody in", method: "POST", path: tradePath, body: body("userId", "ann", "secret", secret), status: 401, kind: "user_invalid_token"},
		take("good", verifyPath, "ann", secret, 200, ""),
		take("again", verifyPath, "ann", secret, 401, "user_invalid_token"),
		{name: "verified", method: "GET", path: "/v1/account", headers: session(store), status: 200, want: []string{`"emailVerification":true`}},
		ask("verified already", session(store), landing, 409, "user_email_already_verified"),
		take("another one, by the older path", old, "ann", second.Get("secret"), 200, ""),
	})
	noMessage(t, f, "ann@example.com")
	f.advance(time.Hour)
	f.run([]scenario{take("expired", verifyPath, "ann", third.Get("secret"), 401, "user_invalid_token")})

	anonymous := cookieOf(f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}"))
	f.run([]scenario{ask("without an address", anonymous, landing, 400, "user_email_not_found")})
}

// A link verifies the address that it was mailed to, no later one: not even where
// the user has that address again.
func TestVerificationIsOfOneAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.must(201, "POST", verifyPath, session(store), body("url", landing))
	link := linked(t, nextMail(t, f, "ann@example.com"))
	for _, email := range []string{"new@example.com", "ann@example.com"} {
		f.must(200, "PATCH", "/v1/account/email", session(store), body("email", email, "password", "password123"))
		f.run([]scenario{{name: email, method: "PUT", path: verifyPath, body: body("userId", "ann", "secret", link.Get("secret")), status: 401, kind: "user_invalid_token"}})
	}
	f.run([]scenario{{name: "not verified", method: "GET", path: "/v1/account", headers: session(store), status: 200, want: []string{`"emailVerification":false`}}})
}

func TestBlockedUsersVerifyNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.must(201, "POST", verifyPath, session(store), body("url", landing))
	link := linked(t, nextMail(t, f, "ann@example.com"))
	f.block("ann", true)
	f.run([]scenario{
		{name: "ask", method: "POST", path: verifyPath, headers: session(store), body: body("url", landing), status: 403, kind: "user_blocked"},
		{name: "take", method: "PUT", path: verifyPath, body: body("userId", "ann", "secret", link.Get("secret")), status: 403, kind: "user_blocked"},
		{name: "guess", method: "PUT", path: verifyPath, body: body("userId", "ann", "secret", "wrong"), status: 401, kind: "user_invalid_token"},
	})
	noMessage(t, f, "ann@example.com")
}

// Mails and tries share a counter, by each path, whoever tries.
func TestVerificationLimits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for i := range 10 {
		path := []string{verifyPath, "/v1/account/verification"}[i%2]
		if i%3 == 0 {
			scenario{status: 201, header: left(10, 9-i, nextHour)}.check(t, f.do("POST", path, session(store), body("url", landing)))
			continue
		}
		from := headers{"RemoteAddr": fmt.Sprintf("192.0.2.%d:1", i)}
		scenario{status: 401, kind: "user_invalid_token", header: left(10, 9-i, nextHour)}.check(t, f.do("PUT", path, from, body("userId", "ann", "secret", "x")))
	}
	secret := linked(t, nextMail(t, f, "ann@example.com")).Get("secret")
	f.run([]scenario{
		{name: "the 11th mail", method: "POST", path: verifyPath, headers: session(store), body: body("url", landing), status: 429, kind: tooMany},
		{name: "the 11th try", method: "PUT", path: verifyPath, body: body("userId", "ann", "secret", secret), status: 429, kind: tooMany},
		{name: "another user", method: "PUT", path: verifyPath, body: body("userId", "bob", "secret", secret), status: 401, kind: "user_invalid_token", header: left(10, 9, nextHour)},
	})
}
