package server

import (
	"strings"
	"testing"
)

func TestSessionAlerts(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.signUp("bob")
	f.signIn("bob")
	f.signIn("bob") // without the rule
	noMessage(t, f, "bob@example.com")
	f.setRules(Rules{SessionAlerts: true})
	f.signIn("ann")
	noMessage(t, f, "ann@example.com")
	agent := headers{"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 <evil.example>"}
	f.must(201, "POST", signInPath, agent, rightPassword("ann"))
	m := nextMail(t, f, "ann@example.com")
	for _, want := range []string{"21 August 2026, 12:42 UTC", "Chrome, Windows", "192.0.2.1"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, m.Text)
		}
	}
	if m.Subject != "Security alert: new session on your demo account" || m.ToName != "" || !strings.Contains(m.Text, "Ann") || strings.Contains(m.Text+m.HTML, "evil") {
		t.Errorf("the mail is %+v", m)
	}
	// Wrong passwords, other ways and servers raise none.
	f.must(401, "POST", signInPath, nil, wrongPassword("ann"))
	f.must(201, "POST", "/v1/users/ann/sessions", byTestKey, "{}")
	f.must(201, "POST", signInPath, byTestKey, rightPassword("ann"))
	scenario{status: 201}.check(t, f.trade("ann", f.magic("x", "ann@example.com").Get("secret")))
	noMessage(t, f, "ann@example.com")

	off := newFixture(t, withKey) // nobody to send it: signing in goes on
	off.signUp("ann")
	off.setRules(Rules{SessionAlerts: true})
	off.signIn("ann")
	off.signIn("ann")
}
