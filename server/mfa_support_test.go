package server

import (
	"testing"

	"github.com/pquerna/otp/totp"
)

// code is what an authenticator shows now.
func (f *fixture) code(secret string) string {
	f.t.Helper()
	code, err := totp.GenerateCode(secret, f.Server.now())
	if err != nil {
		f.t.Fatal(err)
	}
	return code
}

// nextCode is what it shows in half a minute, which this waits for: a code works
// once.
func (f *fixture) nextCode(secret string) string {
	f.advance(totpPeriod)
	return f.code(secret)
}

// enroll gives the session's user a verified authenticator, and returns its
// secret.
func (f *fixture) enroll(store string) (secret string) {
	f.t.Helper()
	secret = f.must(200, "POST", "/v1/account/mfa/authenticators/totp", session(store), "{}").text("secret")
	f.must(200, "PUT", "/v1/account/mfa/authenticators/totp", session(store), `{"otp":"`+f.code(secret)+`"}`)
	return secret
}

// protect signs a user up whose second factor is on, an authenticator, and
// returns the session that switched it on and the authenticator's secret.
func (f *fixture) protect(id string) (store, secret string) {
	f.t.Helper()
	f.signUp(id)
	store, _ = f.signIn(id)
	secret = f.enroll(store)
	f.must(200, "PATCH", "/v1/account/mfa", session(store), `{"mfa":true}`)
	return store, secret
}

// challenge asks for a challenge of a factor and returns its id.
func (f *fixture) challenge(store, factor string) string {
	f.t.Helper()
	return f.must(201, "POST", "/v1/account/mfa/challenges", session(store), `{"factor":"`+factor+`"}`).text("$id")
}

// respond answers a challenge.
func (f *fixture) respond(store, challenge, code string) answer {
	f.t.Helper()
	return f.do("PUT", "/v1/account/mfa/challenges", session(store), response(challenge, code))
}

func response(challenge, code string) string {
	return `{"challengeId":"` + challenge + `","otp":"` + code + `"}`
}

// challengeOf is the answer to ann, of a server that sends messages, who asks for
// a challenge after something was done to her.
func challengeOf(t *testing.T, factor string, before func(*fixture)) answer {
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	if before != nil {
		before(f)
	}
	store, _ := f.signIn("ann")
	return f.do("POST", "/v1/account/mfa/challenges", session(store), `{"factor":"`+factor+`"}`)
}

// wants fails unless the answer is an error of that status and type; "" for 200.
func wants(t *testing.T, name string, a answer, status int, kind string) {
	t.Helper()
	if a.Code != status || a.text("type") != kind {
		t.Errorf("%s: %d %s, want %d %s\n%s", name, a.Code, a.text("type"), status, kind, a.Body)
	}
}

const pending = "user_more_factors_required"
