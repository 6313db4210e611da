package server

import (
	"encoding/json"
	"net/url"
	"testing"
)

// body is a JSON body of names and values in turn.
func body(pairs ...any) string {
	members := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i].(string)] = pairs[i+1]
	}
	text, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// linked are the parameters of the only link of a mail.
func linked(t *testing.T, m Message) url.Values {
	t.Helper()
	if len(m.Links) != 1 {
		t.Fatalf("the mail has the links %q, want one", m.Links)
	}
	u, err := url.Parse(m.Links[0])
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// coded is the only code of a message.
func coded(t *testing.T, m Message) string {
	t.Helper()
	if len(m.Codes) != 1 {
		t.Fatalf("the message has the codes %q, want one", m.Codes)
	}
	return m.Codes[0]
}

// Paths of the operations that make tokens and take them.
const (
	recoveryPath  = "/v1/account/recovery"
	verifyPath    = "/v1/account/verifications/email"
	magicPath     = "/v1/account/tokens/magic-url"
	emailCodePath = "/v1/account/tokens/email"
	phoneCodePath = "/v1/account/tokens/phone"
	phonePath     = "/v1/account/verifications/phone"
	tradePath     = "/v1/account/sessions/token"

	landing = "http://localhost/landing"
)

// asked asks for a recovery and returns what its link carries.
func (f *fixture) asked(email string) url.Values {
	f.t.Helper()
	f.must(201, "POST", recoveryPath, nil, body("email", email, "url", landing))
	return linked(f.t, nextMail(f.t, f, email))
}

// magic asks for a magic link and returns what it carries.
func (f *fixture) magic(id, email string) url.Values {
	f.t.Helper()
	f.must(201, "POST", magicPath, nil, body("userId", id, "email", email, "url", landing))
	return linked(f.t, nextMail(f.t, f, email))
}

// mailedCode asks for a code by mail, and returns the user's id and the code.
func (f *fixture) mailedCode(id, email string) (user, code string) {
	f.t.Helper()
	a := f.must(201, "POST", emailCodePath, nil, body("userId", id, "email", email))
	return a.text("userId"), coded(f.t, nextMail(f.t, f, email))
}

// trade trades a token for a session.
func (f *fixture) trade(user, secret string) answer {
	f.t.Helper()
	return f.do("POST", tradePath, nil, body("userId", user, "secret", secret))
}

// block blocks a user, or lets it in again.
func (f *fixture) block(id string, blocked bool) {
	f.t.Helper()
	f.must(200, "PATCH", "/v1/users/"+id+"/status", byTestKey, body("status", !blocked))
}

// redeem sets a password by what a recovery's link carries.
func (f *fixture) redeem(link url.Values, password string) answer {
	f.t.Helper()
	return f.do("PUT", recoveryPath, nil, body("userId", link.Get("userId"), "secret", link.Get("secret"), "password", password))
}

// cookieOf is the session that an answer has made, as a header.
func cookieOf(a answer) headers {
	return headers{"X-Fallback-Cookies": a.Header().Get("X-Fallback-Cookies")}
}
