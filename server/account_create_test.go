package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// signUpBody is the body of a good sign-up with some members replaced or, by
// "-", left out.
func signUpBody(changes map[string]string) string {
	members := map[string]string{"userId": `"unique()"`, "email": `"new@example.com"`, "password": `"password123"`, "name": `"Ann"`}
	for name, value := range changes {
		members[name] = value
	}
	var parts []string
	for name, value := range members {
		if value != "-" {
			parts = append(parts, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func TestSignUpAnswersTheAccount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.must(201, "POST", "/v1/account", nil, `{"userId":"ann","email":"Ann@Example.COM","password":"password123","name":"Ann <é>"}`)
	target := a.object["targets"].([]any)[0].(map[string]any)["$id"].(string)
	const at = `"2026-08-21T12:42:57.123+00:00"`
	want := `{"$id":"ann","$createdAt":` + at + `,"$updatedAt":` + at + `,"name":"Ann <é>","registration":` + at +
		`,"status":true,"labels":[],"passwordUpdate":` + at + `,"email":"ann@example.com","phone":"","emailVerification":false` +
		`,"emailCanonical":"ann@example.com","emailIsFree":null,"emailIsDisposable":null,"emailIsCorporate":null,"emailIsCanonical":true` +
		`,"phoneVerification":false,"mfa":false,"prefs":{},"targets":[{"$id":"` + target + `","$createdAt":` + at + `,"$updatedAt":` + at +
		`,"name":"","userId":"ann","providerId":null,"providerType":"email","identifier":"ann@example.com","expired":false}]` +
		`,"accessedAt":` + at + `,"impersonator":false,"impersonatorUserId":null}`
	if got := a.Body.String(); got != want {
		t.Errorf("the account is\n%s\nwant\n%s", got, want)
	}
	if len(target) != 20 {
		t.Errorf("the target's id %q has %d digits, want 20", target, len(target))
	}
	if got := a.Header()["Set-Cookie"]; got != nil {
		t.Errorf("a sign-up set cookies: %v", got)
	}
}

func TestSignUpParams(t *testing.T) {
	t.Parallel()
	const (
		custom   = "Invalid `userId` param: Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. Can't start with a special char"
		email    = "Invalid `email` param: Value must be a valid email address"
		password = "Invalid `password` param: Password must be between 8 and 256 characters long."
		name     = "Invalid `name` param: Value must be a valid string and at least 1 chars and no longer than 128 chars"
	)
	f := newFixture(t, noLimits)
	var scenarios []scenario
	for _, tt := range []struct{ name, param, value, message string }{
		{"no userId", "userId", "-", `Param "userId" is not optional.`},
		{"userId null", "userId", "null", custom},
		{"userId empty", "userId", `""`, custom},
		{"userId number", "userId", "123", custom},
		{"userId underscore first", "userId", `"_a"`, custom},
		{"userId 37", "userId", `"` + strings.Repeat("a", 37) + `"`, custom},
		{"userId slash", "userId", `"a/b"`, custom},
		{"no email", "email", "-", `Param "email" is not optional.`},
		{"email null", "email", "null", email},
		{"email list", "email", `["a@example.com"]`, email},
		{"email bad", "email", `"nope"`, email},
		{"no password", "password", "-", `Param "password" is not optional.`},
		{"password 7", "password", `"1234567"`, password},
		{"password 257", "password", `"` + strings.Repeat("x", 257) + `"`, password},
		{"password 258 bytes in 129 characters", "password", `"` + strings.Repeat("é", 129) + `"`, password},
		{"password number", "password", "12345678", password},
		{"name empty", "name", `""`, name},
		{"name 129", "name", `"` + strings.Repeat("é", 129) + `"`, name},
		{"name number", "name", "5", name},
	} {
		scenarios = append(scenarios, scenario{name: tt.name, method: "POST", path: "/v1/account",
			body: signUpBody(map[string]string{tt.param: tt.value}), status: 400, kind: "general_argument_invalid", message: tt.message})
	}
	for i, tt := range []struct{ name, param, value string }{
		{"userId 36", "userId", `"` + strings.Repeat("a", 36) + `"`},
		{"userId of all kinds", "userId", `"A.b_c-9"`},
		{"password 8", "password", `"12345678"`},
		{"password 8 bytes in 4 characters", "password", `"éééé"`},
		{"password 256", "password", `"` + strings.Repeat("x", 256) + `"`},
		{"name 128", "name", `"` + strings.Repeat("é", 128) + `"`},
		{"name null", "name", "null"},
		{"no name", "name", "-"},
	} {
		changes := map[string]string{"email": fmt.Sprintf(`"good%d@example.com"`, i), tt.param: tt.value}
		scenarios = append(scenarios, scenario{name: tt.name, method: "POST", path: "/v1/account", body: signUpBody(changes), status: 201})
	}
	f.run(scenarios)
}

func TestSignUpDuplicates(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	const message = "A user with the same id, email, or phone already exists in this project."
	dup := func(name, id, email string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account",
			body:   signUpBody(map[string]string{"userId": id, "email": email}),
			status: 409, kind: "user_already_exists", message: message}
	}
	f.run([]scenario{
		dup("e-mail", `"unique()"`, `"ann@example.com"`),
		dup("e-mail in capitals", `"unique()"`, `"ANN@EXAMPLE.COM"`),
		dup("e-mail with a blank", `"unique()"`, `" ann@example.com"`),
		dup("id", `"ann"`, `"other@example.com"`),
	})
}

func TestBodies(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits)
	const missing = `Param "userId" is not optional.`
	bad := func(name, kind, body string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account", headers: headers{"Content-Type": kind}, body: body,
			status: 400, kind: "general_argument_invalid", message: missing}
	}
	good := func(name, kind, body string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account", headers: headers{"Content-Type": kind}, body: body,
			status: 201, want: []string{name + "@example.com", `"name":"Form User"`}}
	}
	f.run([]scenario{
		bad("empty", "application/json", ""),
		bad("list", "application/json", "[]"),
		bad("string", "application/json", `"abc"`),
		bad("null", "application/json", "null"),
		bad("cut", "application/json", `{"userId":"unique()","email":`),
		bad("followed by something", "application/json", signUpBody(nil)+signUpBody(nil)),
		bad("form called JSON", "application/json", "userId=unique()"),
		bad("JSON called text", "text/plain", signUpBody(nil)),
		bad("JSON called nothing", "", signUpBody(nil)),
		bad("multipart without boundary", "multipart/form-data", "--X\r\n"),
		good("charset", "application/json; charset=utf-8", `{"userId":"unique()","email":"charset@example.com","password":"password123","name":"Form User"}`),
		good("form", "application/x-www-form-urlencoded", "userId=unique()&email=form%40example.com&password=password123&name=Form+User"),
		good("multipart", "multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"userId\"\r\n\r\nunique()\r\n"+
			"--X\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nmultipart@example.com\r\n"+
			"--X\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\npassword123\r\n"+
			"--X\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nForm User\r\n--X--\r\n"),
		{name: "query is not read", method: "POST", path: "/v1/account?userId=unique()", body: "{}",
			status: 400, kind: "general_argument_invalid", message: missing},
		{name: "unknown members are ignored", method: "POST", path: "/v1/account",
			body: signUpBody(map[string]string{"status": "false", "labels": `["admin"]`}), status: 201, want: []string{`"status":true,"labels":[]`}},
	})
}

func TestOversizedBody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	body := func(n int) string {
		s := signUpBody(map[string]string{"pad": `"X"`})
		return strings.Replace(s, `"X"`, `"`+strings.Repeat("x", n-len(s)+1)+`"`, 1)
	}
	f.run([]scenario{
		{name: "one byte too long", method: "POST", path: "/v1/account", body: body(wire.MaxBody + 1), status: 400, kind: "general_bad_request",
			message: "The request body is larger than 524288 bytes (512 KiB), the most this server reads. Send a smaller body."},
		{name: "just long enough", method: "POST", path: "/v1/account", body: body(wire.MaxBody), status: 201},
	})
}

// What takes far more memory than it came in is refused.
func TestBodiesOfTooManyValues(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pad := func(value string, n int) string {
		return signUpBody(map[string]string{"pad": "[" + strings.TrimSuffix(strings.Repeat(value+",", n), ",") + "]"})
	}
	const around = 6 // commas and brackets: of the object, between its members, of the list
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"m%d":0`, i)
		}
		return b.String()[1:]
	}
	form := func(n int) string { return strings.TrimSuffix(strings.Repeat("a[]=b&", n), "&") }
	asForm := headers{"Content-Type": "application/x-www-form-urlencoded"}
	refused := func(name, body, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/account", body: body, status: 400, kind: "general_bad_request", message: message}
	}
	formRefused := refused("form", form(1001), "The request has 1001 parameters, and the most this server reads is 1000. Send fewer.")
	formRefused.headers = asForm
	f.run([]scenario{
		refused("numbers", pad("0", wire.MaxValues), "The request body has 65541 commas and brackets, and the most this server reads is 65536. Send fewer values."),
		refused("lists", pad("[]", 40000), "The request body has 80005 commas and brackets, and the most this server reads is 65536. Send fewer values."),
		{name: "as many as may be", method: "POST", path: "/v1/account", body: pad("0", wire.MaxValues-around+1), status: 201},
		{name: "in texts they do not count", method: "POST", path: "/v1/account", body: pad(`",[{\",[{"`, 30000), status: 409, kind: "user_already_exists"},
		refused("members", "{"+members(1001)+"}", "The request has 1001 parameters, and the most this server reads is 1000. Send fewer."),
		formRefused,
		{name: "form as large as may be", method: "POST", path: "/v1/account", headers: asForm, body: form(1000), status: 400, kind: "general_argument_invalid"},
		{name: "query", method: "GET", path: "/v1/ping?" + form(1001), status: 200}, // which reads none
		{name: "query that is read", method: "GET", path: "/v1/graphql?" + form(1001), status: 400, kind: "general_bad_request",
			message: "The request has 1001 parameters, and the most this server reads is 1000. Send fewer."},
	})
}

// Nothing of a password may come back, in whatever answer.
func TestAnswersHoldNoPassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, id := f.signIn("ann")
	for _, path := range []string{"/v1/account", "/v1/account/sessions", "/v1/account/sessions/" + id} {
		body := f.must(200, "GET", path, session(store), "").Body.String()
		_, secret, _ := decodeStore(store)
		for _, secret := range []string{"argon2", "password123", secret, ids.Hash(secret)} {
			if strings.Contains(body, secret) {
				t.Errorf("%s answers with %q:\n%s", path, secret, body)
			}
		}
	}
}
