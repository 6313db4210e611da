package ssr_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/ssr"
)

func TestSignUpSignInSignOut(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.sees("")
	up := b.post("/up", "email", "eve@example.com", "password", "correct horse")
	if up.status != http.StatusOK || up.body == "" {
		t.Fatalf("sign-up: %d %s", up.status, up.body)
	}
	b.sees(up.body)
	first := b.cookie()
	if out := b.post("/out"); out.status != http.StatusOK || b.cookie() != "" {
		t.Errorf("sign-out: %d %s, cookie %q", out.status, out.body, b.cookie())
	}
	b.sees("")
	if w.live(t, first) {
		t.Error("the session lives on")
	}
	if in := b.post("/in", "email", "eve@example.com", "password", "wrong horse"); in.status != http.StatusBadRequest ||
		!strings.Contains(in.body, string(isojot.ErrUserInvalidCredentials)) || b.cookie() != "" {
		t.Errorf("wrong password: %d %s", in.status, in.body)
	}
	if in := b.post("/in", "email", "eve@example.com", "password", "correct horse"); in.body != up.body {
		t.Errorf("sign-in: %d %s", in.status, in.body)
	}
	b.sees(up.body)
}

// TestCookieOfASession: its attributes, its end, and a value that the API's
// server reads too.
func TestCookieOfASession(t *testing.T) {
	for name, test := range map[string]struct {
		opts   []ssr.Option
		secure bool
	}{
		"http":         {nil, false},
		"behind https": {[]ssr.Option{ssr.PublicOrigin("https://app.example.com")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.opts...)
			got := w.browser(t).post("/in", "email", "ann@example.com", "password", isojottest.DefaultPassword)
			cookies := got.setCookies(t)
			c := cookies["a_session_demo"]
			if len(cookies) != 1 || c == nil {
				t.Fatalf("cookies %v", cookies)
			}
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != test.secure {
				t.Errorf("attributes of %s", c)
			}
			year := w.Now().Add(365 * 24 * time.Hour)
			if d := c.Expires.Sub(year).Abs(); d > time.Hour {
				t.Errorf("expires %v, want about %v, as the session", c.Expires, year)
			}
			if strings.ContainsAny(c.Value, "+/=") {
				t.Errorf("%q is not percent-encoded", c.Value)
			}
			secret, err := url.PathUnescape(c.Value)
			if err != nil || !w.live(t, secret) {
				t.Errorf("the API takes %q for nobody's, %v", c.Value, err)
			}
			if cc := got.header.Get("Cache-Control"); cc != "private, no-store" || got.header.Get("Vary") != "Cookie" {
				t.Errorf("Cache-Control %q, Vary %q", cc, got.header.Get("Vary"))
			}
		})
	}
}

func TestCookieIsSecureOverTLS(t *testing.T) {
	w := newWorld(t)
	over := httptest.NewTLSServer(w.app.Config.Handler)
	defer over.Close()
	b := w.browser(t)
	b.app, b.http = over.URL, over.Client()
	c := b.post("/anonymous").setCookies(t)["a_session_demo"]
	if c == nil || !c.Secure {
		t.Errorf("the cookie is %v", c)
	}
}

// TestSignInReplaces: a session that was there ends, whoever planted it, and
// the new one is of the API's making.
func TestSignInReplaces(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	planted := w.CreateSession("bob")
	b.plant(planted)
	b.sees("bob")
	if in := b.post("/in", "email", "ann@example.com", "password", "wrong horse"); in.status != http.StatusBadRequest || !w.live(t, planted) {
		t.Errorf("a failed sign-in: %d, ended the session: %v", in.status, !w.live(t, planted))
	}
	in := b.post("/in", "email", "ann@example.com", "password", isojottest.DefaultPassword)
	if in.body != "ann" || b.cookie() == url.QueryEscape(planted) {
		t.Errorf("sign-in: %d %s", in.status, in.body)
	}
	b.sees("ann")
	if w.live(t, planted) {
		t.Error("the planted session lives on")
	}
}

// TestSignInAfterTheSessionEnded must not fail for the cookie that is left.
func TestSignInAfterTheSessionEnded(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "ann")
	w.Advance(366 * 24 * time.Hour)
	b.sees("")
	if in := b.post("/in", "email", "ann@example.com", "password", isojottest.DefaultPassword); in.body != "ann" {
		t.Errorf("sign-in: %d %s", in.status, in.body)
	}
	b.sees("ann")
}

func TestSignInRemovesTheLegacyCookie(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	old := w.CreateSession("bob")
	u, err := url.Parse(b.app)
	if err != nil {
		t.Fatal(err)
	}
	b.jar.SetCookies(u, []*http.Cookie{{Name: "a_session_demo_legacy", Value: url.QueryEscape(old), Path: "/"}})
	b.sees("bob")
	b.post("/anonymous")
	if names := fmt.Sprint(b.jar.Cookies(u)); strings.Contains(names, "legacy") || b.cookie() == "" {
		t.Errorf("cookies %s", names)
	}
}

func TestOtherWaysToSignIn(t *testing.T) {
	w := newWorld(t)
	anonymous := w.browser(t)
	if in := anonymous.post("/anonymous"); in.status != http.StatusOK {
		t.Fatalf("%d %s", in.status, in.body)
	} else {
		anonymous.sees(in.body)
	}
	b := w.browser(t)
	if in := b.post("/by-token", "user", "ann", "secret", "wrong"); in.status != http.StatusBadRequest ||
		!strings.Contains(in.body, string(isojot.ErrUserInvalidToken)) {
		t.Errorf("a wrong token: %d %s", in.status, in.body)
	}
	if in := b.post("/by-token", "user", "ann", "secret", oneTimeToken(t, w, "ann")); in.body != "ann" {
		t.Errorf("a token: %d %s", in.status, in.body)
	}
	b.sees("ann")
}

// TestSignInAfterTheHeader is refused before a session is made.
func TestSignInAfterTheHeader(t *testing.T) {
	w := newWorld(t)
	h := w.sessions.Middleware(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		fmt.Fprint(rw, "too early")
		if _, err := v.SignInAnonymously(r.Context()); !errors.Is(err, ssr.ErrCookiesReadOnly) {
			t.Errorf("SignIn: %v", err)
		}
		if err := v.SignOut(r.Context()); !errors.Is(err, ssr.ErrCookiesReadOnly) {
			t.Errorf("SignOut: %v", err)
		}
	}))
	session := w.CreateSession("ann")
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.AddCookie(&http.Cookie{Name: "a_session_demo", Value: session})
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if rec.Header()["Set-Cookie"] != nil || !w.live(t, session) {
		t.Errorf("cookies %v", rec.Header()["Set-Cookie"])
	}
}

// TestSignInAndOutInOneRequest: the last one counts.
func TestSignInAndOutInOneRequest(t *testing.T) {
	w := newWorld(t)
	h := w.sessions.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		if _, err := v.SignInAnonymously(r.Context()); err != nil || !v.HasSession() {
			t.Errorf("%v", err)
		}
		if _, err := v.User(r.Context()); err != nil {
			t.Error(err)
		}
		if err := v.SignOut(r.Context()); err != nil || v.HasSession() {
			t.Errorf("%v", err)
		}
		if _, err := v.User(r.Context()); !errors.Is(err, ssr.ErrSignedOut) {
			t.Errorf("after sign-out: %v", err)
		}
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/", nil))
	if got := (answer{header: rec.Header()}).setCookies(t)["a_session_demo"]; got == nil || got.MaxAge >= 0 {
		t.Errorf("the cookie is %v", got)
	}
}

// TestAnotherUserInOneRequest: nothing is left of the one before.
func TestAnotherUserInOneRequest(t *testing.T) {
	w := newWorld(t)
	visit(t, w.sessions, w.CreateSession("bob"), func(v *ssr.Visitor, ctx context.Context) {
		for _, want := range []string{"bob", "ann"} {
			if want == "ann" {
				p := isojot.CreateEmailPasswordSession{Email: "ann@example.com", Password: isojottest.DefaultPassword}
				if _, err := v.SignIn(ctx, p); err != nil {
					t.Fatal(err)
				}
			}
			user, err := v.User(ctx)
			token, badToken := v.Token(ctx)
			if err != nil || badToken != nil || user.ID != want || token.UserID != want {
				t.Errorf("User %+v, %v; Token %+v, %v; want %s's", user, err, token, badToken, want)
			}
			if user, err := must(v.Client()).Account.Get(ctx); err != nil || user.ID != want {
				t.Errorf("Client: %+v, %v; want %s's", user, err, want)
			}
		}
	})
}

// oneTimeToken is what a server makes for a user by API key.
func oneTimeToken(t *testing.T, w *world, user string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/v1/users/"+user+"/tokens", nil)
	r.Header.Set("X-Appwrite-Project", w.Project)
	r.Header.Set("X-Appwrite-Key", w.CreateKey())
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	var made struct{ Secret string }
	if err := json.Unmarshal(rec.Body.Bytes(), &made); err != nil || made.Secret == "" {
		t.Fatalf("%d %s: %v", rec.Code, rec.Body, err)
	}
	return made.Secret
}
