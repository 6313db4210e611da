package server

import (
	"database/sql"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
)

// While the database is away, requests that need it are told to come back, and
// so is who asks for its health. When it is back, everything works again by
// itself: requests, and executions that were asked for before.
func TestInstancesSurviveARestartOfTheDatabase(t *testing.T) {
	t.Parallel()
	cluster := pgtest.NewCluster(t)
	database := cluster.NewDatabase(t)
	log := &lockedBuffer{}
	b := newBlock()
	f := newFixture(t, withKey, noLimits, withFunctions(Function{ID: "echo", Handler: &seen{}, Execute: anyone}), func(o *Options) {
		o.Memory, o.DatabaseURL = false, database
		o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	f.useRunner("echo", b)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	later := f.execute(202, "echo", byTestKey, `{"async":true,"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`).text("$id")
	runs := f.execute(202, "echo", nil, `{"async":true}`).text("$id")
	<-b.begun

	cluster.Crash()
	away := func(method, path string, h headers) {
		t.Helper()
		scenario{status: 503, kind: "isojot_database_unavailable", header: headers{"Retry-After": "1"}}.check(t, f.do(method, path, h, "{}"))
	}
	away("GET", "/v1/account", token(jwt))
	away("GET", "/v1/health/db", byTestKey)
	away("POST", "/v1/account/jwts", session(store))
	away("GET", "/_isojot/health", headers{"X-Appwrite-Project": "", "Host": "10.0.0.7"}) // as a load balancer asks
	f.must(200, "GET", "/v1/health/version", nil, "")
	close(b.goOn) // what runs ends, and cannot be stored yet

	cluster.Run(t)
	f.eventually(200, "GET", "/v1/health/db", byTestKey)
	f.must(200, "GET", "/_isojot/health", nil, "")
	f.eventually(200, "GET", "/v1/account", token(jwt))
	f.jwt(store)
	if a := f.settled("echo", runs); a.text("status") != "completed" {
		t.Errorf("what ran meanwhile is %s", a.Body)
	}
	f.advance(time.Hour)
	if a := f.settled("echo", later); a.text("status") != "completed" {
		t.Errorf("what was scheduled is %s", a.Body)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	if said := log.String(); !strings.Contains(said, "cannot be reached") || strings.Contains(said, password) {
		t.Errorf("the log is %s", said)
	}
}

// Who asks for the health of a database that says nothing is told so soon.
func TestInstancesTellOfASilentDatabase(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Memory, o.DatabaseURL = false, pgtest.New(t) })
	f.must(200, "GET", "/_isojot/health", nil, "")
	other, err := sql.Open("pgx", f.options.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := other.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.Exec("LOCK TABLE projects IN ACCESS EXCLUSIVE MODE")
	}
	if err != nil {
		t.Fatal(err)
	}
	f.must(503, "GET", "/_isojot/health", nil, "")
	if err := errors.Join(tx.Rollback(), other.Close()); err != nil {
		t.Error(err)
	}
	f.eventually(200, "GET", "/_isojot/health", nil)
}

// eventually repeats a request until it is answered so: that the database
// could not be reached holds for a moment.
func (f *fixture) eventually(status int, method, path string, h headers) {
	f.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if f.do(method, path, h, "").Code == status {
			return
		}
	}
	f.must(status, method, path, h, "")
}
