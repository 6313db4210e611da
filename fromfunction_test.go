package isojot_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// functionEnvironment sets what the server sets for a command, with changes; a
// change to "-" takes a variable away.
func functionEnvironment(t *testing.T, changes map[string]string) {
	t.Helper()
	env := map[string]string{
		"APPWRITE_FUNCTION_API_ENDPOINT": testEndpoint, "APPWRITE_FUNCTION_PROJECT_ID": "shop", "APPWRITE_FUNCTION_JWT": testToken,
	}
	maps.Copy(env, changes)
	for name, value := range env {
		t.Setenv(name, value) // also restores it
		if value != "-" {
			continue
		}
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
}

// headers is what gives a function's request its headers.
func headers(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[strings.ToLower(name)] }
}

func TestFromFunction(t *testing.T) {
	functionEnvironment(t, nil)
	sent := &recorder{}
	client, err := isojot.FromFunction(isojot.WithTransport(sent), isojot.WithKey("a key of the operator's"), isojot.WithSession("a session"))
	if err != nil {
		t.Fatal(err)
	}
	if client.Endpoint() != testEndpoint || client.Project() != "shop" || client.Guest() {
		t.Errorf("a client for %s of %s, guest: %v", client.Project(), client.Endpoint(), client.Guest())
	}
	if _, err := client.Account.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCredentials(t, sent.last(t), "x-appwrite-jwt", testToken)
	// What needs a session does not fall back to the operator's.
	if _, err := client.Account.CreateJWT(t.Context(), isojot.CreateJWT{}); !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Errorf("CreateJWT: %v", err)
	}
	if len(sent.requests) != 1 {
		t.Errorf("%d requests were sent", len(sent.requests))
	}
}

// checkCredentials holds that a request has that credential and no other; ""
// means none.
func checkCredentials(t *testing.T, req *isojot.Request, name, value string) {
	t.Helper()
	for _, header := range []string{"x-appwrite-jwt", "x-appwrite-session", "x-appwrite-key", "x-fallback-cookies", "cookie"} {
		want := ""
		if header == name {
			want = value
		}
		if req.Header[header] != want {
			t.Errorf("%s is %q, want %q", header, req.Header[header], want)
		}
	}
	if req.Cookies {
		t.Error("the browser's cookies go along")
	}
}

// A guest's function has the variable, and it is empty.
func TestFromFunctionOfAGuest(t *testing.T) {
	functionEnvironment(t, map[string]string{"APPWRITE_FUNCTION_JWT": ""})
	sent := &recorder{}
	client, err := isojot.FromFunction(isojot.WithTransport(sent), isojot.WithKey("a key of the operator's"))
	if err != nil {
		t.Fatal(err)
	}
	if !client.Guest() {
		t.Error("the client is no guest")
	}
	if _, err := client.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUnauthorizedScope) || len(sent.requests) != 0 {
		t.Errorf("Get: %v, after %d requests", err, len(sent.requests))
	}
	if _, err := client.Functions.CreateExecution(t.Context(), isojot.CreateExecution{FunctionID: "f"}); err != nil {
		t.Fatal(err)
	}
	checkCredentials(t, sent.last(t), "", "")
}

func TestFromFunctionNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ variable, value, want string }{
		"no endpoint":    {"APPWRITE_FUNCTION_API_ENDPOINT", "-", "APPWRITE_FUNCTION_API_ENDPOINT: not set; "},
		"empty endpoint": {"APPWRITE_FUNCTION_API_ENDPOINT", "", "APPWRITE_FUNCTION_API_ENDPOINT: not set; "},
		"no project":     {"APPWRITE_FUNCTION_PROJECT_ID", "-", "APPWRITE_FUNCTION_PROJECT_ID: not set; "},
		"no JWT":         {"APPWRITE_FUNCTION_JWT", "-", "APPWRITE_FUNCTION_JWT: not set; "},
		"bad endpoint":   {"APPWRITE_FUNCTION_API_ENDPOINT", "ftp://x", "APPWRITE_FUNCTION_API_ENDPOINT: endpoint: "},
		"bad project":    {"APPWRITE_FUNCTION_PROJECT_ID", "a b", "APPWRITE_FUNCTION_PROJECT_ID: project: "},
		"bad JWT":        {"APPWRITE_FUNCTION_JWT", "secret.secret", "APPWRITE_FUNCTION_JWT: "},
	} {
		t.Run(name, func(t *testing.T) {
			functionEnvironment(t, map[string]string{c.variable: c.value})
			client, err := isojot.FromFunction()
			if e, ok := errors.AsType[*isojot.Error](err); client != nil || !ok || !strings.HasPrefix(e.Message, c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats the token: %v", err)
			}
		})
	}
}

func TestFromFunctionRequest(t *testing.T) {
	sent := &recorder{}
	kept := &memory{values: map[string]string{"cookieFallback": `{"a_session_demo":"s"}`}}
	base := newClient(t, isojot.WithTransport(sent), isojot.WithLocale("de"), isojot.WithHeader("x-trace", "1"),
		isojot.WithKey("a key"), isojot.WithSession("a session"), isojot.WithStorage(kept))
	for name, jwt := range map[string]string{"user": testToken, "guest": ""} {
		t.Run(name, func(t *testing.T) {
			client, err := isojot.FromFunctionRequest(base, headers(map[string]string{
				"x-appwrite-trigger": "http", "x-appwrite-user-jwt": jwt, "appwrite_function_api_endpoint": "http://attacker.test/v1",
			}))
			if err != nil {
				t.Fatal(err)
			}
			if client.Guest() != (jwt == "") {
				t.Errorf("Guest is %v", client.Guest())
			}
			if _, err := client.Functions.CreateExecution(context.Background(), isojot.CreateExecution{FunctionID: "f"}); err != nil {
				t.Fatal(err)
			}
			req := sent.last(t)
			checkCredentials(t, req, "x-appwrite-jwt", jwt)
			if req.Header["x-appwrite-locale"] != "de" || req.Header["x-trace"] != "1" || !strings.HasPrefix(req.URL, testEndpoint) {
				t.Errorf("not as base calls: %s %v", req.URL, req.Header)
			}
		})
	}
	if base.Guest() {
		t.Error("base has lost its credentials")
	}
}

func TestFromFunctionRequestNamesWhatIsWrong(t *testing.T) {
	base := newClient(t)
	for name, c := range map[string]struct {
		base   *isojot.Client
		header func(string) string
		want   string
	}{
		"no client":   {nil, headers(nil), "nil; pass a client"},
		"no headers":  {base, nil, "nil; pass a client"},
		"no function": {base, headers(map[string]string{"x-appwrite-user-jwt": testToken}), "x-appwrite-trigger: "},
		"bad JWT":     {base, headers(map[string]string{"x-appwrite-trigger": "http", "x-appwrite-user-jwt": "secret"}), "x-appwrite-user-jwt: "},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := isojot.FromFunctionRequest(c.base, c.header)
			if client != nil || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// A guest is who has nothing to show, in any of the lanes.
func TestGuest(t *testing.T) {
	for name, opt := range map[string]isojot.Option{
		"JWT": isojot.WithJWT(testToken), "session": isojot.WithSession("s"), "key": isojot.WithKey("k"),
	} {
		if newClient(t, opt).Guest() {
			t.Errorf("a client with a %s is a guest", name)
		}
	}
	if !newClient(t).Guest() {
		t.Error("a client without a credential is no guest")
	}
}
