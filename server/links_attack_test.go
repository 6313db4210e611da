package server

import (
	"fmt"
	"strings"
	"testing"
)

// No link that carries a secret leads to anybody else, whatever asks for it.
func TestSecretsAreSentNowhereElse(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox, noLimits, func(o *Options) { o.AllowOrigins = []string{"app.example.com", "*"} })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for _, address := range []string{
		"http://evil.example/", "https://app.example.com.evil.example", "https://app.example.com@evil.example", "https://evil.example\\@app.example.com",
		"//app.example.com", "javascript:alert(1)", "data:text/html,x", "https://app.example.com\r\nBcc: eve@evil.example", "appwrite-callback-other://x",
	} {
		for _, path := range []string{recoveryPath, verifyPath, "/v1/account/verification", magicPath, "/v1/account/sessions/magic-url"} {
			f.run([]scenario{{name: path + " " + address, method: "POST", path: path, headers: session(store),
				body: body("userId", "x", "email", "ann@example.com", "url", address), status: 400, kind: "general_argument_invalid"}})
		}
	}
	noMessage(t, f, "ann@example.com")
}

// The host of a magic link that names no page is this server's, not what a
// request calls it.
func TestHostsDoNotPoisonLinks(t *testing.T) {
	t.Parallel()
	ask := body("userId", "ann", "email", "ann@example.com")
	lead := func(f *fixture, host string) string {
		f.must(201, "POST", magicPath, headers{"Host": host}, ask)
		link := nextMail(t, f, "ann@example.com").Links[0]
		return link[:strings.Index(link, "?")]
	}
	f := newFixture(t, withOutbox, noLimits, func(o *Options) { o.AllowOrigins = []string{"https://api.example.com", "*"} })
	for host, want := range map[string]string{
		"localhost:7519": "http://localhost:7519/console/auth/magic-url", "api.example.com": "http://api.example.com/console/auth/magic-url",
		"[::1]:80": "http://[::1]:80/console/auth/magic-url",
	} {
		if got := lead(f, host); got != want {
			t.Errorf("at %s: %s, want %s", host, got, want)
		}
	}
	for _, host := range []string{"evil.example", "api.example.com.evil.example", "localhost:80@evil.example", "evil.example/localhost", "localhost#.evil.example", ""} {
		f.run([]scenario{{name: host, method: "POST", path: magicPath, headers: headers{"Host": host}, body: ask, status: 403, kind: "isojot_host_not_allowed"}})
	}
	noMessage(t, f, "ann@example.com")
	behind := newFixture(t, withOutbox, func(o *Options) { o.Endpoint = "https://api.example.org/v1" })
	for _, host := range []string{"evil.example", "localhost", "api.example.org"} {
		if got := lead(behind, host); got != "https://api.example.org/console/auth/magic-url" {
			t.Errorf("at %s, with an endpoint: %s", host, got)
		}
	}
	// What a proxy is not trusted for.
	behind.must(201, "POST", magicPath, headers{"X-Forwarded-Host": "evil.example"}, ask)
	if link := nextMail(t, behind, "ann@example.com").Links[0]; !strings.HasPrefix(link, "https://api.example.org/") {
		t.Errorf("the link is %s", link)
	}
}

// Whoever signs up with somebody's address chooses the name that mails greet.
func TestNamesInMailsAreNoMessages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withOutbox)
	f.must(201, "POST", "/v1/account", nil, body("userId", "ann", "email", "ann@example.com", "password", "password123", "name", "You won! https://evil.example/?"))
	f.must(201, "POST", recoveryPath, nil, body("email", "ann@example.com", "url", landing))
	if m := nextMail(t, f, "ann@example.com"); len(m.Links) != 1 || strings.Contains(m.Text+m.HTML+m.ToName, "evil") {
		t.Errorf("the mail to %q has the links %q", m.ToName, m.Links)
	}
	store, _ := f.signIn("ann")
	f.must(201, "POST", "/v1/teams", session(store), body("teamId", "t", "name", "You won: http://evil.example/x"))
	f.must(201, "POST", "/v1/teams/t/memberships", session(store), `{"email":"bob@example.com","name":"Go to evil.example","roles":[],"url":"http://localhost/join"}`)
	m := nextMail(t, f, "bob@example.com")
	text := strings.ReplaceAll(m.Text+m.HTML+m.ToName+m.Subject, m.Links[0], "")
	if strings.Contains(strings.ReplaceAll(text, "teamName", ""), "http://evil") || strings.Contains(m.ToName+m.Subject, "evil") {
		t.Errorf("the invitation to %q, %q, says\n%s", m.ToName, m.Subject, m.Text)
	}
}

// Without anybody to send, nothing is made.
func TestMailsAndTextsCanBeOff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	both := func(path, address string, status int, kind, message string) scenario {
		return scenario{name: fmt.Sprint(path, address), method: "POST", path: path, headers: session(store),
			body: body("userId", "x", "email", "new@example.com", "phone", phone, "url", address), status: status, kind: kind, message: message}
	}
	f.run([]scenario{
		both(recoveryPath, landing, 503, "general_smtp_disabled", "SMTP Disabled"),
		both(recoveryPath, "http://evil.example", 400, "general_argument_invalid", ""),
		both(verifyPath, landing, 503, "general_smtp_disabled", "SMTP Disabled"),
		both(magicPath, landing, 503, "general_smtp_disabled", "SMTP disabled"),
		both(emailCodePath, landing, 503, "general_smtp_disabled", "SMTP disabled"),
		both(phoneCodePath, landing, 503, "general_phone_disabled", "Phone provider not configured"),
		both(phonePath, landing, 503, "general_phone_disabled", "Phone provider not configured"),
		{name: "no user was made", method: "GET", path: "/v1/users/x", headers: byTestKey, status: 404, kind: "user_not_found"},
	})
}

func TestTokensOfDisabledMethods(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	before := f.magic("x", "ann@example.com").Get("secret")
	f.setRules(Rules{Disabled: []AuthMethod{MethodMagicURL, MethodEmailOTP, MethodPhone}})
	ask := body("userId", "x", "email", "ann@example.com", "phone", phone, "url", landing)
	for path, name := range map[string]string{magicPath: "Magic URL", emailCodePath: "Email OTP", phoneCodePath: "Phone", phonePath: "Phone"} {
		f.run([]scenario{{name: path, method: "POST", path: path, headers: session(store), body: ask, status: 501, kind: "user_auth_method_unsupported",
			message: name + " authentication is disabled for this project"}})
	}
	f.run([]scenario{
		{name: "a key may", method: "POST", path: magicPath, headers: byTestKey, body: ask, status: 201},
		{name: "recovery is no such method", method: "POST", path: recoveryPath, body: ask, status: 201},
	})
	scenario{name: "a token from before", status: 201}.check(t, f.trade("ann", before))
}
