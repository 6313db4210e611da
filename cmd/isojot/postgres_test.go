package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/pgtest"
)

// passwordOf is the password of a database's URL, which nothing may show.
func passwordOf(t *testing.T, databaseURL string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	if len(password) < 20 {
		t.Fatal("the database has no password to look for")
	}
	return password
}

// A server on PostgreSQL signs up, signs in, makes a JWT and ends the session;
// what it prints and logs does not have the URL's password. The key commands
// work on the same database.
func TestServePostgres(t *testing.T) {
	database := pgtest.New(t)
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--database-url", database, "--dev")
	lines := p.until(t, "token")
	got := facts(lines)
	guest := clientOf(t, got["endpoint"])
	if _, err := guest.Account.Create(t.Context(), isojot.CreateAccount{UserID: "ann", Email: "ann@example.com", Password: "password123"}); err != nil {
		t.Fatal(err)
	}
	session, err := guest.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "ann@example.com", Password: "password123"})
	if err != nil {
		t.Fatal(err)
	}
	ann := clientOf(t, got["endpoint"], isojot.WithSession(session.Secret))
	jwt, err := ann.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	service := clientOf(t, got["endpoint"], isojot.WithJWT(jwt.JWT))
	if user, err := service.Account.Get(t.Context()); err != nil || user.ID != "ann" {
		t.Errorf("by the JWT: %v, %v", user, err)
	}
	said := strings.Join(lines, "\n") + useKeys(t, database, jwt.JWT)
	if err := ann.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Error(err)
	}
	if _, err := service.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Errorf("by the JWT of a session that has ended: %v", err)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if said += p.stderr.String(); strings.Contains(said, passwordOf(t, database)) {
		t.Errorf("it says %s", said)
	}
	if !strings.HasPrefix(got["data"], "postgres://127.0.0.1:") {
		t.Errorf("its data is %q", got["data"])
	}
}

// useKeys runs each command that works on a database, and returns what they
// say.
func useKeys(t *testing.T, database, jwt string) (said string) {
	t.Helper()
	for _, args := range []string{"key create --name backend", "key list", "key jwt --format hex", "key rotate --alg EdDSA",
		"key claims iat", "jwt mint --user ann", "jwt verify " + jwt} {
		code, stdout, stderr := runFor(t, append(strings.Fields(args), "--database-url", database)...)
		if code != 0 || stdout == "" {
			t.Errorf("%s: code %d, %s", args, code, stderr)
		}
		said += stdout + stderr
	}
	if code, _, stderr := runFor(t, "key", "revoke", "--database-url", database, "nothing"); code != exitFailure || !strings.Contains(stderr, "no key") {
		t.Errorf("key revoke: code %d, %s", code, stderr)
	}
	return said
}

// clientOf is a client of a server.
func clientOf(t *testing.T, endpoint string, options ...isojot.Option) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient(endpoint, "demo", options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// counted is a job for several servers, which call it at paths of their own:
// behind them is the execution's path, /.
type counted struct {
	*job
	at sync.Map // execution -> path
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.at.Store(r.Header.Get("X-Appwrite-Execution-Id"), r.URL.Path)
	c.job.ServeHTTP(w, r)
}

// TestExecutionsSurviveTheKillOfAnInstance holds that of two servers on one
// database one that is killed leaves nothing under way: the other reports what
// it ran as failed, and runs what waits. Nothing runs twice, and what the other
// runs itself is left alone.
func TestExecutionsSurviveTheKillOfAnInstance(t *testing.T) {
	t.Parallel()
	c := &counted{job: &job{times: map[string]int{}, begun: make(chan struct{}, 1000), goOn: make(chan struct{})}}
	function := httptest.NewServer(c)
	defer function.Close()
	letGo := sync.OnceFunc(func() { close(c.goOn) })
	defer letGo()
	args := []string{"--database-url", pgtest.New(t), "--lease", "5s"}
	dead := serveApart(t, append(args, "--functions", patientJob(t, function.URL+"/dead"))...)
	alive := serveApart(t, append(args, "--functions", patientJob(t, function.URL+"/alive"))...)
	var accepted []string
	ask := func(s *apart) {
		t.Helper()
		status, e := s.ask("POST", "/v1/functions/job/executions", `{"async":true,"body":"payload"}`)
		if status != 202 {
			t.Fatal(status, e)
		}
		accepted = append(accepted, fmt.Sprint(e["$id"]))
	}
	ask(dead)
	ask(alive)
	// Both take what waits, as much as they may run at once; the rest waits.
	for end := time.Now().Add(time.Minute); !c.hasBegun("/dead/") || !c.hasBegun("/alive/"); {
		if len(accepted) < 60 {
			ask(dead)
		}
		select {
		case <-c.begun:
		case <-time.After(time.Until(end)):
			t.Fatal("one of the servers begins nothing")
		}
	}
	for range 10 {
		ask(dead)
	}
	dead.kill()
	// What the dead one ran has failed before anything else ends.
	failed := 0
	for _, id := range accepted {
		if path, ran := c.at.Load(id); !ran || path != "/dead/" {
			continue
		}
		failed++
		if e := alive.ended(id); e["status"] != "failed" || e["errors"] != "the server stopped while it ran" {
			t.Errorf("%s became %v", id, e)
		}
	}
	if failed == 0 {
		t.Error("the killed server ran nothing")
	}
	letGo()
	completed := 0
	for _, id := range accepted {
		e := alive.ended(id)
		if n := c.count(id); n > 1 || n == 0 && e["status"] == "completed" {
			t.Errorf("%s is %v after %d times", id, e["status"], n)
		}
		if path, _ := c.at.Load(id); path == "/alive/" {
			completed++
			if e["status"] != "completed" {
				t.Errorf("%s became %v", id, e)
			}
		}
	}
	if completed < 2 {
		t.Errorf("of %d only %d completed", len(accepted), completed)
	}
}

// patientJob is a folder with the function job, which may take long.
func patientJob(t *testing.T, url string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "job"), 0o700); err != nil {
		t.Fatal(err)
	}
	manifest := fmt.Sprintf(`{"target": %q, "execute": ["any"], "timeout": 900}`, url)
	if err := os.WriteFile(filepath.Join(dir, "job", "function.json"), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// hasBegun reports whether the server of that path has run something.
func (c *counted) hasBegun(path string) (found bool) {
	c.at.Range(func(_, at any) bool {
		found = found || at == path
		return !found
	})
	return found
}

// Neither help nor complaints show the URL of the environment.
func TestNothingShowsTheDatabaseURL(t *testing.T) {
	const secret = "pa55wordOfTheTest"
	t.Setenv("ISOJOT_DATABASE_URL", "postgres://ann:"+secret+"@127.0.0.1:1/db")
	for args, want := range map[string]string{
		"serve --help":               "--database-url",
		"key list --help":            "--database-url",
		"serve --data x":             "--data and --database-url exclude each other",
		"serve --memory":             "--memory and --database-url exclude each other",
		"key list --data x":          "--data and --database-url exclude each other",
		"serve --addr 127.0.0.1:0":   "127.0.0.1:1",
		"key list":                   "--database-url: ",
		"jwt mint --user ann":        "--database-url: ",
		"jwt verify a.b.c":           "ISOJOT_DATABASE_URL: ",
		"serve --nothing":            "nothing",
		"serve --data postgres://a/": "exclude each other",
	} {
		code, stdout, stderr := runFor(t, strings.Fields(args)...)
		if said := stdout + stderr; strings.Contains(said, secret) || !strings.Contains(said, want) || (code == 0) != strings.HasSuffix(args, "--help") {
			t.Errorf("%s: code %d, %s, want %q", args, code, said, want)
		}
	}
	if err := os.Unsetenv("ISOJOT_DATABASE_URL"); err != nil { // Setenv above sees to its end
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"serve --data postgres://ann:" + secret + "@h/db":                                        "use --database-url",
		"serve --addr 127.0.0.1:0 --database-url mysql://ann:" + secret + "@h/db":                "does not begin with postgres://",
		"serve --addr 127.0.0.1:0 --database-url postgres://ann:" + secret + "@h/db --lease 1ms": "Lease is 1ms",
		"serve --database-url postgres://ann:" + secret + "@127.0.0.1:1/db extra":                "takes no arguments",
		"serve --database-url postgres://ann:" + secret + "@h/db --lease whatever":               "lease",
	} {
		if code, stdout, stderr := runFor(t, strings.Fields(args)...); code == 0 || strings.Contains(stdout+stderr, secret) || !strings.Contains(stderr, want) {
			t.Errorf("%s: code %d, %s%s", args, code, stdout, stderr)
		}
	}
}
