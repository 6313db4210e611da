package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

const page = "http://localhost:7519"

// service is the example before an auth server of its own.
type service struct {
	http.Handler
	auth *isojottest.Server
	log  *bytes.Buffer
}

func newService(t *testing.T) service {
	t.Helper()
	auth := isojottest.NewServer(t)
	s := service{auth: auth, log: &bytes.Buffer{}}
	s.Handler = handlerFor(t, auth.URL, auth.Project, s.log)
	return s
}

func handlerFor(t *testing.T, endpoint, project string, log *bytes.Buffer) http.Handler {
	t.Helper()
	client, err := isojot.NewClient(endpoint, project)
	if err != nil {
		t.Fatal(err)
	}
	return allowOrigins(origins{page}, newHandler(client, slog.New(slog.NewTextHandler(log, nil))))
}

// signedIn makes a user and gives that user's client and JWT.
func (s service) signedIn(t *testing.T, email string) (*isojot.Client, string) {
	t.Helper()
	guest, err := isojot.NewClient(s.auth.URL, s.auth.Project)
	if err != nil {
		t.Fatal(err)
	}
	const password = "analytical-engine"
	if _, err := guest.Account.Create(t.Context(), isojot.CreateAccount{Email: email, Password: password}); err != nil {
		t.Fatal(err)
	}
	session, err := guest.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: email, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	client, err := guest.With(isojot.WithSession(session.Secret))
	if err != nil {
		t.Fatal(err)
	}
	jwt, err := client.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	return client, jwt.JWT
}

// ask sends GET /me with an Authorization header, if one is given.
func ask(t *testing.T, h http.Handler, authorization string) (*http.Response, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/me", nil)
	r.Header.Set("Origin", page)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("the body is not JSON: %v: %s", err, w.Body)
	}
	return w.Result(), body
}

func TestMeAnswersWithTheUserOfTheToken(t *testing.T) {
	s := newService(t)
	_, ada := s.signedIn(t, "ada@example.com")
	_, bob := s.signedIn(t, "bob@example.com")
	for jwt, email := range map[string]string{ada: "ada@example.com", bob: "bob@example.com"} {
		for _, scheme := range []string{"Bearer ", "bearer "} {
			res, body := ask(t, s, scheme+jwt)
			if res.StatusCode != http.StatusOK || body["email"] != email {
				t.Fatalf("got %d %v, want 200 and %s", res.StatusCode, body, email)
			}
			if got := res.Header.Get("Cache-Control"); got != "private, no-store" {
				t.Errorf("Cache-Control is %q", got)
			}
		}
	}
}

func TestMeRefusesWhatIsNoToken(t *testing.T) {
	s := newService(t)
	for name, test := range map[string]struct{ header, challenge string }{
		"nothing":        {"", `Bearer realm="go-server"`},
		"another scheme": {"Basic YTpi", `Bearer realm="go-server"`},
		"empty":          {"Bearer ", `Bearer realm="go-server"`},
		"malformed":      {"Bearer not-a-jwt", `Bearer realm="go-server", error="invalid_token"`},
		"forged": {"Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiJhZGEiLCJzZXNzaW9uSWQiOiIiLCJleHAiOjk5OTk5OTk5OTl9.AAAA",
			`Bearer realm="go-server", error="invalid_token"`},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := ask(t, s, test.header)
			if res.StatusCode != http.StatusUnauthorized || res.Header.Get("WWW-Authenticate") != test.challenge {
				t.Fatalf("got %d, %q", res.StatusCode, res.Header.Get("WWW-Authenticate"))
			}
			if message, _ := body["message"].(string); message == "" {
				t.Errorf("no message in %v", body)
			}
		})
	}
}

func TestMeRefusesATokenWhoseTimeIsOver(t *testing.T) {
	s := newService(t)
	_, jwt := s.signedIn(t, "ada@example.com")
	s.auth.Advance(15 * time.Minute)
	res, body := ask(t, s, "Bearer "+jwt)
	if res.StatusCode != http.StatusUnauthorized || body["type"] != string(isojot.ErrUserJWTInvalid) {
		t.Fatalf("got %d %v, want 401 user_jwt_invalid", res.StatusCode, body)
	}
}

func TestMeRefusesATokenWhoseSessionEnded(t *testing.T) {
	s := newService(t)
	client, jwt := s.signedIn(t, "ada@example.com")
	if err := client.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Fatal(err)
	}
	res, body := ask(t, s, "Bearer "+jwt)
	if res.StatusCode != http.StatusUnauthorized || body["type"] != string(isojot.ErrUnauthorizedScope) {
		t.Fatalf("got %d %v, want 401 general_unauthorized_scope", res.StatusCode, body)
	}
}

func TestMeRefusesABlockedUser(t *testing.T) {
	s := newService(t)
	client, jwt := s.signedIn(t, "ada@example.com")
	user, err := client.Account.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.auth.BlockUser(user.ID)
	res, body := ask(t, s, "Bearer "+jwt)
	if res.StatusCode != http.StatusForbidden || body["type"] != string(isojot.ErrUserBlocked) {
		t.Fatalf("got %d %v, want 403 user_blocked", res.StatusCode, body)
	}
}

func TestMeTellsNothingOfABrokenAuthServer(t *testing.T) {
	const secret = "stack trace of the auth server"
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, secret, http.StatusInternalServerError)
	}))
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	t.Cleanup(broken.Close)
	const jwt = "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiJhZGEiLCJzZXNzaW9uSWQiOiIiLCJleHAiOjk5OTk5OTk5OTl9.AAAA"
	for name, url := range map[string]string{"broken": broken.URL, "down": down.URL} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			res, body := ask(t, handlerFor(t, url+"/v1", "demo", &log), jwt)
			text, _ := body["message"].(string)
			if res.StatusCode != http.StatusBadGateway || strings.Contains(text, secret) || strings.Contains(text, "127.0.0.1") {
				t.Fatalf("got %d %v", res.StatusCode, body)
			}
			if !strings.Contains(log.String(), "level=ERROR") {
				t.Errorf("not logged: %q", log.String())
			}
		})
	}
}

func TestOnlyAllowedPagesMayCall(t *testing.T) {
	s := newService(t)
	for origin, want := range map[string]string{page: page, "https://evil.example": "", "http://localhost": ""} {
		r := httptest.NewRequest(http.MethodOptions, "/me", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Headers", "authorization")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("origin %s: allowed %q, want %q", origin, got, want)
		}
		if w.Code != http.StatusNoContent || w.Header().Get("Vary") != "Origin" {
			t.Errorf("origin %s: %d, Vary %q", origin, w.Code, w.Header().Get("Vary"))
		}
	}
}
