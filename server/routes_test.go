package server

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	ops "github.com/isojot/isojot/internal/operations"
)

// Every operation that the server says it answers must have a handler: none may
// answer that there is no such route.
func TestEveryRouteHasAHandler(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	wildcard := regexp.MustCompile(`\{\w+\}`)
	seen := 0
	for _, o := range ops.All() {
		name := o.Name
		route, ok := isojot.RouteOf(name)
		if !ok || o.Endpoint == nil {
			continue
		}
		seen++
		method, path, _ := strings.Cut(route.Pattern, " ")
		a := f.do(method, "/v1"+wildcard.ReplaceAllString(path, "x1"), nil, "")
		if kind := a.text("type"); kind == "general_route_not_found" || kind == "general_unknown" {
			t.Errorf("%s (%s) answers %d %s", name, route.Pattern, a.Code, kind)
		}
	}
	if seen < 20 {
		t.Fatalf("%d routes", seen)
	}
}

// Every operation that the server answers has one handler, and every handler
// one such operation; its limit and its way of signing in are there.
func TestEveryOperationHasAHandler(t *testing.T) {
	t.Parallel()
	tables := map[string]int{}
	for _, table := range handlerTables {
		for name, handle := range table {
			tables[name]++
			if handle == nil {
				t.Errorf("the handler of %s is nil", name)
			}
		}
	}
	for _, o := range ops.All() {
		if o.Endpoint == nil {
			continue
		}
		if n := tables[o.Name]; n != 1 {
			t.Errorf("%s has %d handlers, want 1", o.Name, n)
		}
		delete(tables, o.Name)
		if l := o.Endpoint.Limit; l != ops.Unlimited && limiters[l] == nil {
			t.Errorf("%s: there is no limit %q", o.Name, l)
		}
		if m := AuthMethod(o.Endpoint.Method); m != "" && methodNames[m] == "" {
			t.Errorf("%s: there is no way of signing in %q", o.Name, m)
		}
	}
	for name := range tables {
		t.Errorf("%s has a handler, and no entry that says what the endpoint asks of a caller", name)
	}
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	unknown := func(method, path string) scenario {
		return scenario{name: method + path, method: method, path: path, headers: headers{"Origin": "http://localhost:3000"}, status: 404, kind: "general_route_not_found",
			message: "Route not found. Please ensure the endpoint is configured correctly and that the API route is valid for this SDK version. Refer to the API docs for more details.",
			header:  headers{"Access-Control-Allow-Origin": "http://localhost:3000"}}
	}
	f.run([]scenario{
		unknown("GET", "/v1"), unknown("GET", "/v1/"), unknown("GET", "/v1/nope"), unknown("POST", "/v1/account/nope"), unknown("GET", "/v1/ACCOUNT"),
		unknown("PUT", "/v1/account"), unknown("GET", "/v1/account/jwts"), unknown("GET", "/v1/%61ccount"), unknown("GET", "/%761/account"), unknown("GET", "/v1//%61ccount"), unknown("DELETE", "/v1/account/jwts"),
		{name: "trailing slash", method: "GET", path: "/v1/account/", status: 401, kind: "general_unauthorized_scope"},
		{name: "an id that has to be encoded", method: "GET", path: "/v1/account/sessions/a%20b", status: 401, kind: "general_unauthorized_scope"},
		{name: "doubled slashes", method: "GET", path: "/v1//account///sessions", status: 401, kind: "general_unauthorized_scope"},
	})
}

func TestPublicRoutes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	none := headers{"X-Appwrite-Project": ""}
	missing := func(name, method, path string, h headers) scenario {
		return scenario{name: name, method: method, path: path, headers: h, body: signUpBody(nil), status: 404, kind: "project_not_found",
			message: "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header to ensure the correct project ID is being used."}
	}
	f.run([]scenario{
		{name: "version", method: "GET", path: "/v1/health/version", status: 200, want: []string{`{"version":"1.9.6"}`}, header: headers{"Server": "isojot"}},
		{name: "version without project", method: "GET", path: "/v1/health/version", headers: none, status: 200},
		{name: "ping", method: "GET", path: "/v1/ping", status: 200, want: []string{"Pong!"}, header: headers{"Content-Type": "text/plain; charset=UTF-8"}},
		missing("ping without project", "GET", "/v1/ping", none),
		missing("ping of the console", "GET", "/v1/ping", headers{"X-Appwrite-Project": "console"}),
		missing("unknown project", "GET", "/v1/account", headers{"X-Appwrite-Project": "nope"}),
		missing("impossible project", "GET", "/v1/account", headers{"X-Appwrite-Project": "a b'"}),
		missing("sign-up without project", "POST", "/v1/account", none),
		missing("sign-in without project", "POST", "/v1/account/sessions/anonymous", none),
		{name: "key", method: "GET", path: "/v1/account", headers: headers{"X-Appwrite-Key": "standard_x", "Origin": "http://evil.example"}, status: 401, kind: "user_unauthorized",
			message: "The current user is not authorized to perform the requested action."},
		{name: "key without project", method: "GET", path: "/v1/account", headers: headers{"X-Appwrite-Key": "standard_x", "X-Appwrite-Project": ""}, status: 403, kind: "project_id_missing"},
	})
}

// Faults are logged, and the caller learns nothing about them.
func TestFaultsDoNotLeak(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := newFixture(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	if err := f.db.Close(); err != nil {
		t.Fatal(err)
	}
	scenario{status: 500, kind: "general_unknown", message: "Server Error"}.check(t, f.do("GET", "/v1/account", session(store), ""))
	if !strings.Contains(log.String(), "database is closed") {
		t.Errorf("the log does not say why:\n%s", log.String())
	}
}

func TestPanicsAreAnswered(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := newFixture(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	f.api.Handle("GET /v1/boom", f.handler(endpoint{anywhere: true, handle: func(*call) error { panic("boom in the handler") }}))
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest("GET", "/v1/boom", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "boom") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "boom in the handler") || !strings.Contains(log.String(), "routes_test.go") {
		t.Errorf("the log lacks the panic or its stack:\n%s", log.String())
	}
}

// Each decision about a caller is logged with its reason, without secrets.
func TestDecisionsAreLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := newFixture(t, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	f.do("GET", "/v1/account", token(jwt), "")
	f.do("DELETE", "/v1/account/sessions", session(store), "")
	f.do("GET", "/v1/account", token(jwt), "")
	f.do("GET", "/v1/account", session(store), "")
	f.do("POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"wrong-password"}`)
	for _, want := range []string{
		`decision=session reason="the secret is valid"`, `decision=jwt reason="the JWT is valid"`,
		`decision=guest reason="the JWT is valid, but its user or session is gone"`, `decision=guest reason="no session has the presented secret"`,
		`decision=refused reason=user_invalid_credentials`, `decision=refused reason=general_unauthorized_scope`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log.String())
		}
	}
	_, secret, _ := decodeStore(store)
	for _, leak := range []string{store, secret, jwt, "password123", "wrong-password"} {
		if strings.Contains(log.String(), leak) {
			t.Errorf("the log has %q", leak)
		}
	}
}
