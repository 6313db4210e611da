package server

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"

	"github.com/isojot/isojot/internal/store"
)

// holdLock keeps everybody from writing, until it is released or the test ends,
// as another program does.
func (f *fixture) holdLock() (release func()) {
	f.t.Helper()
	driver, source, lock := "sqlite3", "file:"+filepath.Join(f.options.DataDir, store.FileName)+"?_txlock=immediate", ""
	if f.options.DatabaseURL != "" {
		driver, source, lock = "pgx", f.options.DatabaseURL, "LOCK TABLE users, sessions, limit_hits IN EXCLUSIVE MODE"
	}
	other, err := sql.Open(driver, source)
	if err != nil {
		f.t.Fatal(err)
	}
	tx, err := other.BeginTx(context.Background(), nil)
	if err == nil && lock != "" {
		_, err = tx.Exec(lock)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	release = sync.OnceFunc(func() {
		if err := errors.Join(tx.Rollback(), other.Close()); err != nil {
			f.t.Error(err)
		}
	})
	f.t.Cleanup(release)
	return release
}

// onDisk keeps the data where others can get at it.
func onDisk(t *testing.T) func(*Options) {
	dir := t.TempDir()
	return func(o *Options) { o.Memory, o.DataDir = false, dir }
}

// While nobody can write, everything can be read as before, though it cannot be
// noted that the user was here. It is noted when that is possible again.
func TestReadsDoNotFailWhileNobodyCanWrite(t *testing.T) {
	t.Parallel()
	f := newFixture(t, onDisk(t), withKey, withFunctions(Function{ID: "echo", Handler: &seen{}, Execute: anyone}))
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	jwt := f.jwt(ann)
	before := f.must(200, "GET", "/v1/account", session(ann), "").text("accessedAt")
	f.advance(accessPeriod + time.Minute)
	release := f.holdLock()
	a := f.must(200, "GET", "/v1/account", session(ann), "")
	if a.text("accessedAt") != before {
		t.Errorf("accessedAt is %s, but is stored as %s", a.text("accessedAt"), before)
	}
	wildcard := regexp.MustCompile(`\{\w+\}`)
	for name, ep := range endpoints() {
		_, path, _ := strings.Cut(ep.pattern, " ")
		if !ep.reads || name == "health.getTime" { // which is always a fault
			continue
		}
		path = "/v1" + wildcard.ReplaceAllString(path, "echo")
		for who, h := range map[string]headers{"a session": session(ann), "a JWT": token(jwt), "a guest": nil, "a key": byTestKey.with(session(ann))} {
			if a := f.do("GET", path, h, ""); a.Code >= 500 {
				t.Errorf("%s for %s: %d %s", path, who, a.Code, a.Body)
			}
		}
	}
	release()
	for end := time.Now().Add(time.Minute); f.must(200, "GET", "/v1/account", session(ann), "").text("accessedAt") == before; time.Sleep(accessPause / 20) {
		if time.Now().After(end) {
			t.Fatal("it is never noted")
		}
	}
}

// What fails is tried by one request in each pause.
func TestAttempts(t *testing.T) {
	t.Parallel()
	var a attempts
	allowed := func(want int, when string) {
		t.Helper()
		n := 0
		for range 2 {
			if a.try() {
				n++
			}
		}
		if n != want {
			t.Errorf("%s %d of 2 may try, want %d", when, n, want)
		}
	}
	allowed(2, "before it fails")
	a.ended(false)
	allowed(0, "when it has just failed")
	a.next.Store(1) // long ago
	allowed(1, "after the pause")
	a.ended(true)
	allowed(2, "when it has succeeded")
}
