package server

import (
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/wire"
)

// patch is a change of the account by the caller.
func patch(name, field string, h headers, body string) scenario {
	return scenario{name: name, method: "PATCH", path: "/v1/account/" + field, headers: h, body: body, status: 200}
}

// badPatch is one whose parameters are refused.
func badPatch(name, field string, h headers, body, message string) scenario {
	sc := patch(name, field, h, body)
	sc.status, sc.kind, sc.message = 400, "general_argument_invalid", message
	return sc
}

// refusedPatch is one that is refused for another reason.
func refusedPatch(name, field string, h headers, body string, status int, kind string) scenario {
	sc := patch(name, field, h, body)
	sc.status, sc.kind = status, kind
	return sc
}

func TestUpdateName(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	f.advance(time.Second)
	const invalid = "Invalid `name` param: Value must be a valid string and at least 1 chars and no longer than 128 chars"
	good := patch("good", "name", session(store), `{"name":"Zoë 😀"}`)
	good.want = []string{`"name":"Zoë 😀"`, `"$createdAt":"2026-08-21T12:42:57.123+00:00","$updatedAt":"2026-08-21T12:42:58.123+00:00"`}
	f.run([]scenario{
		good,
		patch("by JWT", "name", token(jwt), `{"name":"`+strings.Repeat("é", 128)+`"}`),
		badPatch("129", "name", session(store), `{"name":"`+strings.Repeat("é", 129)+`"}`, invalid),
		badPatch("empty", "name", session(store), `{"name":""}`, invalid),
		badPatch("null", "name", session(store), `{"name":null}`, invalid),
		badPatch("number", "name", session(store), `{"name":5}`, invalid),
		badPatch("missing", "name", session(store), `{}`, `Param "name" is not optional.`),
		refusedPatch("guest", "name", nil, `{"name":"x"}`, 401, "general_unauthorized_scope"),
	})
}

func TestPrefs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	s, jwt := session(store), f.jwt(store)
	const invalid = "Invalid `prefs` param: Value must be a valid object."
	get := func(name, want string) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account/prefs", headers: s, status: 200, want: []string{want}}
	}
	bad := func(name, value string) scenario {
		return badPatch(name, "prefs", s, `{"prefs":`+value+`}`, invalid)
	}
	form := patch("form", "prefs", headers{"X-Appwrite-Session": store, "Content-Type": "application/x-www-form-urlencoded"}, "prefs[a]=b")
	shown := patch("the account shows them", "prefs", s, `{"prefs":{"z":1,"a":{"y":[],"x":{}}}}`)
	shown.want = []string{`"prefs":{"z":1,"a":{"y":[],"x":{}}},"targets"`}
	f.run([]scenario{
		get("none yet", "{}"),
		shown,
		get("as they were sent", `{"z":1,"a":{"y":[],"x":{}}}`),
		patch("numbers", "prefs", token(jwt), `{"prefs": {"n": 9007199254740993, "f": 1.0, "e": 1e+21} }`),
		get("numbers are not changed", `{"n":9007199254740993,"f":1.0,"e":1e+21}`),
		patch("text", "prefs", s, `{"prefs":{"t":"<b> / \" \u00e9 é","":0,"0":null}}`),
		get("text is not changed", `{"t":"<b> / \" \u00e9 é","":0,"0":null}`),
		patch("twice", "prefs", s, `{"prefs":{"b":1,"a":[{"x":1,"x":2}],"b":3}}`),
		get("the last one counts", `{"a":[{"x":2}],"b":3}`),
		bad("list", "[1,2]"), bad("text", `"abc"`), bad("JSON in text", `"{\"a\":1}"`), bad("number", "5"), bad("true", "true"), bad("null", "null"),
		bad("too long", `{"k":"`+strings.Repeat("x", 65528)+`"}`),
		badPatch("no number", "prefs", s, `{"prefs":{"a":[1e400]}}`, "Invalid `prefs` param: Value must be a valid object, whose numbers are not beyond 1.8e308."),
		get("still there", `{"a":[{"x":2}],"b":3}`),
		badPatch("missing", "prefs", s, "{}", `Param "prefs" is not optional.`),
		badPatch("too deep", "prefs", s, `{"prefs":`+strings.Repeat(`{"a":`, 600)+"1"+strings.Repeat("}", 601), `Param "prefs" is not optional.`),
		patch("the longest", "prefs", s, `{"prefs":{"k":"`+strings.Repeat("x", 65527)+`"}}`),
		patch("empty object", "prefs", s, `{"prefs":{}}`),
		get("is empty", "{}"),
		form, get("of a form", `{"a":"b"}`),
		patch("empty list", "prefs", s, `{"prefs":[]}`),
		get("is an object", "{}"),
		refusedPatch("guest", "prefs", nil, `{"prefs":{}}`, 401, "general_unauthorized_scope"),
		{name: "guest asks", method: "GET", path: "/v1/account/prefs", status: 401, kind: "general_unauthorized_scope"},
	})
}

func TestUpdateEmail(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	store, _ := f.signIn("ann")
	s := session(store)
	body := func(email, password string) string { return `{"email":"` + email + `","password":"` + password + `"}` }
	good := patch("good", "email", s, body("NEW@EXAMPLE.COM", "password123"))
	good.want = []string{`"email":"new@example.com"`, `"emailVerification":false`, `"identifier":"new@example.com"`}
	f.run([]scenario{
		badPatch("bad", "email", s, body("nope", "password123"), "Invalid `email` param: Value must be a valid email address"),
		badPatch("no password", "email", s, `{"email":"x@example.com"}`, `Param "password" is not optional.`),
		badPatch("short password", "email", s, body("x@example.com", "x"), "Invalid `password` param: Password must be between 8 and 256 characters long."),
		refusedPatch("wrong password", "email", s, body("x@example.com", "wrong-password"), 401, "user_invalid_credentials"),
		refusedPatch("taken", "email", s, body("bob@example.com", "password123"), 409, "user_target_already_exists"),
		good,
		refusedPatch("its own", "email", s, body("new@example.com", "password123"), 409, "user_target_already_exists"),
		refusedPatch("wrong password comes first", "email", s, body("bob@example.com", "wrong-password"), 401, "user_invalid_credentials"),
		{name: "the new one signs in", method: "POST", path: signInPath, body: rightPassword("new"), status: 201},
		{name: "the old one does not", method: "POST", path: signInPath, body: rightPassword("ann"), status: 401, kind: "user_invalid_credentials"},
		refusedPatch("guest", "email", nil, body("x@example.com", "password123"), 401, "general_unauthorized_scope"),
	})
}

// The steps, messages and their order are those of a recorded server.
func TestUpdatePhone(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	f.signUp("eve")
	store, _ := f.signIn("eve")
	s, byJWT := session(store), token(f.jwt(store))
	other, _ := f.signIn("ann")
	body := func(phone, password string) string { return `{"phone":"` + phone + `","password":"` + password + `"}` }
	const bad, short = "Invalid `phone` param: " + wire.DescribePhone, "Invalid `password` param: " + wire.DescribePassword
	good := patch("good", "phone", s, body("+14155857074", "password123"))
	good.want = []string{`"phone":"+14155857074"`, `"phoneVerification":false`}
	again := patch("the same again", "phone", s, body("+14155857074", "password123"))
	again.want = good.want
	otherNumber := patch("by a JWT", "phone", byJWT, body("+14155858515", "password123"))
	otherNumber.want = []string{`"phone":"+14155858515"`}
	verify := scenario{name: "verified by a server", method: "PATCH", path: "/v1/users/eve/verification/phone", headers: key,
		body: `{"phoneVerification":true}`, status: 200, want: []string{`"phoneVerification":true`}}
	f.run([]scenario{
		good, verify, again, verify, otherNumber,
		{name: "is asked for", method: "GET", path: "/v1/account", headers: s, status: 200, want: []string{`"phone":"+14155858515"`, `"phoneVerification":false`, `"targets":[{`}},
		refusedPatch("wrong password", "phone", s, body("+14155859024", "wrong-password"), 401, "user_invalid_credentials"),
		badPatch("no password", "phone", s, `{"phone":"+14155859650"}`, `Param "password" is not optional.`),
		badPatch("short password", "phone", s, body("+14155859666", "x"), short),
		badPatch("bad", "phone", s, body("12345", "password123"), bad),
		badPatch("empty", "phone", s, body("", "password123"), bad),
		badPatch("missing", "phone", s, `{"password":"password123"}`, `Param "phone" is not optional.`),
		refusedPatch("guest", "phone", nil, body("+14155859701", "password123"), 401, "general_unauthorized_scope"),
		refusedPatch("API key", "phone", key, body("+14155859707", "password123"), 401, "general_unauthorized_scope"),
		refusedPatch("taken", "phone", session(other), body("+14155858515", "password123"), 409, "user_phone_already_exists"),
		refusedPatch("wrong password comes first", "phone", session(other), body("+14155858515", "wrong-password"), 401, "user_invalid_credentials"),
	})
	a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
	anonymous := patch("an anonymous user sets a password", "phone", headers{"X-Fallback-Cookies": a.Header().Get("X-Fallback-Cookies")}, body("+14155861986", "password456"))
	anonymous.want = []string{`"email":""`, `"phone":"+14155861986"`, `"emailCanonical":null`, `"targets":[]`}
	wrong := anonymous
	wrong.name, wrong.body, wrong.status, wrong.kind, wrong.want = "which counts from then on", body("+14155861987", "password123"), 401, "user_invalid_credentials", nil
	f.run([]scenario{anonymous, wrong})
}

// An anonymous user becomes one that can sign in again.
func TestConvertAnonymous(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
	s := headers{"Cookie": strings.SplitN(a.Header().Values("Set-Cookie")[1], ";", 2)[0]}
	converted := patch("convert", "email", s, `{"email":"ann@example.com","password":"password123"}`)
	converted.want = []string{`"email":"ann@example.com"`, `"passwordUpdate":"2026-08-21T12:42:57.123+00:00"`, `"targets":[]`}
	f.run([]scenario{
		badPatch("short password", "email", s, `{"email":"ann@example.com","password":"x"}`, "Invalid `password` param: Password must be between 8 and 256 characters long."),
		converted,
		refusedPatch("now the password counts", "email", s, `{"email":"x@example.com","password":"password124"}`, 401, "user_invalid_credentials"),
		{name: "sign in", method: "POST", path: signInPath, body: rightPassword("ann"), status: 201, want: []string{`"userId":"` + a.text("userId") + `"`}},
	})
}

func TestUpdatePassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits)
	f.signUp("ann")
	first, _ := f.signIn("ann")
	second, _ := f.signIn("ann")
	s, otherJWT, ownJWT := session(first), f.jwt(second), f.jwt(first)
	const wrong, bad = "user_invalid_credentials", "Invalid `password` param: Password must be between 8 and 256 characters long."
	f.run([]scenario{
		badPatch("short", "password", s, `{"password":"short","oldPassword":"password123"}`, bad),
		badPatch("missing", "password", s, `{"oldPassword":"password123"}`, `Param "password" is not optional.`),
		badPatch("old one too long", "password", s, `{"password":"newpassword1","oldPassword":"`+strings.Repeat("x", 257)+`"}`,
			"Invalid `oldPassword` param: Value must be a valid string and no longer than 256 chars"),
		refusedPatch("no old one", "password", s, `{"password":"newpassword1"}`, 401, wrong),
		refusedPatch("null", "password", s, `{"password":"newpassword1","oldPassword":null}`, 401, wrong),
		refusedPatch("wrong old one", "password", s, `{"password":"newpassword1","oldPassword":"wrong-password"}`, 401, wrong),
		refusedPatch("empty old one", "password", s, `{"password":"newpassword1","oldPassword":""}`, 401, wrong),
		refusedPatch("guest", "password", nil, `{"password":"newpassword1"}`, 401, "general_unauthorized_scope"),
		patch("by JWT", "password", token(ownJWT), `{"password":"password123","oldPassword":"password123"}`),
		{name: "a JWT ends no session", method: "GET", path: "/v1/account", headers: session(second), status: 200},
		patch("good", "password", s, `{"password":"newpassword1","oldPassword":"password123"}`),
		{name: "this session lives", method: "GET", path: "/v1/account", headers: s, status: 200},
		{name: "the other does not", method: "GET", path: "/v1/account", headers: session(second), status: 401, kind: "general_unauthorized_scope"},
		{name: "nor its JWT", method: "GET", path: "/v1/account", headers: token(otherJWT), status: 401, kind: "general_unauthorized_scope"},
		{name: "old password", method: "POST", path: signInPath, body: rightPassword("ann"), status: 401, kind: wrong},
		{name: "new password", method: "POST", path: signInPath, body: `{"email":"ann@example.com","password":"newpassword1"}`, status: 201},
	})
}

func TestFirstPassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
	s := headers{"Cookie": strings.SplitN(a.Header().Values("Set-Cookie")[1], ";", 2)[0]}
	f.run([]scenario{
		patch("needs no old one", "password", s, `{"password":"password123"}`),
		refusedPatch("the second does", "password", s, `{"password":"password124"}`, 401, "user_invalid_credentials"),
	})
}

func TestUpdateStatus(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, by := range map[string]func(string) headers{"session": session, "JWT": func(store string) headers { return token(f.jwt(store)) }} {
		id := "by-" + name
		f.signUp(id)
		store, _ := f.signIn(id)
		jwt := f.jwt(store)
		blocked := patch(name, "status", by(store), `{"status":true}`)
		blocked.want = []string{`"status":false`}
		blocked.header = headers{"Set-Cookie": cleared["Set-Cookie"], "X-Fallback-Cookies": "[]"}
		f.run([]scenario{
			blocked,
			{name: "the session", method: "GET", path: "/v1/account", headers: session(store), status: 403, kind: "user_blocked"},
			{name: "the JWT", method: "GET", path: "/v1/account", headers: token(jwt), status: 403, kind: "user_blocked"},
			{name: "sign in", method: "POST", path: signInPath, body: rightPassword(id), status: 403, kind: "user_blocked"},
			refusedPatch("guest", "status", nil, "{}", 401, "general_unauthorized_scope"),
		})
	}
}

func TestDeleteAccount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	f.run([]scenario{
		{name: "guest", method: "DELETE", path: "/v1/account", status: 401, kind: "general_unauthorized_scope"},
		{name: "delete", method: "DELETE", path: "/v1/account", headers: session(store), body: "{}", status: 204, header: headers{"Set-Cookie": ""}},
		{name: "the session", method: "GET", path: "/v1/account", headers: session(store), status: 401, kind: "general_unauthorized_scope"},
		{name: "the JWT", method: "GET", path: "/v1/account", headers: token(jwt), status: 401, kind: "general_unauthorized_scope"},
		{name: "sign in", method: "POST", path: signInPath, body: rightPassword("ann"), status: 401, kind: "user_invalid_credentials"},
		{name: "the same id again", method: "POST", path: "/v1/account", body: `{"userId":"ann","email":"ann@example.com","password":"password123"}`, status: 201},
		{name: "it has no session", method: "GET", path: "/v1/account", headers: session(store), status: 401, kind: "general_unauthorized_scope"},
	})
}
