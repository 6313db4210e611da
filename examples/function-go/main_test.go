package main

import (
	"bytes"
	"encoding/json"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
)

// timeout is the function's: its token lives for that and 60 s.
const timeout = 25 * time.Second

// newServer is a server whose function whoami is this program.
func newServer(t *testing.T) (*isojottest.Server, *isojot.Client) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "function-go")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	srv := isojottest.NewServer(t, isojottest.WithFunctions(server.Function{
		ID: "whoami", Execute: []string{"any"}, Target: "command:" + program, Timeout: timeout,
	}))
	srv.Seed(isojottest.User{ID: "ada", Email: "ada@example.com", Name: "Ada <3"})
	guest, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	return srv, guest
}

// with is the client with a credential.
func with(t *testing.T, c *isojot.Client, opt isojot.Option) *isojot.Client {
	t.Helper()
	changed, err := c.With(opt)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// execute executes whoami and reads the JSON that it answered.
func execute(t *testing.T, c *isojot.Client, path string, wantStatus int) map[string]any {
	t.Helper()
	e, err := c.Functions.CreateExecution(t.Context(), isojot.CreateExecution{FunctionID: "whoami", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if e.ResponseStatusCode != wantStatus {
		t.Fatalf("whoami answered %d: %s", e.ResponseStatusCode, e.ResponseBody)
	}
	return parse(t, []byte(e.ResponseBody))
}

func parse(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return object
}

// The function sees the very account that its caller does, by session and by
// JWT.
func TestWhoami(t *testing.T) {
	srv, guest := newServer(t)
	bySession := with(t, guest, isojot.WithSession(srv.CreateSession("ada")))
	own, err := bySession.Call(t.Context(), "account.get", isojot.Params{})
	if err != nil {
		t.Fatal(err)
	}
	want := parse(t, own.Body)
	jwt, err := bySession.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	for name, caller := range map[string]*isojot.Client{"session": bySession, "JWT": with(t, guest, isojot.WithJWT(jwt.JWT))} {
		if got := execute(t, caller, "/", http.StatusOK); !reflect.DeepEqual(got, want) || got["$id"] != "ada" {
			t.Errorf("by %s: %v, want %v", name, got, want)
		}
	}
}

func TestWhoamiForAGuest(t *testing.T) {
	_, guest := newServer(t)
	if got := execute(t, guest, "/", http.StatusUnauthorized); got["message"] == "" || got["$id"] != nil {
		t.Errorf("a guest is told %v", got)
	}
}

func TestClaims(t *testing.T) {
	srv, guest := newServer(t)
	session := with(t, guest, isojot.WithSession(srv.CreateSession("ada")))
	sessions, err := session.Account.ListSessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	earliest := float64(srv.Now().Add(timeout + time.Minute).Unix())
	got := execute(t, session, "/claims", http.StatusOK)
	latest := float64(srv.Now().Add(timeout + time.Minute).Unix())
	exp, ok := got["exp"].(float64)
	if got["userId"] != "ada" || got["sessionId"] != sessions.Sessions[0].ID || !ok || exp < earliest || exp > latest {
		t.Errorf("claims %v, want those of the session %s", got, sessions.Sessions[0].ID)
	}
}

// Outside a function the log says what is missing, and callers nothing.
func TestOutsideAFunction(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	answer := httptest.NewRecorder()
	whoami(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	if answer.Code != http.StatusInternalServerError || !strings.Contains(logged.String(), "APPWRITE_FUNCTION_API_ENDPOINT: not set") {
		t.Errorf("answered %d, logged %q", answer.Code, &logged)
	}
	if strings.Contains(answer.Body.String(), "APPWRITE_FUNCTION_API_ENDPOINT") {
		t.Errorf("the caller is told %s", answer.Body)
	}
}
