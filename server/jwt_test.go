package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/projects"
)

// sign signs claims with the key of the project.
func (f *fixture) sign(userID, sessionID string, valid time.Duration) string {
	f.t.Helper()
	p, err := projects.Load(f.t.Context(), f.db, f.options.Project)
	if err != nil {
		f.t.Fatal(err)
	}
	jwt, err := userjwt.Sign(p.Keys.Signer(f.clock.Now()), userjwt.New(userID, sessionID, f.clock.Now(), valid), userjwt.More{})
	if err != nil {
		f.t.Fatal(err)
	}
	return jwt
}

// The Date of createJWT's answer is by the clock that exp is counted from, so
// that a client can tell a token's life from the two.
func TestCreateJWTDates(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.advance(2 * time.Hour)
	a := f.must(201, "POST", "/v1/account/jwts", session(store), `{"duration":3600}`)
	date, err := http.ParseTime(a.Header().Get("Date"))
	if want := start.Add(2 * time.Hour).Truncate(time.Second); err != nil || !date.Equal(want) {
		t.Errorf("Date = %v, %v, want %v", date, err, want)
	}
}

func TestCreateJWT(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, id := f.signIn("ann")
	parts := strings.Split(f.jwt(store), ".")
	if len(parts) != 3 {
		t.Fatalf("the JWT has %d parts", len(parts))
	}
	decode := func(s string) string {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if got := decode(parts[0]); got != `{"typ":"JWT","alg":"HS256"}` {
		t.Errorf("header = %s", got)
	}
	if got, want := decode(parts[1]), fmt.Sprintf(`{"userId":"ann","sessionId":%q,"exp":%d}`, id, start.Unix()+900); got != want {
		t.Errorf("payload = %s, want %s", got, want)
	}
	signingKey, err := f.Keys().SigningKey(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, signingKey)
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if decode(parts[2]) != string(mac.Sum(nil)) {
		t.Error("the signature is not the project's")
	}
}

func TestJWTDuration(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Limits = LimitsOff })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for body, seconds := range map[string]int64{
		"": 900, "{}": 900, "[]": 900, `{"duration":`: 900, `{"duration":null}`: 900, `{"duration":1}`: 1, `{"duration":3600}`: 3600,
		`{"duration":"60"}`: 60, `{"duration":" 60 "}`: 60, `{"foo":1}`: 900,
	} {
		a := f.must(201, "POST", "/v1/account/jwts", session(store), body)
		claims, err := base64.RawURLEncoding.DecodeString(strings.Split(a.text("jwt"), ".")[1])
		if want := fmt.Sprintf(`"exp":%d}`, start.Unix()+seconds); err != nil || !strings.HasSuffix(string(claims), want) {
			t.Errorf("%s: claims %s, %v, want %s", body, claims, err, want)
		}
	}
	var scenarios []scenario
	for _, value := range []string{"0", "-1", "3601", "1.5", "60.0", "1e3", `"abc"`, `""`, `"60.0"`, `"0x10"`, "true", "false", "[5]", "{}", "99999999999999999999"} {
		lowest := 0
		if value == "0" {
			lowest = 1
		}
		scenarios = append(scenarios, scenario{name: value, method: "POST", path: "/v1/account/jwts", headers: session(store), body: `{"duration":` + value + `}`,
			status: 400, kind: "general_argument_invalid", message: fmt.Sprintf("Invalid `duration` param: Value must be a valid range between %d and 3,600", lowest)})
	}
	f.run(scenarios)
}

func TestJWTLanes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	const both = "JWT and cookie used in the same request. Use either `setJWT` or `setCookie`. Learn about which authentication method to use in the SSR docs: https://appwrite.io/docs/products/auth/server-side-rendering"
	conflict := func(name string, h headers) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account", headers: h, status: 403, kind: "user_jwt_and_cookie_set", message: both}
	}
	f.run([]scenario{
		{name: "JWT", method: "GET", path: "/v1/account", headers: token(jwt), status: 200, want: []string{`{"$id":"ann"`}},
		{name: "HEAD", method: "HEAD", path: "/v1/account", headers: token(jwt), status: 200, want: []string{`{"$id":"ann"`}},
		conflict("with the cookie", headers{"X-Appwrite-JWT": jwt, "Cookie": "a_session_demo=" + store}),
		conflict("with the header", headers{"X-Appwrite-JWT": jwt, "X-Appwrite-Session": store}),
		conflict("with the fallback", headers{"X-Appwrite-JWT": jwt, "X-Fallback-Cookies": `{"a_session_demo":"` + store + `"}`}),
		conflict("bad, with the cookie", headers{"X-Appwrite-JWT": "a.b.c", "Cookie": "a_session_demo=" + store}),
		{name: "with a dead cookie", method: "GET", path: "/v1/account", headers: headers{"X-Appwrite-JWT": jwt, "Cookie": "a_session_demo=garbage"}, status: 200},
		{name: "a JWT makes no JWT", method: "POST", path: "/v1/account/jwts", headers: token(jwt), body: "{}", status: 403, kind: "user_jwt_creation_denied",
			message: "A JWT cannot be created from a request authorized with a JWT. Authenticate with a session cookie or session header instead."},
		{name: "nor does a guest", method: "POST", path: "/v1/account/jwts", body: `{"duration":-1}`, status: 401, kind: "general_unauthorized_scope", message: guestMessage},
		{name: "Bearer is not read", method: "GET", path: "/v1/account", headers: headers{"Authorization": "Bearer " + jwt}, status: 401, kind: "general_unauthorized_scope"},
	})
}

// tampered is a token with another letter in its signature, none of the last, which
// stands for four bits alone.
func tampered(token string) string {
	at := len(token) - 10
	other := "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}

func TestJWTRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	_, anns := f.signIn("ann")
	_, bobs := f.signIn("bob")
	good := f.sign("ann", anns, time.Minute)
	invalid := func(name, jwt, reason string) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account", headers: token(jwt), status: 401, kind: "user_jwt_invalid", message: "Failed to verify JWT. " + reason}
	}
	guest := func(name, jwt string) scenario {
		return scenario{name: name, method: "GET", path: "/v1/account", headers: token(jwt), status: 401, kind: "general_unauthorized_scope", message: guestMessage}
	}
	f.run([]scenario{
		{name: "good", method: "GET", path: "/v1/account", headers: token(good), status: 200},
		{name: "bound to no session", method: "GET", path: "/v1/account", headers: token(f.sign("ann", "", time.Minute)), status: 200},
		invalid("one segment", "abc", "Invalid token: Incomplete segments"),
		invalid("garbage", "a.b.c", "JSON failed: Syntax error"),
		invalid("tampered", tampered(good), "Invalid token: Signature failed"),
		invalid("twice", good+", "+good, "Invalid token: Signature failed"),
		invalid("expired", f.sign("ann", anns, 0), "Invalid token: Expired"),
		guest("unknown user", f.sign("eve", anns, time.Minute)),
		guest("unknown session", f.sign("ann", "nosuch", time.Minute)),
		guest("session of another user", f.sign("ann", bobs, time.Minute)),
		guest("no user", f.sign("", "", time.Minute)),
		{name: "on a public route", method: "GET", path: "/v1/health/version", headers: token("a.b"), status: 401, kind: "user_jwt_invalid"},
		{name: "on an unknown route", method: "GET", path: "/v1/nope", headers: token("a.b"), status: 401, kind: "user_jwt_invalid"},
		{name: "from an unknown origin", method: "GET", path: "/v1/account", headers: headers{"X-Appwrite-JWT": "a.b", "Origin": "http://evil.example"}, status: 401, kind: "user_jwt_invalid"},
		{name: "of an unknown project", method: "GET", path: "/v1/account", headers: headers{"X-Appwrite-JWT": "a.b", "X-Appwrite-Project": "nope"}, status: 404, kind: "project_not_found"},
	})
}

func TestJWTDiesAfter15Minutes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	whole := start.Truncate(time.Second)
	for _, step := range []struct {
		at   time.Duration
		code int
	}{{15*time.Minute - time.Millisecond, 200}, {15 * time.Minute, 401}} {
		if err := f.clock.Set(whole.Add(step.at)); err != nil {
			t.Fatal(err)
		}
		if a := f.do("GET", "/v1/account", token(jwt), ""); a.Code != step.code {
			t.Errorf("after %v: %d, want %d: %s", step.at, a.Code, step.code, a.Body)
		}
	}
	scenario{status: 401, kind: "user_jwt_invalid", message: "Failed to verify JWT. Invalid token: Expired"}.
		check(t, f.do("GET", "/v1/account", token(jwt), ""))
}

// A JWT must not outlive its session, however long it was made for.
func TestJWTDiesWithItsSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, id := f.signIn("ann")
	f.advance(maxSessionDuration - time.Minute)
	jwt := f.sign("ann", id, time.Hour)
	f.must(200, "GET", "/v1/account", token(jwt), "")
	f.advance(time.Minute + time.Millisecond)
	scenario{status: 401, kind: "general_unauthorized_scope", message: guestMessage}.check(t, f.do("GET", "/v1/account", token(jwt), ""))
	scenario{status: 401, kind: "general_unauthorized_scope"}.check(t, f.do("POST", "/v1/account/jwts", session(store), "{}"))
}

func TestProjectsShareNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, err := f.db.EnsureProject(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	other := func(h headers) headers { h["X-Appwrite-Project"] = "other"; return h }
	f.must(201, "POST", "/v1/account", other(headers{}), `{"userId":"ann","email":"ann@example.com","password":"password456"}`)
	f.run([]scenario{
		{name: "JWT", method: "GET", path: "/v1/account", headers: other(token(jwt)), status: 401, kind: "user_jwt_invalid", message: "Failed to verify JWT. Invalid token: Signature failed"},
		{name: "session", method: "GET", path: "/v1/account", headers: other(session(store)), status: 401, kind: "general_unauthorized_scope"},
		{name: "renamed cookie", method: "GET", path: "/v1/account", headers: other(headers{"Cookie": "a_session_other=" + store}), status: 401, kind: "general_unauthorized_scope"},
		{name: "password", method: "POST", path: "/v1/account/sessions/email", headers: other(headers{}), body: `{"email":"ann@example.com","password":"password123"}`,
			status: 401, kind: "user_invalid_credentials"},
	})
}
