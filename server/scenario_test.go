package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/server/internal/wire"
)

// start is where the clocks of the tests stand.
var start = time.Date(2026, 8, 21, 12, 42, 57, 123e6, time.UTC)

// cheap is the lowest cost of argon2id.
var cheap = PasswordCost{MemoryKiB: 8, Time: 1, Threads: 1}

// fixture is a server whose clock stands until the test moves it.
type fixture struct {
	*Server
	t     *testing.T
	clock *clock.Clock
}

// newFixture starts a server in memory, changed by the functions.
func newFixture(t *testing.T, changes ...func(*Options)) *fixture {
	t.Helper()
	c := clock.New(func() time.Time { return start })
	o := Options{Memory: true, Now: c.Now, PasswordCost: cheap}
	for _, change := range changes {
		change(&o)
	}
	onPostgres(t, &o)
	s, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &fixture{Server: s, t: t, clock: c}
}

// noLimits is for tests that ask more often than the limits allow.
func noLimits(o *Options) { o.Limits = LimitsOff }

// advance moves the clock.
func (f *fixture) advance(d time.Duration) {
	f.t.Helper()
	if err := f.clock.Advance(d); err != nil {
		f.t.Fatal(err)
	}
}

// headers are the headers of a request; "Host" is its Host.
type headers map[string]string

// answer is a response, its body read as JSON if it is an object.
type answer struct {
	*httptest.ResponseRecorder
	object map[string]any
}

// text is a member of the body that is a string.
func (a answer) text(name string) string {
	s, _ := a.object[name].(string)
	return s
}

// do sends a request to the project of the server.
func (f *fixture) do(method, path string, h headers, body string) answer {
	f.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "localhost:7519"
	r.Header.Set("X-Appwrite-Project", f.options.Project)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range h {
		switch {
		case name == "Host":
			r.Host = value
		case name == "RemoteAddr":
			r.RemoteAddr = value
		case value == "":
			r.Header.Del(name)
		default:
			r.Header.Set(name, value)
		}
	}
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	f.ServeHTTP(a, r)
	if strings.HasPrefix(a.Body.String(), "{") {
		if err := json.Unmarshal(a.Body.Bytes(), &a.object); err != nil {
			f.t.Fatalf("%s %s: the body is no JSON: %v\n%s", method, path, err, a.Body)
		}
	}
	return a
}

// must is do for steps that prepare a test.
func (f *fixture) must(status int, method, path string, h headers, body string) answer {
	f.t.Helper()
	a := f.do(method, path, h, body)
	if a.Code != status {
		f.t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.Code, status, a.Body)
	}
	return a
}

// signUp creates the user id with the e-mail address <id>@example.com and
// the password password123.
func (f *fixture) signUp(id string) {
	f.t.Helper()
	f.must(201, "POST", "/v1/account", nil, `{"userId":"`+id+`","email":"`+id+`@example.com","password":"password123","name":"Ann"}`)
}

// signIn signs such a user in and returns the session's store string and id.
func (f *fixture) signIn(id string) (store, sessionID string) {
	f.t.Helper()
	a := f.must(201, "POST", "/v1/account/sessions/email", nil, `{"email":"`+id+`@example.com","password":"password123"}`)
	var cookies map[string]string
	if err := json.Unmarshal([]byte(a.Header().Get("X-Fallback-Cookies")), &cookies); err != nil {
		f.t.Fatalf("X-Fallback-Cookies: %v", err)
	}
	return cookies[cookieName(f.options.Project)], a.text("$id")
}

// jwt creates a JWT of a session.
func (f *fixture) jwt(store string) string {
	f.t.Helper()
	return f.must(201, "POST", "/v1/account/jwts", session(store), "{}").text("jwt")
}

// testKey is an API key with all scopes, of servers made with withKey.
const testKey = "a-key-for-the-tests"

func withKey(o *Options) { o.APIKey = testKey }

// byTestKey is the header of that key.
var byTestKey = headers{"X-Appwrite-Key": testKey}

// session is the header of a session, token that of a JWT.
func session(store string) headers { return headers{"X-Appwrite-Session": store} }
func token(jwt string) headers     { return headers{"X-Appwrite-JWT": jwt} }

// scenario is one exchange and what is wanted of it.
type scenario struct {
	name         string
	method, path string
	headers      headers
	body         string

	status  int
	kind    string   // of an error
	message string   // of an error, complete
	want    []string // parts of the body
	wantNot []string
	header  headers // wanted headers; "" means absent
}

// run runs scenarios one after the other.
func (f *fixture) run(scenarios []scenario) {
	for _, sc := range scenarios {
		f.t.Run(sc.name, func(t *testing.T) {
			outer := f.t
			f.t = t
			defer func() { f.t = outer }()
			sc.check(t, f.do(sc.method, sc.path, sc.headers, sc.body))
		})
	}
}

// check compares an answer with what is wanted.
func (sc scenario) check(t *testing.T, a answer) {
	t.Helper()
	if a.Code != sc.status || a.text("type") != sc.kind {
		t.Errorf("answer = %d %s, want %d %s\n%s", a.Code, a.text("type"), sc.status, sc.kind, a.Body)
	}
	if sc.kind != "" {
		sc.checkError(t, a)
	}
	for _, part := range sc.want {
		if !strings.Contains(a.Body.String(), part) {
			t.Errorf("the body lacks %s:\n%s", part, a.Body)
		}
	}
	for _, part := range sc.wantNot {
		if strings.Contains(a.Body.String(), part) {
			t.Errorf("the body has %s:\n%s", part, a.Body)
		}
	}
	for name, want := range sc.header {
		if got := strings.Join(a.Header().Values(name), " | "); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// checkError checks what all errors have.
func (sc scenario) checkError(t *testing.T, a answer) {
	t.Helper()
	if sc.message != "" && a.text("message") != sc.message {
		t.Errorf("message = %q, want %q", a.text("message"), sc.message)
	}
	if a.object["code"] != float64(sc.status) || a.text("version") != wire.AppwriteVersion || len(a.object) != 4 {
		t.Errorf("the error's body is %v", a.object)
	}
	always := headers{
		"Content-Type": "application/json; charset=UTF-8", "Pragma": "no-cache", "Expires": "0",
		"Cache-Control": "no-cache, no-store, must-revalidate", "X-Content-Type-Options": "nosniff",
	}
	for name, want := range always {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// guestMessage is what guests read where an account is needed.
const guestMessage = `User (role: guests) missing scopes (["account"])`

var _ http.Handler = (*Server)(nil)
