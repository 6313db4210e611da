package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

const phone = "+14155550100"

func TestPhoneCodes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	ask := func(name, id string, number any, status int, kind string) scenario {
		return scenario{name: name, method: "POST", path: phoneCodePath, body: body("userId", id, "phone", number), status: status, kind: kind}
	}
	good := ask("good", "ann", phone, 201, "")
	good.header, good.want = left(10, 9, nextHour), []string{`"userId":"ann","secret":"","expire":"2026-08-21T12:57:57.123+00:00","phrase":""`}
	f.run([]scenario{
		good,
		ask("no number", "ann", "12345", 400, "general_argument_invalid"),
		ask("blanks", "ann", "+1 415 555 0100", 400, "general_argument_invalid"),
		ask("lines", "ann", "+14155550100\n+14155550101", 400, "general_argument_invalid"),
		{name: "the user made by it", method: "GET", path: "/v1/users/ann", headers: byTestKey, status: 200,
			want: []string{`"email":"","phone":"+14155550100"`, `"phoneVerification":false`, `"providerType":"sms","identifier":"+14155550100"`}},
	})
	m := nextText(t, f, phone)
	code := coded(t, m)
	if m.Text != code {
		t.Errorf("the message is %q", m.Text)
	}
	s := f.trade("ann", code)
	scenario{status: 201, want: []string{`"provider":"phone","providerUid":""`, `"factors":["phone"]`}}.check(t, s)
	scenario{name: "reuse", status: 401, kind: "user_invalid_token"}.check(t, f.trade("ann", code))
	f.run([]scenario{{name: "it verified the number", method: "GET", path: "/v1/account", headers: cookieOf(s), status: 200, want: []string{`"phoneVerification":true`}}})

	f.must(201, "POST", "/v1/account/sessions/phone", nil, body("userId", "x", "phone", phone))
	f.run([]scenario{{name: "by the older paths", method: "PUT", path: "/v1/account/sessions/phone", body: body("userId", "ann", "secret", coded(t, nextText(t, f, phone))), status: 201}})

	shown, err := base64.StdEncoding.DecodeString(f.must(201, "POST", phoneCodePath, byTestKey, body("userId", "ann", "phone", phone)).text("secret"))
	if want := fmt.Sprintf(`{"id":"ann","secret":%q}`, coded(t, nextText(t, f, phone))); err != nil || string(shown) != want {
		t.Errorf("a server is shown %s, %v, want %s", shown, err, want)
	}
	f.must(201, "POST", phoneCodePath, nil, body("userId", "ann", "phone", phone))
	late := coded(t, nextText(t, f, phone))
	f.advance(15 * time.Minute)
	scenario{status: 401, kind: "user_invalid_token"}.check(t, f.trade("ann", late))
}

func TestPhoneVerification(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.signUp("bob")
	store, _ := f.signIn("ann")
	const old = "/v1/account/verification/phone"
	ask := func(name, path string, h headers, status int, kind string) scenario {
		return scenario{name: name, method: "POST", path: path, headers: h, body: "{}", status: status, kind: kind}
	}
	take := func(name, path, user, secret string, status int, kind string) scenario {
		return scenario{name: name, method: "PUT", path: path, body: body("userId", user, "secret", secret), status: status, kind: kind}
	}
	number := body("phone", phone, "password", "password123")
	f.run([]scenario{
		ask("no number", phonePath, session(store), 400, "user_phone_not_found"),
		{name: "a number", method: "PATCH", path: "/v1/account/phone", headers: session(store), body: number, status: 200},
		ask("guest", phonePath, nil, 401, "general_unauthorized_scope"),
		ask("API key", phonePath, byTestKey, 401, "general_unauthorized_scope"),
		ask("session", phonePath, session(store), 201, ""),
		ask("JWT, by the older path", old, token(f.jwt(store)), 201, ""),
	})
	code, second := coded(t, nextText(t, f, phone)), coded(t, nextText(t, f, phone))
	f.run([]scenario{
		take("another user's", phonePath, "bob", code, 401, "user_invalid_token"),
		take("nobody's", phonePath, "nobody", code, 401, "user_invalid_token"),
		{name: "it signs nobody in", method: "POST", path: tradePath, body: body("userId", "ann", "secret", code), status: 401, kind: "user_invalid_token"},
		take("good", phonePath, "ann", code, 200, ""),
		take("again", phonePath, "ann", code, 401, "user_invalid_token"),
		take("another one, by the older path", old, "ann", second, 200, ""),
		ask("verified already", phonePath, session(store), 409, "user_phone_already_verified"),
		{name: "another number", method: "PATCH", path: "/v1/account/phone", headers: session(store), body: body("phone", "+14155550101", "password", "password123"), status: 200, want: []string{`"phoneVerification":false`}},
		ask("of that", phonePath, session(store), 201, ""),
	})
	other := coded(t, nextText(t, f, "+14155550101"))
	f.run([]scenario{
		{name: "the first number", method: "PATCH", path: "/v1/account/phone", headers: session(store), body: number, status: 200},
		take("a code for the number before", phonePath, "ann", other, 401, "user_invalid_token"),
		ask("once more", phonePath, session(store), 201, ""),
	})
	late := coded(t, nextText(t, f, phone))
	f.advance(time.Hour)
	f.run([]scenario{take("expired", phonePath, "ann", late, 401, "user_invalid_token")})
}

func TestPhoneLimits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	from := func(n int) headers { return headers{"RemoteAddr": fmt.Sprintf("192.0.2.%d:1", n)} }
	for i := range 10 {
		scenario{status: 201, header: left(10, 9-i, nextHour)}.check(t, f.do("POST", phoneCodePath, from(i), body("userId", "ann", "phone", phone)))
	}
	scenario{name: "the 11th to a number", status: 429, kind: tooMany}.check(t, f.do("POST", phoneCodePath, from(20), body("userId", "ann", "phone", phone)))
	for i := range 10 {
		scenario{status: 201, header: left(10, 9-i, nextHour)}.check(t, f.do("POST", phoneCodePath, from(30), body("userId", "unique()", "phone", fmt.Sprintf("+1415555012%d", i))))
	}
	scenario{name: "the 11th from an address", status: 429, kind: tooMany}.check(t, f.do("POST", phoneCodePath, from(30), body("userId", "ann", "phone", "+14155550199")))
	noMessage(t, f, "+14155550199")
	for i := range 10 { // tries of a verification, from everywhere
		scenario{status: 401, kind: "user_invalid_token", header: left(10, 9-i, nextHour)}.check(t, f.do("PUT", phonePath, from(40+i), body("userId", "ann", "secret", "x")))
	}
	scenario{name: "the 11th try", status: 429, kind: tooMany}.check(t, f.do("PUT", phonePath, from(60), body("userId", "ann", "secret", "x")))
}

func TestMockNumbers(t *testing.T) {
	t.Parallel()
	numbers := MockNumbers{phone: "123456"}
	f := newFixture(t, withKey, withOutbox, func(o *Options) {
		o.Projects = []Project{{ID: DefaultProject, APIKey: testKey, MockNumbers: numbers}}
		o.APIKey = ""
	})
	f.must(201, "POST", phoneCodePath, nil, body("userId", "ann", "phone", phone))
	noMessage(t, f, phone)
	a := f.trade("ann", "123456")
	scenario{status: 201, want: []string{`"provider":"phone"`}}.check(t, a)
	scenario{name: "once", status: 401, kind: "user_invalid_token"}.check(t, f.trade("ann", "123456"))
	f.must(201, "POST", phoneCodePath, nil, body("userId", "bob", "phone", "+14155550199"))
	scenario{name: "of no other number", status: 401, kind: "user_invalid_token"}.check(t, f.trade("bob", "123456"))

	p := Project{ID: "p", MockNumbers: numbers}
	text, err := json.Marshal(p)
	if printed := fmt.Sprintf("%+v", p) + string(text); err != nil || strings.Contains(printed, "123456") || !strings.Contains(printed, phone) {
		t.Errorf("the project is printed as %s, %v", printed, err)
	}
	many := MockNumbers{}
	for i := range 11 {
		many[fmt.Sprintf("+141555502%02d", i)] = "123456"
	}
	for want, numbers := range map[string]MockNumbers{
		"is no phone number": {"4155550100": "123456"}, "not six digits": {phone: "12345a"}, "10 at most": many,
	} {
		if err := f.SetProject(t.Context(), Project{ID: "p", MockNumbers: numbers}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("SetProject = %v, want %q", err, want)
		}
	}
}
