package server

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestRecovery(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	old, _ := f.signIn("ann")
	made := f.must(201, "POST", recoveryPath, nil, body("email", "ANN@example.com", "url", "http://localhost:3000/reset?a=1&secret=mine&b=x%20y#frag"))
	scenario{status: 201, header: left(10, 9, nextHour), want: []string{`"userId":"ann","secret":"","expire":"2026-08-21T13:42:57.123+00:00","phrase":""`}}.check(t, made)
	m := nextMail(t, f, "ann@example.com")
	link := linked(t, m)
	want := "http://localhost:3000/reset?a=1&secret=" + link.Get("secret") + "&b=x%20y&userId=ann&expire=2026-08-21T13%3A42%3A57.123%2B00%3A00#frag"
	if m.Links[0] != want || len(link.Get("secret")) != 256 || m.ToName != "Ann" {
		t.Errorf("the link is %s, to %q, want %s", m.Links[0], m.ToName, want)
	}
	other := f.asked("ann@example.com")
	taken := func(name, user, secret, password string, status int, kind string) scenario {
		return scenario{name: name, method: "PUT", path: recoveryPath, body: body("userId", user, "secret", secret, "password", password), status: status, kind: kind}
	}
	good := taken("good", "ann", link.Get("secret"), "newpassword1", 200, "")
	good.want = []string{`"$id":"` + made.text("$id") + `"`, `"userId":"ann","secret":"","expire":"2026-08-21T13:42:57.123+00:00"`}
	f.signUp("bob")
	f.run([]scenario{
		taken("wrong secret", "ann", "wrong", "newpassword1", 401, "user_invalid_token"),
		taken("another user's", "bob", link.Get("secret"), "newpassword1", 401, "user_invalid_token"),
		taken("nobody's", "nobody", link.Get("secret"), "newpassword1", 401, "user_invalid_token"),
		taken("bad id", "_x", link.Get("secret"), "newpassword1", 400, "general_argument_invalid"),
		taken("short password", "ann", link.Get("secret"), "short", 400, "general_argument_invalid"),
		{name: "the password is not changed", method: "POST", path: signInPath, body: rightPassword("ann"), status: 201},
		good,
		taken("again", "ann", link.Get("secret"), "newpassword2", 401, "user_invalid_token"),
		taken("the other one, before the change", "ann", other.Get("secret"), "newpassword2", 401, "user_invalid_token"),
		{name: "old session", method: "GET", path: "/v1/account", headers: session(old), status: 401, kind: "general_unauthorized_scope"},
		{name: "old password", method: "POST", path: signInPath, body: rightPassword("ann"), status: 401, kind: "user_invalid_credentials"},
		{name: "new password", method: "POST", path: signInPath, body: body("email", "ann@example.com", "password", "newpassword1"), status: 201},
		{name: "it verified the address", method: "GET", path: "/v1/users/ann", headers: byTestKey, status: 200, want: []string{`"emailVerification":true`}},
	})
	late := f.asked("ann@example.com")
	f.advance(time.Hour)
	scenario{status: 401, kind: "user_invalid_token"}.check(t, f.redeem(late, "newpassword3"))
}

// Whoever asks, learns nothing of an address: neither by the answer nor by the id
// in it.
func TestRecoveriesDoNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox, noLimits)
	f.must(201, "POST", "/v1/account", nil, body("userId", "unique()", "email", "ann@example.com", "password", "password123"))
	f.signUp("bob")
	f.block("bob", true)
	ask := func(email string) answer {
		return f.do("POST", recoveryPath, nil, body("email", email, "url", landing))
	}
	shape := regexp.MustCompile(`^\{"\$id":"[0-9a-f]{20}","\$createdAt":"2026-08-21T12:42:57.123\+00:00","userId":"([0-9a-f]{20}|bob)","secret":"","expire":"2026-08-21T13:42:57.123\+00:00","phrase":""\}$`)
	ids := map[string]string{}
	for _, email := range []string{"ann@example.com", "bob@example.com", "nobody@example.com", "noone@example.com"} {
		for range 2 {
			a := ask(email)
			if a.Code != 201 || !shape.MatchString(strings.TrimSpace(a.Body.String())) {
				t.Errorf("%s: %d %s", email, a.Code, a.Body)
			}
			if id := ids[email]; id != "" && id != a.text("userId") {
				t.Errorf("%s: the user is %s, then %s", email, id, a.text("userId"))
			}
			ids[email] = a.text("userId")
		}
	}
	if a, b := ids["nobody@example.com"], ids["noone@example.com"]; a == b || a[:8] > ids["ann@example.com"][:8] {
		t.Errorf("nobody is %s and %s, beside %v", a, b, ids)
	}
	nextMail(t, f, "ann@example.com")
	nextMail(t, f, "ann@example.com")
	for _, to := range []string{"ann@example.com", "bob@example.com", "nobody@example.com"} {
		noMessage(t, f, to)
	}
	for _, id := range ids { // nor by what is made of the id
		for _, path := range []string{recoveryPath, verifyPath, phonePath} {
			scenario{name: path, status: 401, kind: "user_invalid_token"}.check(t,
				f.do("PUT", path, nil, body("userId", id, "secret", "123456", "password", "newpassword1")))
		}
	}
	// Servers may know.
	f.run([]scenario{
		{name: "unknown", method: "POST", path: recoveryPath, headers: byTestKey, body: body("email", "nobody@example.com", "url", landing), status: 404, kind: "user_not_found"},
		{name: "blocked", method: "POST", path: recoveryPath, headers: byTestKey, body: body("email", "bob@example.com", "url", landing), status: 403, kind: "user_blocked"},
	})
	a := f.must(201, "POST", recoveryPath, byTestKey, body("email", "ann@example.com", "url", landing))
	if link := linked(t, nextMail(t, f, "ann@example.com")); a.text("secret") != link.Get("secret") {
		t.Errorf("a server is shown the secret %q, want the link's", a.text("secret"))
	}
}

func TestRecoveryOfBlockedUsers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	link := f.asked("ann@example.com")
	f.block("ann", true)
	scenario{status: 403, kind: "user_blocked"}.check(t, f.redeem(link, "newpassword1"))
	f.block("ann", false)
	scenario{status: 200}.check(t, f.redeem(link, "newpassword1"))
}

// A link that went to an address ends with it, and so does what a password lets
// in.
func TestRecoveriesEndWithTheAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	link := f.asked("ann@example.com")
	f.must(200, "PATCH", "/v1/users/ann/email", byTestKey, body("email", "new@example.com"))
	f.must(200, "PATCH", "/v1/users/ann/email", byTestKey, body("email", "ann@example.com"))
	scenario{status: 401, kind: "user_invalid_token"}.check(t, f.redeem(link, "newpassword1"))
}

// What a project asks of passwords, holds; a refused one leaves the link.
func TestRecoveryFollowsThePasswordRules(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	f.must(200, "PATCH", "/v1/users/ann/password", byTestKey, body("password", "Unlikely-1"))
	f.setRules(Rules{PasswordHistory: 3, PasswordDictionary: true, PasswordPersonalData: true, KeepSessions: true})
	store := cookieOf(f.must(201, "POST", signInPath, nil, body("email", "ann@example.com", "password", "Unlikely-1")))
	link := f.asked("ann@example.com")
	scenario{name: "common", status: 400, kind: "general_argument_invalid"}.check(t, f.redeem(link, "password1"))
	scenario{name: "used", status: 400, kind: "password_recently_used"}.check(t, f.redeem(link, "Unlikely-1"))
	scenario{name: "personal data is not looked at", status: 200}.check(t, f.redeem(link, "ann-1-ann-2"))
	f.must(200, "GET", "/v1/account", store, "")
}

func TestRecoveryLimits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	from := func(n int) headers {
		return headers{"RemoteAddr": "192.0.2." + string(rune('0'+n/10)) + string(rune('0'+n%10)) + ":1"}
	}
	ask := body("email", "ann@example.com", "url", landing)
	for i := range 10 {
		scenario{status: 201, header: left(10, 9-i, nextHour)}.check(t, f.do("POST", recoveryPath, from(i+10), ask))
	}
	scenario{name: "the 11th for an address", status: 429, kind: tooMany}.check(t, f.do("POST", recoveryPath, from(40), ask))
	scenario{name: "the 11th, spelled otherwise", status: 429, kind: tooMany}.check(t, f.do("POST", recoveryPath, from(41), body("email", " ANN@example.com", "url", landing)))
	scenario{name: "a server", status: 201}.check(t, f.do("POST", recoveryPath, byTestKey, ask))
	for i := range 10 { // of nobody, as of somebody
		scenario{status: 201, header: left(10, 9-i, nextHour)}.check(t, f.do("POST", recoveryPath, from(50), body("email", "n"+string(rune('a'+i))+"@example.com", "url", landing)))
	}
	scenario{name: "the 11th from an address", status: 429, kind: tooMany}.check(t, f.do("POST", recoveryPath, from(50), body("email", "nobody@example.com", "url", landing)))
	for i := range 10 {
		scenario{status: 401, kind: "user_invalid_token", header: left(10, 9-i, nextHour)}.check(t, f.do("PUT", recoveryPath, from(60+i), body("userId", "ann", "secret", "x", "password", "newpassword1")))
	}
	scenario{name: "the 11th try", status: 429, kind: tooMany}.check(t, f.redeem(linked(t, nextMail(t, f, "ann@example.com")), "newpassword1"))
}
