package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/wire"
)

// userFixture is a server with the user ann and an API key.
func userFixture(t *testing.T) (*fixture, headers) {
	f := newFixture(t)
	f.signUp("ann")
	return f, f.apiKey()
}

const noUserMessage = "User with the requested ID could not be found."

func TestCreateUserAnswersTheUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.must(201, "POST", "/v1/users", f.apiKey(),
		`{"userId":"bob","email":"Bob@Example.com","phone":"+14155550100","password":"password123","name":"Bob"}`)
	targets := a.object["targets"].([]any)
	ids := []string{targets[0].(map[string]any)["$id"].(string), targets[1].(map[string]any)["$id"].(string)}
	hash := a.text("password")
	const at = `"2026-08-21T12:42:57.123+00:00"`
	target := func(i int, kind, identifier string) string {
		return `{"$id":"` + ids[i] + `","$createdAt":` + at + `,"$updatedAt":` + at + `,"name":"","userId":"bob","providerId":null,"providerType":"` +
			kind + `","identifier":"` + identifier + `","expired":false}`
	}
	want := `{"$id":"bob","$createdAt":` + at + `,"$updatedAt":` + at + `,"name":"Bob","password":"` + hash +
		`","hash":"argon2","hashOptions":{"type":"argon2","memory_cost":8,"time_cost":1,"threads":1},"registration":` + at +
		`,"status":true,"labels":[],"passwordUpdate":` + at + `,"email":"bob@example.com","phone":"+14155550100","emailVerification":false` +
		`,"emailCanonical":"bob@example.com","emailIsFree":null,"emailIsDisposable":null,"emailIsCorporate":null,"emailIsCanonical":true` +
		`,"phoneVerification":false,"mfa":false,"prefs":{},"targets":[` + target(0, "email", "bob@example.com") + `,` + target(1, "sms", "+14155550100") +
		`],"accessedAt":"","impersonator":false,"impersonatorUserId":null}`
	if got := a.Body.String(); got != want {
		t.Errorf("the user is\n%s\nwant\n%s", got, want)
	}
	if !strings.HasPrefix(hash, "$argon2id$") || ids[0] == ids[1] {
		t.Errorf("the hash is %q, the targets' ids are %q", hash, ids)
	}
	f.must(201, "POST", "/v1/account/sessions/email", nil, `{"email":"bob@example.com","password":"password123"}`)
}

func TestCreateUserParams(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	create := func(name, body string, status int, kind, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/users", headers: key, body: body, status: status, kind: kind, message: message}
	}
	bad := func(name, body, message string) scenario {
		return create(name, body, 400, "general_argument_invalid", message)
	}
	taken := func(name, body string) scenario {
		return create(name, body, 409, "user_already_exists", "A user with the same id, email, or phone already exists in this project.")
	}
	const phone = "Invalid `phone` param: Phone number must start with a '+' can have a maximum of fifteen digits. or null"
	minimal := create("minimal", `{"userId":"unique()"}`, 201, "", "")
	minimal.want = []string{`"password":null,"hash":"argon2"`, `"passwordUpdate":""`, `"email":""`, `"phone":""`, `"targets":[]`, `"emailCanonical":null`}
	f.run([]scenario{
		minimal,
		create("nulls", `{"userId":"unique()","email":null,"phone":null,"password":null,"name":null}`, 201, "", ""),
		create("phone", `{"userId":"p","phone":"+14155550100"}`, 201, "", ""),
		taken("id", `{"userId":"ann"}`),
		taken("email", `{"userId":"unique()","email":"ANN@example.com"}`),
		taken("phone taken", `{"userId":"unique()","phone":"+14155550100"}`),
		bad("no id", `{}`, `Param "userId" is not optional.`),
		bad("bad id", `{"userId":"_x"}`, "Invalid `userId` param: "+wire.DescribeCustomID),
		bad("bad email", `{"userId":"x","email":"x"}`, "Invalid `email` param: Value must be a valid email address or null"),
		bad("email number", `{"userId":"x","email":5}`, "Invalid `email` param: Value must be a valid email address or null"),
		bad("bad phone", `{"userId":"x","phone":"123"}`, phone),
		bad("long phone", `{"userId":"x","phone":"+1234567890123456"}`, phone),
		bad("short password", `{"userId":"x","password":"x"}`, "Invalid `password` param: "+wire.DescribePassword),
		bad("empty name", `{"userId":"x","name":""}`, "Invalid `name` param: "+wire.DescribeName),
	})
}

func TestUserChanges(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	f.must(201, "POST", "/v1/users", key, `{"userId":"bob","email":"bob@example.com","phone":"+14155550101"}`)
	f.advance(time.Second)
	change := func(name, method, path, body string, want ...string) scenario {
		return scenario{name: name, method: method, path: "/v1/users/ann" + path, headers: key, body: body, status: 200, want: want}
	}
	bad := func(name, method, path, body, param, description string) scenario {
		sc := scenario{name: name, method: method, path: "/v1/users/ann" + path, headers: key, body: body, status: 400, kind: "general_argument_invalid",
			message: "Invalid `" + param + "` param: " + description}
		if description == "" {
			sc.message = `Param "` + param + `" is not optional.`
		}
		return sc
	}
	taken := func(name, path, body string) scenario {
		return scenario{name: name, method: "PATCH", path: "/v1/users/ann" + path, headers: key, body: body, status: 409,
			kind: "user_target_already_exists", message: "A target with the same ID already exists."}
	}
	const shortName = "Value must be a valid string and no longer than 128 chars"
	f.run([]scenario{
		change("name", "PATCH", "/name", `{"name":"Ann B"}`, `"name":"Ann B"`, `"$updatedAt":"2026-08-21T12:42:58.123+00:00"`),
		change("name empty", "PATCH", "/name", `{"name":""}`, `"name":""`),
		bad("name missing", "PATCH", "/name", `{}`, "name", ""),
		bad("name long", "PATCH", "/name", `{"name":"`+strings.Repeat("x", 129)+`"}`, "name", shortName),
		bad("name null", "PATCH", "/name", `{"name":null}`, "name", shortName),

		change("verified", "PATCH", "/verification", `{"emailVerification":true}`, `"emailVerification":true`),
		change("email", "PATCH", "/email", `{"email":"A2@Example.com"}`, `"email":"a2@example.com"`, `"emailVerification":false`, `"identifier":"a2@example.com"`),
		taken("own email", "/email", `{"email":"a2@example.com"}`),
		taken("email taken", "/email", `{"email":"bob@example.com"}`),
		bad("email bad", "PATCH", "/email", `{"email":"x"}`, "email", wire.DescribeEmail),
		change("email away", "PATCH", "/email", `{"email":""}`, `"email":""`, `"emailCanonical":null`, `"targets":[]`),
		change("email back", "PATCH", "/email", `{"email":"ann@example.com"}`, `"email":"ann@example.com"`),

		change("phone", "PATCH", "/phone", `{"number":"+14155550100"}`, `"phone":"+14155550100"`, `"providerType":"sms"`),
		change("phone verified", "PATCH", "/verification/phone", `{"phoneVerification":true}`, `"phoneVerification":true`),
		bad("phone verified by a number", "PATCH", "/verification/phone", `{"phoneVerification":0}`, "phoneVerification", wire.DescribeTruth),
		bad("e-mail address verified by a text", "PATCH", "/verification", `{"emailVerification":"true"}`, "emailVerification", wire.DescribeTruth),
		taken("phone taken", "/phone", `{"number":"+14155550101"}`),
		bad("phone bad", "PATCH", "/phone", `{"number":"123"}`, "number", wire.DescribePhone),
		change("phone away", "PATCH", "/phone", `{"number":""}`, `"phone":""`, `"phoneVerification":false`),

		change("labels", "PUT", "/labels", `{"labels":["vip","a1","vip"]}`, `"labels":["vip","a1"]`),
		bad("labels bad", "PUT", "/labels", `{"labels":["bad label"]}`, "labels", wire.DescribeLabels),
		bad("labels string", "PUT", "/labels", `{"labels":"vip"}`, "labels", wire.DescribeLabels),
		bad("labels too many", "PUT", "/labels", `{"labels":[`+strings.Repeat(`"a",`, 1000)+`"a"]}`, "labels", wire.DescribeLabels),
		change("no labels", "PUT", "/labels", `{"labels":[]}`, `"labels":[]`),

		change("prefs", "PATCH", "/prefs", `{"prefs":{"b":1,"a":{}}}`, `{"b":1,"a":{}}`),
		change("prefs read", "GET", "/prefs", "", `{"b":1,"a":{}}`),
		bad("prefs list", "PATCH", "/prefs", `{"prefs":[1]}`, "prefs", "Value must be a valid object."),

		bad("password short", "PATCH", "/password", `{"password":"x"}`, "password", wire.DescribePassword),
		change("password away", "PATCH", "/password", `{"password":""}`, `"password":null`),
		change("password", "PATCH", "/password", `{"password":"password456"}`, `"passwordUpdate":"2026-08-21T12:42:58.123+00:00"`, `$argon2id$`),
	})
	f.must(201, "POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"password456"}`)
}

func TestUserStatus(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	for value, want := range map[string]string{
		`true`: "true", `false`: "false", `"true"`: "true", `"false"`: "true", `0`: "false", `1`: "true", `"0"`: "false", `"1"`: "true",
		`"yes"`: "", `null`: "", `""`: "", `2`: "", `1.0`: "", `[]`: "",
	} {
		sc := scenario{status: 200, want: []string{`"status":` + want}}
		if want == "" {
			sc = scenario{status: 400, kind: "general_argument_invalid", message: "Invalid `status` param: Value must be a valid boolean"}
		}
		sc.check(t, f.do("PATCH", "/v1/users/ann/status", key, `{"status":`+value+`}`))
	}
	scenario{status: 400, kind: "general_argument_invalid", message: `Param "status" is not optional.`}.check(t,
		f.do("PATCH", "/v1/users/ann/status", key, `{}`))
}

// Ids that are no ids, and those of nobody.
func TestUsersOfThePath(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	const body = `{"status":true,"name":"x","email":"x@example.com","number":"+14155550100","password":"password123",` +
		`"labels":[],"prefs":{},"emailVerification":true,"phoneVerification":true,"mfa":true,"impersonator":false,` +
		`"targetId":"t","providerType":"push","identifier":"x"}`
	checked := 0
	for name, ep := range endpoints() {
		if ep.service() != "users" {
			continue
		}
		method, path, _ := strings.Cut(ep.pattern, " ")
		if !strings.Contains(path, "{userId}") {
			continue
		}
		checked++
		at := func(id string) string {
			return "/v1" + strings.NewReplacer("{userId}", id, "{sessionId}", "s", "{targetId}", "t", "{type}", "totp").Replace(path)
		}
		t.Run(name, func(t *testing.T) {
			scenario{status: 404, kind: "user_not_found", message: noUserMessage}.check(t, f.do(method, at("nobody"), key, body))
			scenario{status: 400, kind: "general_argument_invalid", message: "Invalid `userId` param: " + wire.DescribeUID}.check(t, f.do(method, at("_x"), key, body))
		})
	}
	if checked <= 15 {
		t.Errorf("only %d operations were called", checked)
	}
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	f.must(204, "DELETE", "/v1/users/ann", key, "")
	f.run([]scenario{
		{name: "again", method: "DELETE", path: "/v1/users/ann", headers: key, status: 404, kind: "user_not_found"},
		{name: "session", method: "GET", path: "/v1/account", headers: session(store), status: 401, kind: "general_unauthorized_scope", message: guestMessage},
		{name: "JWT", method: "GET", path: "/v1/account", headers: token(jwt), status: 401, kind: "general_unauthorized_scope", message: guestMessage},
	})
	f.signUp("ann") // all is free again
}

// A new password ends the sessions, unless the project keeps them.
func TestUserPasswordEndsSessions(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		f := newFixture(t, func(o *Options) { o.Projects = []Project{{ID: "demo", Rules: Rules{KeepSessions: keep}}} })
		f.signUp("ann")
		store, _ := f.signIn("ann")
		f.must(200, "PATCH", "/v1/users/ann/password", f.apiKey(), `{"password":"password456"}`)
		if got := f.do("GET", "/v1/account", session(store), "").Code; got == 200 != keep {
			t.Errorf("KeepSessions %v: the session answers %d", keep, got)
		}
	}
}

// accessedAt is noted once a day.
func TestAccessIsNoted(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	store, _ := f.signIn("ann")
	f.must(201, "POST", "/v1/users", key, `{"userId":"bob"}`)
	bob := f.must(201, "POST", "/v1/users/bob/sessions", key, "").text("secret")
	accessed := func(id string) string { return f.must(200, "GET", "/v1/users/"+id, key, "").text("accessedAt") }
	if got := accessed("bob"); got != "" {
		t.Errorf("bob was here at %q", got)
	}
	f.must(200, "GET", "/v1/account", session(bob), "")
	f.advance(24 * time.Hour)
	f.must(200, "GET", "/v1/account", session(store), "")
	if a, b := accessed("ann"), accessed("bob"); a != wire.Date(start) || b != wire.Date(start) {
		t.Errorf("within a day it is noted again: %s, %s", a, b)
	}
	f.advance(time.Second)
	for _, want := range []string{"2026-08-22 12:42:58.123", wire.Date(start.Add(24*time.Hour + time.Second))} {
		if a := f.must(200, "GET", "/v1/account", session(store), "").text("accessedAt"); a != want {
			t.Errorf("the account says %s, want %s", a, want)
		}
	}
	if a := accessed("ann"); a != wire.Date(start.Add(24*time.Hour+time.Second)) {
		t.Errorf("after a day it is %s", a)
	}
}

func TestUsersInOlderFormats(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	for format, gone := range map[string][]string{"1.4.0": {"targets", "mfa", "impersonator"}, "1.8.0": {"impersonator"}, "1.9.0": nil} {
		h := key.with(headers{"X-Appwrite-Response-Format": format})
		user := f.must(200, "GET", "/v1/users/ann", h, "").object
		list := f.must(200, "GET", "/v1/users", h, "").object["users"].([]any)[0].(map[string]any)
		for _, member := range []string{"targets", "mfa", "impersonator", "password"} {
			want := !strings.Contains(fmt.Sprint(gone), member)
			if _, has := user[member]; has != want {
				t.Errorf("format %s: the user has %s: %v, want %v", format, member, has, want)
			}
			if _, has := list[member]; has != want {
				t.Errorf("format %s: the list has %s: %v, want %v", format, member, has, want)
			}
		}
	}
}
