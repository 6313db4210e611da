// Package isojottest starts an Appwrite-compatible server for a test: in
// process, in memory, on a port of its own, with a clock that the test moves.
//
//	srv := isojottest.NewServer(t)
//	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com", Password: "password123"})
//	client, err := isojot.NewClient(srv.URL, srv.Project)
//
// Every server is its own, so tests can run in parallel. It ends with the
// test. Passwords are hashed at a cost that is far too low for anything but
// tests.
package isojottest

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/clock"
	"github.com/isojot/isojot/server"
)

// Server is a running server. Its methods fail the test instead of returning
// errors, and may be called by the test's own goroutine only, except for Now.
type Server struct {
	// URL is the endpoint for clients: http://127.0.0.1:<port>/v1.
	URL string
	// Project is the id of the project.
	Project string
	// Handler is the server without its listener.
	Handler http.Handler

	t     testing.TB
	srv   *server.Server
	clock *clock.Clock
	read  map[string]string // the message read last, by channel and receiver
}

// User is a user to create by Seed.
type User struct {
	// ID is 1 to 36 of a-z, A-Z, 0-9, period, hyphen and underscore, the
	// first a letter or digit; "" makes one.
	ID string
	// Email is a valid address.
	Email string
	// Password has 8 to 256 bytes; "" means DefaultPassword.
	Password string
	// Name has at most 128 characters; it may be empty.
	Name string
}

// DefaultPassword is the password of users that are seeded without one.
const DefaultPassword = "password123"

// Option changes how NewServer sets the server up.
type Option func(*server.Options)

// WithProject sets the project's id; it must be in lower case. Without it, it
// is server.DefaultProject.
func WithProject(id string) Option { return func(o *server.Options) { o.Project = id } }

// WithProjects makes further projects, or says what holds for one alone.
func WithProjects(projects ...server.Project) Option {
	return func(o *server.Options) { o.Projects = append(o.Projects, projects...) }
}

// WithLimits sets the preset of rate limits. Without it, it is
// server.LimitsClassic, as in production. What is limited by address (sign-up,
// sign-out and others) is not, since all requests come from this machine.
func WithLimits(l server.Limits) Option { return func(o *server.Options) { o.Limits = l } }

// WithAllowOrigin accepts requests of pages of further origins, URLs or hosts.
func WithAllowOrigin(origins ...string) Option {
	return func(o *server.Options) { o.AllowOrigins = append(o.AllowOrigins, origins...) }
}

// WithFunctions lets callers execute functions: http.Handlers of the test, or
// what else server.Function runs.
func WithFunctions(functions ...server.Function) Option {
	return func(o *server.Options) { o.Functions = append(o.Functions, functions...) }
}

// cheapPassword is the lowest cost of argon2id.
var cheapPassword = server.PasswordCost{MemoryKiB: 8, Time: 1, Threads: 1}

// NewServer starts a server that ends with the test.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	c := clock.New(nil)
	// Dev also takes the test's own requests out of the limits by address.
	dev := &server.Dev{Clock: c, Token: rand.Text()}
	// The address is known before the server, since functions are told it.
	listener := httptest.NewUnstartedServer(nil)
	endpoint := "http://" + listener.Listener.Addr().String() + "/v1"
	o := server.Options{Memory: true, Dev: dev, PasswordCost: cheapPassword, Endpoint: endpoint, Outbox: true}
	for _, opt := range opts {
		opt(&o)
	}
	srv, err := server.New(t.Context(), o)
	if err != nil {
		listener.Close()
		t.Fatalf("isojottest: %v", err)
	}
	listener.Config.Handler = srv
	listener.Start()
	t.Cleanup(func() {
		srv.Drain()
		listener.Close() // waits for requests under way
		if err := srv.Close(); err != nil {
			t.Errorf("isojottest: %v", err)
		}
	})
	return &Server{URL: endpoint, Project: srv.Info().Project, Handler: srv, t: t, srv: srv, clock: c, read: map[string]string{}}
}

// Now is the time the server's clock shows.
func (s *Server) Now() time.Time { return s.clock.Now() }

// Advance moves the server's clock forward, which all expiries and limits
// follow; the client's clock is another one.
func (s *Server) Advance(d time.Duration) {
	s.t.Helper()
	s.check("Advance", s.clock.Advance(d))
}

// SetTime makes the server's clock show t and go on from there.
func (s *Server) SetTime(t time.Time) {
	s.t.Helper()
	s.check("SetTime", s.clock.Set(t))
}

// Freeze stops the server's clock; Advance and SetTime still move it.
func (s *Server) Freeze() { s.clock.Freeze() }

// Seed creates users and returns their ids.
func (s *Server) Seed(users ...User) []string {
	s.t.Helper()
	var ids []string
	for _, u := range users {
		if u.Password == "" {
			u.Password = DefaultPassword
		}
		id, err := s.srv.CreateUser(context.Background(), server.NewUser(u))
		s.check("Seed "+u.Email, err)
		ids = append(ids, id)
	}
	return ids
}

// CreateSession signs a user in without a password and returns what stands
// for the session: the argument of isojot.WithSession, the value of
// X-Appwrite-Session and of the cookie.
func (s *Server) CreateSession(userID string) string {
	s.t.Helper()
	secret, err := s.srv.CreateSession(context.Background(), userID)
	s.check("CreateSession "+userID, err)
	return secret
}

// CreateKey makes an API key of the project with some scopes, or with all of
// them (server.Scopes) when none are named: the argument of isojot.WithKey,
// the value of X-Appwrite-Key.
func (s *Server) CreateKey(scopes ...string) string {
	s.t.Helper()
	key, _, err := s.srv.Keys().Create(context.Background(), s.Project, server.NewKey{Scopes: scopes})
	s.check("CreateKey", err)
	return key
}

// BlockUser blocks a user: every request as that user is refused with 403
// user_blocked.
func (s *Server) BlockUser(userID string) {
	s.t.Helper()
	s.check("BlockUser "+userID, s.srv.SetUserStatus(context.Background(), userID, false))
}

// UnblockUser lets a blocked user in again.
func (s *Server) UnblockUser(userID string) {
	s.t.Helper()
	s.check("UnblockUser "+userID, s.srv.SetUserStatus(context.Background(), userID, true))
}

// check fails the test.
func (s *Server) check(what string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("isojottest: %s: %v", what, err)
	}
}
