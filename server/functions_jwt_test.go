package server

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/server/internal/executions"
)

// claimsOf reads a token.
func claimsOf(t *testing.T, token string) isojot.Claims {
	t.Helper()
	claims, err := isojot.Decode(token)
	if err != nil {
		t.Fatalf("the token %q: %v", token, err)
	}
	return *claims
}

// Who presents a session has a token minted, who presents a JWT has it passed
// on, and nobody else has one (contract section 11, lessons F7).
func TestTheCallersJWT(t *testing.T) {
	t.Parallel()
	f, fn := echo(t, noLimits)
	f.signUp("ann")
	store, id := f.signIn("ann")
	jwt := f.jwt(store)
	cookie := headers{"Cookie": cookieName(DefaultProject) + "=" + store}
	for name, c := range map[string]struct {
		h    headers
		want string // user
	}{
		"cookie": {cookie, "ann"}, "session header": {session(store), "ann"}, "key and cookie": {byTestKey.with(cookie), "ann"},
	} {
		f.execute(201, "echo", c.h, "{}")
		got := fn.get("X-Appwrite-User-Jwt")
		claims := claimsOf(t, got)
		if claims.UserID != "ann" || claims.SessionID != id || !claims.Expiry.Equal(start.Truncate(time.Second).Add(75*time.Second)) {
			t.Errorf("%s: the claims are %+v", name, claims)
		}
		f.must(200, "GET", "/v1/account", token(got), "")
		f.must(403, "POST", "/v1/account/jwts", token(got), "{}")
	}
	for name, h := range map[string]headers{"JWT": token(jwt), "key and JWT": byTestKey.with(token(jwt))} {
		f.execute(201, "echo", h, "{}")
		if got := fn.get("X-Appwrite-User-Jwt"); got != jwt || fn.get("X-Appwrite-User-Id") != "ann" {
			t.Errorf("%s: it is %q of %q", name, got, fn.get("X-Appwrite-User-Id"))
		}
	}
	f.must(204, "DELETE", "/v1/account/sessions", session(store), "")
	for name, h := range map[string]headers{"guest": nil, "key": byTestKey, "JWT of a session that is over": token(jwt)} {
		f.execute(201, "echo", h, "{}")
		if got, there := fn.header["X-Appwrite-User-Jwt"]; !there || got[0] != "" || fn.get("X-Appwrite-User-Id") != "" {
			t.Errorf("%s: it is %q of %q", name, got, fn.get("X-Appwrite-User-Id"))
		}
	}
}

// The tokens of functions do not count against the user's ten in an hour.
func TestFunctionsDoNotUseUpTheLimit(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for range 12 {
		f.execute(201, "echo", session(store), "{}")
	}
	for range 10 {
		f.jwt(store)
	}
	f.must(429, "POST", "/v1/account/jwts", session(store), "{}")
	f.execute(201, "echo", session(store), "{}")
}

// A function's token dies with the session, while the function runs, too.
func TestSignOutWhileAFunctionRuns(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	tokens, goOn := make(chan string), make(chan struct{})
	f.useRunner("echo", funcRunner(func(ctx context.Context, req *runner.Request) (*runner.Result, error) {
		tokens <- req.JWT
		<-goOn
		return &runner.Result{Status: 200}, nil
	}))
	var done sync.WaitGroup
	done.Go(func() { f.execute(201, "echo", session(store), "{}") })
	jwt := <-tokens
	f.must(200, "GET", "/v1/account", token(jwt), "")
	f.must(204, "DELETE", "/v1/account/sessions/current", session(store), "")
	f.must(401, "GET", "/v1/account", token(jwt), "")
	close(goOn)
	done.Wait()
	f.must(401, "GET", "/v1/account", token(jwt), "")
}

// What runs later gets a token when it begins, if its session is alive then.
func TestTheJWTOfWhatRunsLater(t *testing.T) {
	t.Parallel()
	f, fn := echo(t)
	f.signUp("ann")
	f.signUp("bob")
	f.signUp("cat")
	ann, annSession := f.signIn("ann")
	bob, _ := f.signIn("bob")
	cat, _ := f.signIn("cat")
	later := `{"async":true,"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`

	now := f.execute(202, "echo", session(ann), `{"async":true}`)
	if a := f.settled("echo", now.text("$id")); a.text("status") != "completed" {
		t.Fatalf("it became %s", a.Body)
	}
	if claims := claimsOf(t, fn.get("X-Appwrite-User-Jwt")); claims.UserID != "ann" || claims.SessionID != annSession {
		t.Errorf("the claims are %+v", claims)
	}
	byJWT := f.execute(202, "echo", token(f.jwt(ann)), later)
	if byJWT.text("status") != "scheduled" || byJWT.text("trigger") != "schedule" || byJWT.text("scheduledAt") != "2026-08-21T13:00:00.000+00:00" {
		t.Errorf("it is %s", byJWT.Body)
	}
	f.advance(20 * time.Minute) // longer than the JWT lives
	if a := f.settled("echo", byJWT.text("$id")); a.text("status") != "completed" {
		t.Errorf("it became %s", a.Body)
	}
	claims := claimsOf(t, fn.get("X-Appwrite-User-Jwt"))
	if !claims.Expiry.Equal(f.now().Truncate(time.Second).Add(75*time.Second)) || claims.SessionID != annSession || fn.get("X-Appwrite-Trigger") != "schedule" {
		t.Errorf("the claims are %+v, the trigger %q", claims, fn.get("X-Appwrite-Trigger"))
	}

	later = strings.Replace(later, "T13", "T15", 1)
	blocked, deleted := f.execute(202, "echo", session(bob), later), f.execute(202, "echo", session(cat), later)
	f.must(200, "PATCH", "/v1/users/bob/status", byTestKey, `{"status":false}`)
	f.must(204, "DELETE", "/v1/users/cat", byTestKey, "")
	f.advance(3 * time.Hour)
	for id, reason := range map[string]string{blocked.text("$id"): "blocked", deleted.text("$id"): "deleted"} {
		if a := f.settled("echo", id); a.text("status") != "failed" || !strings.Contains(a.text("errors"), reason) {
			t.Errorf("for a user who was %s it became %s", reason, a.Body)
		}
	}
}

// No token is in records, logs or files, even of a function that writes down
// what it was handed.
func TestTokensAreNotKept(t *testing.T) {
	t.Parallel()
	dir, log := t.TempDir(), &lockedBuffer{}
	f, _ := echo(t, func(o *Options) {
		o.Memory, o.DataDir = false, dir
		o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	var mu sync.Mutex
	var made []string
	f.useRunner("echo", funcRunner(func(_ context.Context, req *runner.Request) (*runner.Result, error) {
		key := req.Header.Get("X-Appwrite-Key")
		mu.Lock()
		made = append(made, key, req.JWT)
		mu.Unlock()
		return &runner.Result{Status: 200, Header: map[string][]string{"Content-Type": {"text/" + req.JWT}}, Logs: req.JWT + " " + key, Errors: key + req.JWT}, nil
	}))
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	made = append(made, jwt, store)
	f.execute(201, "echo", session(store), "{}")
	f.execute(201, "echo", token(jwt), "{}")
	f.settled("echo", f.execute(202, "echo", session(store), `{"async":true,"body":"a secret body","headers":{"x-a":"a secret header"}}`).text("$id"))
	a := f.settled("echo", f.execute(202, "echo", token(jwt), `{"async":true}`).text("$id"))
	if !strings.HasPrefix(a.text("logs"), executions.Redacted) || !strings.HasPrefix(a.text("errors"), executions.Redacted) {
		t.Errorf("the record is %s", a.Body)
	}
	f.must(200, "GET", "/_functions/demo/echo/x", headers{"Cookie": cookieName(DefaultProject) + "=" + store}, "")
	list := f.must(200, "GET", "/v1/functions/echo/executions", byTestKey, "").Body.String()
	if list += f.must(200, "GET", "/v1/functions/echo/executions", session(store), "").Body.String(); !strings.Contains(list, `"total":5`) {
		t.Errorf("the list is %s", list)
	}
	if err := f.Close(); err != nil { // which empties the write-ahead log
		t.Fatal(err)
	}
	if len(made) != 12 {
		t.Fatalf("%d tokens were made", len(made))
	}
	if leak := holds(list, made...); leak != "" {
		t.Errorf("the records have %q", leak)
	}
	if leak := holds(log.String(), made...); leak != "" {
		t.Errorf("the log has %q", leak)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if leak := holds(string(content), made...); leak != "" {
			t.Errorf("%s has %q", file.Name(), leak)
		}
	}
}

// lockedBuffer is a buffer that several goroutines write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
