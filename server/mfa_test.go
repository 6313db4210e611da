package server

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAuthenticator(t *testing.T) {
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	const path = "/v1/account/mfa/authenticators/totp"
	wants(t, "verifying none", f.do("PUT", path, session(store), `{"otp":"123456"}`), 404, "user_authenticator_not_found")
	wants(t, "another type", f.do("POST", "/v1/account/mfa/authenticators/sms", session(store), "{}"), 400, "general_argument_invalid")
	old := f.must(200, "POST", path, session(store), "{}").text("secret")
	made := f.must(200, "POST", path, session(store), "{}")
	secret := made.text("secret")
	if !regexp.MustCompile(`^[A-Z2-7]{103}$`).MatchString(secret) || secret == old {
		t.Errorf("secret %q after %q", secret, old)
	}
	if want := "otpauth://totp/" + f.options.Project + "%3Aann%40example.com?issuer=" + f.options.Project + "&secret=" + secret; made.text("uri") != want {
		t.Errorf("uri %q, want %q", made.text("uri"), want)
	}
	if u, err := url.Parse(made.text("uri")); err != nil || u.Query().Get("secret") != secret {
		t.Errorf("%v, %v", u, err)
	}
	wants(t, "a code of the secret before", f.do("PUT", path, session(store), `{"otp":"`+f.code(old)+`"}`), 401, "user_invalid_token")
	for _, code := range []string{"000000", "12345", "1234567", "１２３４５６", strings.Repeat("1", 256)} {
		wants(t, "code "+code, f.do("PUT", path, session(store), `{"otp":"`+code+`"}`), 401, "user_invalid_token")
	}
	wants(t, "no code", f.do("PUT", path, session(store), `{}`), 400, "general_argument_invalid")
	f.must(200, "PUT", path, session(store), `{"otp":"`+f.code(secret)+`"}`)
	wants(t, "verifying again", f.do("PUT", path, session(store), `{"otp":"`+f.nextCode(secret)+`"}`), 409, "user_authenticator_already_verified")
	wants(t, "making another", f.do("POST", path, session(store), "{}"), 409, "user_authenticator_already_verified")
	if got := factorsOf(f.must(200, "GET", "/v1/account/sessions/current", session(store), "")); got != "[password totp]" {
		t.Errorf("factors %s", got)
	}
}

// factorsOf are the factors of a session.
func factorsOf(a answer) string { return fmt.Sprint(a.object["factors"]) }

// Before it is on, and without a factor, nothing is asked for; then, all
// sessions are asked but the one that switched it on.
func TestSessionsAreAskedForASecondFactor(t *testing.T) {
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	other, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/mfa", session(store), `{"mfa":true}`)
	f.must(200, "GET", "/v1/account", session(other), "") // no factor is there
	if codes := f.must(201, "POST", "/v1/account/mfa/recovery-codes", session(store), "{}").object["recoveryCodes"]; len(codes.([]any)) != 6 {
		t.Errorf("codes %v", codes)
	}
	f.must(200, "GET", "/v1/account", session(other), "") // recovery codes alone do not count
	secret := f.enroll(store)
	f.must(200, "GET", "/v1/account", session(store), "")
	wants(t, "a session of before", f.do("GET", "/v1/account", session(other), ""), 401, pending)
	a := f.must(200, "PATCH", "/v1/account/mfa", session(store), `{"mfa":true}`)
	if a.object["mfa"] != true {
		t.Errorf("mfa is %v", a.object["mfa"])
	}

	id := f.challenge(other, "totp")
	wants(t, "a wrong code", f.respond(other, id, "000000"), 401, "user_invalid_token")
	wants(t, "an unknown challenge", f.respond(other, "nosuch", f.nextCode(secret)), 401, "user_invalid_token")
	raised := f.respond(other, id, f.code(secret))
	if raised.Code != 200 || factorsOf(raised) != "[password totp]" || raised.object["current"] != false || raised.text("countryName") != "" ||
		raised.text("mfaUpdatedAt") != f.Server.now().Format(databaseDate) {
		t.Errorf("the session is %d %s", raised.Code, raised.Body)
	}
	shown := f.must(200, "GET", "/v1/account/sessions/current", session(other), "")
	if factorsOf(shown) != "[password totp]" || !strings.HasSuffix(shown.text("mfaUpdatedAt"), "+00:00") || shown.text("$updatedAt") == raised.text("$updatedAt") {
		t.Errorf("the session is %s", shown.Body)
	}
	wants(t, "the challenge again", f.respond(other, id, f.nextCode(secret)), 401, "user_invalid_token")
	f.must(204, "DELETE", "/v1/account/mfa/authenticators/totp", session(other), "")
	third, _ := f.signIn("ann")
	if account := f.must(200, "GET", "/v1/account", session(third), ""); account.object["mfa"] != true {
		t.Errorf("the last factor switched mfa off: %s", account.Body)
	}
}

func TestChallengesThatAreSent(t *testing.T) {
	f := newFixture(t, withKey, withOutbox, noLimits)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	wants(t, "not verified", f.do("POST", "/v1/account/mfa/challenges", session(store), `{"factor":"email"}`), 400, "user_email_not_verified")
	wants(t, "no phone", f.do("POST", "/v1/account/mfa/challenges", session(store), `{"factor":"phone"}`), 400, "user_phone_not_found")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, `{"number":"+14155550123"}`)
	wants(t, "phone not verified", f.do("POST", "/v1/account/mfa/challenges", session(store), `{"factor":"phone"}`), 400, "user_phone_not_verified")
	f.must(200, "PATCH", "/v1/users/ann/verification/phone", byTestKey, `{"phoneVerification":true}`)
	f.must(200, "PATCH", "/v1/account/mfa", session(store), `{"mfa":true}`)
	if got := factorsOf(f.must(200, "GET", "/v1/account/sessions/current", session(store), "")); got != "[password email phone]" {
		t.Errorf("factors %s", got)
	}
	noMessage(t, f, "ann@example.com")

	for _, factor := range []string{"email", "phone"} {
		pending, _ := f.signIn("ann")
		id, other := f.challenge(pending, factor), f.challenge(pending, factor)
		next := func() string {
			if factor == "phone" {
				return strings.TrimSpace(nextText(t, f, "+14155550123").Text)
			}
			m := nextMail(t, f, "ann@example.com")
			if len(m.Codes) != 1 || !strings.HasPrefix(m.Subject, "Verification Code for ") {
				t.Fatalf("the mail is %+v", m)
			}
			return m.Codes[0]
		}
		code, codeOfOther := next(), next()
		if code != codeOfOther {
			wants(t, "the code of another challenge", f.respond(pending, id, codeOfOther), 401, "user_invalid_token")
		}
		if a := f.respond(pending, id, code); a.Code != 200 || factorsOf(a) != "[password "+factor+"]" {
			t.Errorf("%s: %d %s", factor, a.Code, a.Body)
		}
		wants(t, "again", f.respond(pending, id, code), 401, "user_invalid_token")
		if a := f.respond(pending, other, codeOfOther); a.Code != 200 { // a new challenge ends no other
			t.Errorf("the other challenge: %s", a.Body)
		}
	}
}

// A code went to an address. Where that is not the user's verified one any
// more, whoever has the address is not the user.
func TestCodesOfAnAddressOfBefore(t *testing.T) {
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	id := f.challenge(store, "email")
	code := nextMail(t, f, "ann@example.com").Codes[0]
	f.must(200, "PATCH", "/v1/users/ann/email", byTestKey, `{"email":"ann2@example.com"}`)
	wants(t, "another address", f.respond(store, id, code), 401, "user_invalid_token")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	wants(t, "another verified address", f.respond(store, id, code), 401, "user_invalid_token")
	f.must(200, "PATCH", "/v1/users/ann/email", byTestKey, `{"email":"ann@example.com"}`)
	wants(t, "not verified any more", f.respond(store, id, code), 401, "user_invalid_token")
}

func TestChallengesEnd(t *testing.T) {
	f := newFixture(t)
	store, secret := f.protect("ann")
	id := f.challenge(store, "totp")
	f.advance(challengeLife)
	wants(t, "after an hour", f.respond(store, id, f.code(secret)), 401, "user_invalid_token")
	id = f.challenge(store, "totp")
	f.advance(challengeLife - time.Millisecond)
	wants(t, "just before", f.respond(store, id, f.code(secret)), 200, "")

	f.signUp("bob")
	bob, _ := f.signIn("bob")
	id = f.challenge(store, "totp")
	wants(t, "another user's", f.respond(bob, id, f.nextCode(secret)), 401, "user_invalid_token")
	for body, want := range map[string]string{
		`{}`:               "Param \"factor\" is not optional.",
		`{"factor":"sms"}`: "Invalid `factor` param: Value must be one of (email, phone, totp, recoverycode, custom)",
	} {
		if a := f.must(400, "POST", "/v1/account/mfa/challenges", session(bob), body); a.text("message") != want {
			t.Errorf("%s: %q", body, a.text("message"))
		}
	}
	wants(t, "custom", f.do("POST", "/v1/account/mfa/challenges", session(bob), `{"factor":"custom"}`), 501, "user_auth_method_unsupported")
	wants(t, "without a sender", f.do("POST", "/v1/account/mfa/challenges", session(bob), `{"factor":"email"}`), 503, "general_smtp_disabled")
	id = f.challenge(bob, "totp") // without an authenticator, as in Appwrite
	wants(t, "no authenticator", f.respond(bob, id, "123456"), 401, "user_invalid_token")
	made := f.must(200, "POST", "/v1/account/mfa/authenticators/totp", session(bob), "{}").text("secret")
	wants(t, "one that is not verified", f.respond(bob, id, f.code(made)), 401, "user_invalid_token")
}

func TestRecoveryCodes(t *testing.T) {
	f := newFixture(t)
	store, secret := f.protect("ann")
	const path = "/v1/account/mfa/recovery-codes"
	for _, method := range []string{"GET", "PATCH"} {
		wants(t, method+" without a challenge", f.do(method, path, session(store), ""), 401, "user_challenge_required")
	}
	codes := codesOf(f.must(201, "POST", path, session(store), "{}"))
	for _, code := range codes {
		if !regexp.MustCompile(`^[0-9a-f]{10}$`).MatchString(code) {
			t.Errorf("code %q", code)
		}
	}
	wants(t, "more", f.do("POST", path, session(store), "{}"), 409, "user_recovery_codes_already_exists")

	second, _ := f.signIn("ann")
	wants(t, "a code for a challenge by time", f.respond(second, f.challenge(second, "totp"), codes[0]), 401, "user_invalid_token")
	id := f.challenge(second, "recoveryCode")
	wants(t, "a code by time", f.respond(second, id, f.nextCode(secret)), 401, "user_invalid_token")
	if a := f.respond(second, id, codes[0]); a.Code != 200 || factorsOf(a) != "[password recoveryCode]" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	wants(t, "a used code", f.respond(second, f.challenge(second, "recoverycode"), codes[0]), 401, "user_invalid_token")
	if left := codesOf(f.must(200, "GET", path, session(second), "")); !slices.Equal(left, codes[1:]) {
		t.Errorf("left are %v of %v", left, codes)
	}
	f.advance(recentChallenge)
	fresh := codesOf(f.must(200, "PATCH", path, session(second), "{}"))
	wants(t, "a code of before", f.respond(second, f.challenge(second, "recoverycode"), codes[1]), 401, "user_invalid_token")
	if slices.Contains(fresh, codes[1]) || len(fresh) != recoveryCodes {
		t.Errorf("the new ones are %v", fresh)
	}
	f.advance(time.Millisecond)
	for _, ask := range [][2]string{{"GET", path}, {"PATCH", path}, {"DELETE", "/v1/account/mfa/authenticators/totp"}, {"DELETE", "/v1/account/mfa/authenticators/sms"}} {
		wants(t, ask[0]+" after half an hour", f.do(ask[0], ask[1], session(second), ""), 401, "user_challenge_required")
	}
	for i, code := range fresh {
		if i%3 == 0 {
			f.advance(challengeLife)
		}
		wants(t, "each of them", f.respond(second, f.challenge(second, "recoverycode"), code), 200, "")
	}
	wants(t, "none left", f.do("GET", path, session(second), ""), 404, "user_recovery_codes_not_found")
	wants(t, "none to replace", f.do("PATCH", path, session(second), ""), 404, "user_recovery_codes_not_found")
	f.must(201, "POST", path, session(second), "{}")
}

func codesOf(a answer) (codes []string) {
	list, _ := a.object["recoveryCodes"].([]any)
	for _, code := range list {
		codes = append(codes, code.(string))
	}
	return codes
}

func TestUsersSecondFactors(t *testing.T) {
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	const base = "/v1/users/ann/mfa"
	none := `{"totp":false,"phone":false,"email":false,"recoveryCode":false,"custom":false}`
	if a := f.must(200, "GET", base+"/factors", byTestKey, ""); a.Body.String() != none {
		t.Errorf("factors %s", a.Body)
	}
	if a := f.must(200, "PATCH", base, byTestKey, `{"mfa":true}`); a.object["mfa"] != true || a.object["password"] == nil {
		t.Errorf("user %s", a.Body)
	}
	for _, value := range []string{`"maybe"`, `"false"`, "1", "null"} {
		wants(t, value, f.do("PATCH", base, byTestKey, `{"mfa":`+value+`}`), 400, "general_argument_invalid")
		wants(t, value, f.do("PATCH", "/v1/account/mfa", session(store), `{"mfa":`+value+`}`), 400, "general_argument_invalid")
	}
	wants(t, "no codes", f.do("GET", base+"/recovery-codes", byTestKey, ""), 404, "user_recovery_codes_not_found")
	wants(t, "none to replace", f.do("PUT", base+"/recovery-codes", byTestKey, "{}"), 404, "user_recovery_codes_not_found")
	codes := codesOf(f.must(200, "PATCH", base+"/recovery-codes", byTestKey, "{}"))
	wants(t, "more", f.do("PATCH", base+"/recovery-codes", byTestKey, "{}"), 409, "user_recovery_codes_already_exists")
	if read := codesOf(f.must(200, "GET", base+"/recovery-codes", byTestKey, "")); len(codes) != recoveryCodes || !slices.Equal(read, codes) {
		t.Errorf("codes %v, read %v", codes, read)
	}
	if fresh := codesOf(f.must(200, "PUT", base+"/recovery-codes", byTestKey, "{}")); len(fresh) != recoveryCodes || slices.Contains(fresh, codes[0]) {
		t.Errorf("codes %v after %v", fresh, codes)
	}
	wants(t, "no authenticator", f.do("DELETE", base+"/authenticators/totp", byTestKey, ""), 404, "user_authenticator_not_found")
	wants(t, "of another type", f.do("DELETE", base+"/authenticators/sms", byTestKey, ""), 400, "general_argument_invalid")
	f.enroll(store)
	if a := f.must(200, "GET", base+"/factors", byTestKey, ""); a.Body.String() != strings.Replace(none, `"totp":false`, `"totp":true`, 1) {
		t.Errorf("factors %s", a.Body)
	}
	other, _ := f.signIn("ann")
	wants(t, "a new session", f.do("GET", "/v1/account", session(other), ""), 401, pending)
	f.must(204, "DELETE", base+"/authenticators/totp", byTestKey, "")
	f.must(200, "GET", "/v1/account", session(other), "")
	for _, ask := range [][2]string{{"GET", "factors"}, {"GET", "recovery-codes"}, {"PATCH", "recovery-codes"}, {"PUT", "recovery-codes"}, {"DELETE", "authenticators/totp"}} {
		wants(t, "nobody's "+ask[1], f.do(ask[0], "/v1/users/nobody/mfa/"+ask[1], byTestKey, ""), 404, "user_not_found")
		wants(t, "a guest's "+ask[1], f.do(ask[0], base+"/"+ask[1], nil, ""), 401, "general_unauthorized_scope")
		wants(t, "a session's "+ask[1], f.do(ask[0], base+"/"+ask[1], session(store), ""), 401, "general_unauthorized_scope")
	}
}

// The deprecated names are twins, and so are the older paths.
func TestOlderPathsOfChallenges(t *testing.T) {
	f := newFixture(t)
	store, secret := f.protect("ann")
	id := f.must(201, "POST", "/v1/account/mfa/challenge", session(store), `{"factor":"totp"}`).text("$id")
	f.must(200, "PUT", "/v1/account/mfa/challenge", session(store), response(id, f.nextCode(secret)))
}
