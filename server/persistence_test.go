package server

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// restart closes the server and starts one on the same data.
func (f *fixture) restart() *fixture {
	f.t.Helper()
	if err := f.Close(); err != nil {
		f.t.Fatal(err)
	}
	o := *f.options
	return newFixture(f.t, func(fresh *Options) {
		clock := fresh.Now
		*fresh = o
		fresh.Now = clock
	})
}

func TestRestartKeepsEverything(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	f := newFixture(t, func(o *Options) { o.Memory, o.DataDir = false, dir })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	var jwt string
	for range 10 {
		jwt = f.jwt(store)
	}
	f = f.restart()
	f.must(200, "GET", "/v1/account", session(store), "")
	f.must(200, "GET", "/v1/account", token(jwt), "")
	f.must(429, "POST", "/v1/account/jwts", session(store), "{}")
	f.signIn("ann")
	f.advance(time.Hour)
	f.must(201, "POST", "/v1/account/jwts", session(store), "{}")

	f.must(204, "DELETE", "/v1/account/sessions/current", session(store), "")
	f = f.restart()
	f.must(401, "GET", "/v1/account", session(store), "")
}

func TestDataIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	f := newFixture(t, func(o *Options) { o.Memory, o.DataDir = false, dir })
	f.signUp("ann")
	secretStore, _ := f.signIn("ann")
	_, secret, _ := decodeStore(secretStore)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		fi, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if fi.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o, want 600", e.Name(), fi.Mode().Perm())
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, leak := range []string{secret, "password123"} {
			if strings.Contains(string(content), leak) {
				t.Errorf("%s holds a secret in clear", e.Name())
			}
		}
	}
	if len(entries) < 2 {
		t.Errorf("only %d files in the data directory", len(entries))
	}
}

func TestEachProjectHasAKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	keys := map[string]bool{}
	for _, project := range []string{"one", "two", "one"} {
		f := newFixture(t, func(o *Options) { o.Memory, o.DataDir, o.Project = false, dir, project })
		key, err := f.Keys().SigningKey(t.Context(), project)
		if err != nil {
			t.Fatal(err)
		}
		if len(key) < 32 {
			t.Errorf("the key of %s has %d bytes", project, len(key))
		}
		keys[string(key)] = true
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(keys) != 2 {
		t.Errorf("two projects have %d keys", len(keys))
	}
}

// A server lives longer than the context it was started with.
func TestContextBoundsTheStartOnly(t *testing.T) {
	t.Parallel()
	for _, memory := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		s, err := New(ctx, Options{Memory: memory, DataDir: t.TempDir(), PasswordCost: cheap})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := s.CreateUser(t.Context(), NewUser{ID: "ann", Email: "ann@example.com", Password: "password123"}); err != nil {
			t.Errorf("after the start: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		o    Options
		want string
	}{
		{"no data", Options{}, "set Options.DataDir, or Options.Memory"},
		{"data is a file", Options{DataDir: file}, "making the data directory"},
		{"capitals", Options{Memory: true, Project: "Demo"}, `use "demo"`},
		{"bad project", Options{Memory: true, Project: "a b"}, "use 1 to 36 of a-z"},
		{"long project", Options{Memory: true, Project: strings.Repeat("a", 37)}, "use 1 to 36 of a-z"},
		{"console", Options{Memory: true, Project: "console"}, "reserved"},
		{"name of another cookie", Options{Memory: true, Project: "demo_legacy"}, "ends in _legacy"},
		{"origin", Options{Memory: true, AllowOrigins: []string{"https://a.example/path"}}, `the allowed origin "https://a.example/path" has more than a scheme, a host and a port`},
		{"limits", Options{Memory: true, Limits: 7}, "use LimitsClassic, LimitsAppwrite10, LimitsAppwrite19 or LimitsOff"},
		{"proxy", Options{Memory: true, TrustedProxies: []string{"10.0.0.0/33"}}, `the trusted proxy "10.0.0.0/33" is not valid: use a network`},
		{"rules", Options{Memory: true, Projects: []Project{{ID: "p", Rules: Rules{Disabled: []AuthMethod{"sms"}}}}}, `the rules of project "p": there is no way of signing in "sms"`},
		{"algorithm", Options{Memory: true, Projects: []Project{{ID: "p", JWTAlgorithm: "none"}}}, `the JWTs of project "p": there is no algorithm "none": use HS256`},
		{"short token", Options{Memory: true, Dev: &Dev{Token: "short"}}, "use at least 16 random ones"},
		{"password cost", Options{Memory: true, PasswordCost: PasswordCost{MemoryKiB: 1, Time: 1, Threads: 1}}, "PasswordCost: password: memory = 1 KiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := New(t.Context(), tt.o)
			if s != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New = %v, %v, want an error with %q", s, err, tt.want)
			}
		})
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.AllowOrigins = []string{"app.example.com"} })
	got := f.Info()
	data := "memory"
	if f.db.Shared() {
		data = f.db.Target()
	}
	if got.Project != "demo" || got.Data != data || got.Dev || got.Page ||
		got.Limits != "classic (JWTs valid 15 minutes, 10 creations per 60 minutes per user)" ||
		strings.Join(got.AllowedOrigins, " ") != "localhost 127.0.0.1 [::1] app.example.com" {
		t.Errorf("Info = %+v", got)
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	id, err := f.CreateUser(t.Context(), NewUser{Email: "Ann@example.com", Password: "password123"})
	if err != nil || len(id) != 20 {
		t.Fatalf("CreateUser = %q, %v", id, err)
	}
	secret, err := f.CreateSession(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	scenario{status: 200, want: []string{`"email":"ann@example.com"`}}.check(t, f.do("GET", "/v1/account", session(secret), ""))
	scenario{status: 200, want: []string{`"provider":"server"`, `"factors":["server"]`}}.check(t, f.do("GET", "/v1/account/sessions/current", session(secret), ""))
	for name, err := range map[string]error{
		"session": func() error { _, err := f.CreateSession(t.Context(), "nobody"); return err }(),
		"status":  f.SetUserStatus(t.Context(), "nobody", false),
	} {
		if err != ErrNoUser {
			t.Errorf("%s of nobody: %v", name, err)
		}
	}
	for want, n := range map[string]NewUser{
		"Invalid `email` param":  {Email: "nope", Password: "password123"},
		"Invalid `userId` param": {ID: "_", Email: "a@example.com", Password: "password123"},
		"already exists":         {Email: "ann@example.com", Password: "password123"},
	} {
		if _, err := f.CreateUser(t.Context(), n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("CreateUser(%+v): %v, want %s", n, err, want)
		}
	}
	if _, err := f.db.User(t.Context(), "demo", "nobody"); err != store.ErrNotFound {
		t.Errorf("a refused user was stored: %v", err)
	}
}
