package isojottest_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
)

// client makes a client of a server.
func client(t *testing.T, srv *isojottest.Server, opts ...isojot.Option) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient(srv.URL, srv.Project, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// createJWT makes a JWT of a session.
func createJWT(t *testing.T, srv *isojottest.Server, session string) string {
	t.Helper()
	jwt, err := client(t, srv, isojot.WithSession(session)).Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	return jwt.JWT
}

// TestQuickStart runs what the example shows.
func TestQuickStart(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com", Name: "Ann"})
	service := client(t, srv, isojot.WithJWT(createJWT(t, srv, srv.CreateSession("ann"))))
	user, err := service.Account.Get(t.Context())
	if err != nil || user.Name != "Ann" {
		t.Errorf("Get = %v, %v", user, err)
	}
	srv.Advance(15 * time.Minute)
	if _, err := service.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUserJWTInvalid) {
		t.Errorf("Get with an expired JWT: %v", err)
	}
}

func TestSeededUsersSignIn(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t, isojottest.WithProject("shop"))
	if srv.Project != "shop" {
		t.Errorf("Project = %q", srv.Project)
	}
	ids := srv.Seed(
		isojottest.User{Email: "ann@example.com"},
		isojottest.User{ID: "bob", Email: "bob@example.com", Password: "another-password"},
	)
	if len(ids) != 2 || ids[0] == "" || ids[1] != "bob" {
		t.Errorf("Seed = %q", ids)
	}
	for _, p := range []isojot.CreateEmailPasswordSession{
		{Email: "ann@example.com", Password: isojottest.DefaultPassword}, {Email: "bob@example.com", Password: "another-password"},
	} {
		if _, err := client(t, srv).Account.CreateEmailPasswordSession(t.Context(), p); err != nil {
			t.Errorf("signing in as %s: %v", p.Email, err)
		}
	}
}

func TestCreateKey(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t, isojottest.WithProjects(server.Project{ID: "other"}))
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	for _, tt := range []struct {
		name, key, method string
		want              int
	}{
		{"all scopes", srv.CreateKey(), "DELETE", 404},
		{"the scope it has", srv.CreateKey("users.read"), "GET", 404},
		{"one it lacks", srv.CreateKey("users.read"), "DELETE", 401},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, srv.URL+"/users/nobody", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Appwrite-Project", srv.Project)
		req.Header.Set("X-Appwrite-Key", tt.key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != tt.want {
			t.Errorf("%s: %d, %v, want %d", tt.name, res.StatusCode, err, tt.want)
		}
	}
}

func TestBlockUser(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	c := client(t, srv, isojot.WithSession(srv.CreateSession("ann")))
	srv.BlockUser("ann")
	if _, err := c.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUserBlocked) {
		t.Errorf("Get of a blocked user: %v", err)
	}
	srv.UnblockUser("ann")
	if _, err := c.Account.Get(t.Context()); err != nil {
		t.Errorf("Get afterwards: %v", err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	classic, off := isojottest.NewServer(t), isojottest.NewServer(t, isojottest.WithLimits(server.LimitsOff))
	for _, srv := range []*isojottest.Server{classic, off} {
		srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
		for range 10 {
			createJWT(t, srv, srv.CreateSession("ann"))
		}
	}
	c := client(t, classic, isojot.WithSession(classic.CreateSession("ann")))
	if _, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{}); !errors.Is(err, isojot.ErrRateLimitExceeded) {
		t.Errorf("the 11th JWT: %v", err)
	}
	createJWT(t, off, off.CreateSession("ann"))
	classic.Advance(time.Hour)
	createJWT(t, classic, classic.CreateSession("ann"))
}

func TestClock(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t)
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	srv.Freeze()
	srv.SetTime(at)
	srv.Advance(time.Second)
	if got := srv.Now(); !got.Equal(at.Add(time.Second)) {
		t.Errorf("Now = %v", got)
	}
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	user, err := client(t, srv, isojot.WithSession(srv.CreateSession("ann"))).Account.Get(t.Context())
	if err != nil || !strings.HasPrefix(fmt.Sprint(user.CreatedAt), "2030-01-01") {
		t.Errorf("Get = %+v, %v", user, err)
	}
}

func TestAllowOrigin(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t, isojottest.WithAllowOrigin("https://app.example.com"))
	for origin, want := range map[string]int{"https://app.example.com": 200, "https://evil.example": 403} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/ping", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		req.Header.Set("X-Appwrite-Project", srv.Project)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", origin, res.StatusCode, want)
		}
	}
}

// Servers are their own, so parallel tests do not meet.
func TestServersAreSeparate(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			srv := isojottest.NewServer(t)
			srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"}) // the same id and e-mail in each
			createJWT(t, srv, srv.CreateSession("ann"))
			srv.Advance(time.Duration(i) * time.Hour)
		})
	}
}

// recorder is a test that notes how it failed.
type recorder struct {
	*testing.T
	fatal string
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = fmt.Sprintf(format, args...)
	panic(r)
}

// failure runs f and returns how it failed.
func failure(t *testing.T, f func(testing.TB)) string {
	r := &recorder{T: t}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		f(r)
	}()
	return r.fatal
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]func(testing.TB){
		"capital letters": func(t testing.TB) { isojottest.NewServer(t, isojottest.WithProject("Shop")) },
		"Invalid `email` param": func(t testing.TB) {
			isojottest.NewServer(t).Seed(isojottest.User{Email: "nope"})
		},
		"no scope \"account\"":          func(t testing.TB) { isojottest.NewServer(t).CreateKey("account") },
		"there is no user with that id": func(t testing.TB) { isojottest.NewServer(t).CreateSession("nobody") },
		"must not be negative":          func(t testing.TB) { isojottest.NewServer(t).Advance(-1) },
	} {
		if got := failure(t, f); !strings.Contains(got, want) {
			t.Errorf("the failure is %q, want it to say %q", got, want)
		}
	}
}
