package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/isojot-go-ssr/notes"
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/ssr"
)

// TestSignUpSeeSignOut is the whole of it, by forms alone.
func TestSignUpSeeSignOut(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.get("/").shows(t, http.StatusOK, "/login", "<h1>Sign in</h1>")
	b.get("/signup").shows(t, http.StatusOK, "/signup", "<h1>Create an account</h1>")
	ada := b.signUp("ada@example.com")
	home := b.post("/notes", "text", "  <b>buy</b> punched cards ")
	home.shows(t, http.StatusOK, "/", "&lt;b&gt;buy&lt;/b&gt; punched cards", "Go-http-client", "(here)")
	if home.header.Get("Cache-Control") != "private, no-store" || home.header.Get("Vary") != "Cookie" {
		t.Errorf("%v", home.header)
	}
	b.get("/login").shows(t, http.StatusOK, "/")
	b.post("/logout").shows(t, http.StatusOK, "/login")
	b.get("/").shows(t, http.StatusOK, "/login")
	b.post("/logout").shows(t, http.StatusOK, "/login")

	in := b.post("/login", "email", " ada@example.com", "password", "analytical-engine")
	in.shows(t, http.StatusOK, "/", "punched cards")
	if in.seenAs() != ada || ada == "" {
		t.Errorf("the second service saw %q, want %q", in.seenAs(), ada)
	}
	for _, p := range []page{home, in, b.get("/login")} {
		if strings.Contains(strings.ToLower(p.body), "<script") || !strings.Contains(p.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error("the page has or allows scripts")
		}
	}
}

// TestSecondServiceSeesTheRightUser: two browsers at once, two users.
func TestSecondServiceSeesTheRightUser(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.browser(t), w.browser(t)
	adaID, bobID := ada.signUp("ada@example.com"), bob.signUp("bob@example.com")
	if adaID == bobID {
		t.Fatalf("both are %q", adaID)
	}
	ada.post("/notes", "text", "a note of Ada's")
	bob.post("/notes", "text", "a note of Bob's")
	for range 3 {
		for b, want := range map[*browser]struct{ id, mine, other string }{
			ada: {adaID, "a note of Ada&#39;s", "Bob"}, bob: {bobID, "a note of Bob&#39;s", "Ada"},
		} {
			p := b.get("/")
			p.shows(t, http.StatusOK, "/", want.mine)
			if p.seenAs() != want.id || strings.Contains(p.body, want.other) {
				t.Errorf("the second service saw %q, want %q:\n%s", p.seenAs(), want.id, p.body)
			}
		}
	}
}

// TestOldSession: signed in for longer than a JWT lives. Once with the clock of
// the JWTs here, and once with one that does not see the time pass: then the
// service refuses the JWT, and it is renewed.
func TestOldSession(t *testing.T) {
	w := newWorld(t)
	for name, opts := range map[string][]ssr.Option{
		"same clocks":      {ssr.TokenOptions(isojot.TokenClock(authClock{w.auth, w.auth.Now()}))},
		"different clocks": nil,
	} {
		t.Run(name, func(t *testing.T) {
			// The service remembers for 30 s of its own time that a JWT is good;
			// one that has just started remembers nothing.
			forgetful, err := notes.NewHandler(w.client(t))
			if err != nil {
				t.Fatal(err)
			}
			var service atomic.Value
			service.Store(forgetful)
			front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { service.Load().(http.Handler).ServeHTTP(rw, r) }))
			defer front.Close()
			pages, err := newHandler(w.client(t), front.URL, opts...)
			if err != nil {
				t.Fatal(err)
			}
			app := httptest.NewServer(pages)
			defer app.Close()
			b := w.browser(t)
			b.app = app.URL
			id := b.signUp(strings.ReplaceAll(name, " ", ".") + "@example.com")
			w.auth.Advance(16 * time.Minute)
			if forgetful, err = notes.NewHandler(w.client(t)); err != nil {
				t.Fatal(err)
			}
			service.Store(forgetful)
			p := b.get("/")
			p.shows(t, http.StatusOK, "/", "The owner of")
			if p.seenAs() != id || id == "" {
				t.Errorf("the second service saw %q, want %q:\n%s", p.seenAs(), id, p.body)
			}
		})
	}
}

// TestRevokedSession is out at the next request, though its JWT is in hand.
func TestRevokedSession(t *testing.T) {
	w := newWorld(t)
	for _, next := range []func(*browser) page{
		func(b *browser) page { return b.get("/") },
		func(b *browser) page { return b.post("/notes", "text", "too late") },
	} {
		email := strings.ToLower(t.Name()) + w.auth.Now().Format("150405.000000000") + "@example.com"
		b := w.browser(t)
		b.signUp(email)
		elsewhere := w.browser(t)
		elsewhere.post("/login", "email", email, "password", "analytical-engine").shows(t, http.StatusOK, "/")
		u, err := url.Parse(w.app.URL)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := url.PathUnescape(elsewhere.http.Jar.Cookies(u)[0].Value)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.client(t, isojot.WithSession(secret)).Account.DeleteSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		next(b).shows(t, http.StatusOK, "/login", "<h1>Sign in</h1>")
		elsewhere.post("/login", "email", email, "password", "analytical-engine")
		if p := elsewhere.get("/"); strings.Contains(p.body, "too late") {
			t.Error("the note was kept")
		}
	}
}

// TestFormsSayWhatIsWrong and keep what was typed, but for the password.
func TestFormsSayWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	w.browser(t).signUp("ada@example.com")
	const quoted = `x" onfocus="alert(1)`
	for name, test := range map[string]struct {
		path, email, password string
		status                int
		texts                 []string
	}{
		"wrong password": {"/login", "ada@example.com", "wrong-password", 422, []string{"or the password is wrong", `value="ada@example.com"`}},
		"unknown user":   {"/login", "eve@example.com", "wrong-password", 422, []string{"or the password is wrong"}},
		"no address":     {"/login", quoted, "wrong-password", 422, []string{"valid email address", "x&#34; onfocus=&#34;alert(1)"}},
		"taken":          {"/signup", "ada@example.com", "wrong-password", 422, []string{"an account with this e-mail address already"}},
		"short password": {"/signup", "eve@example.com", "short", 422, []string{">Password must be between 8 and 256"}},
		"too long":       {"/login", "ada@example.com", strings.Repeat("x", maxForm), 400, []string{"too long"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.browser(t).post(test.path, "email", test.email, "password", test.password)
			p.shows(t, test.status, test.path, append(test.texts, `role="alert"`)...)
			if strings.Contains(p.body, test.password) || strings.Contains(p.body, quoted) {
				t.Errorf("the page repeats what it must not:\n%s", p.body)
			}
		})
	}
}

func TestTooManyAttempts(t *testing.T) {
	w := newWorld(t)
	w.auth.Seed(isojottest.User{ID: "ada", Email: "ada@example.com"})
	b := w.browser(t)
	for range 10 {
		b.post("/login", "email", "ada@example.com", "password", "wrong-password").shows(t, 422, "/login")
	}
	p := b.post("/login", "email", "ada@example.com", "password", "wrong-password")
	p.shows(t, http.StatusTooManyRequests, "/login", "too many attempts")
	if p.header.Get("Retry-After") == "" {
		t.Errorf("%v", p.header)
	}
}

// TestOtherSitesSendNothing: a form of another site does nothing, even with the
// user's cookie.
func TestOtherSitesSendNothing(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.signUp("ada@example.com")
	for _, path := range []string{"/notes", "/logout", "/login", "/v1/account/sessions"} {
		p := b.send(http.MethodPost, path, url.Values{"text": {"spam"}}, "https://evil.example")
		p.shows(t, http.StatusForbidden, path, "page of another site")
	}
	if p := b.get("/"); p.path != "/" || strings.Contains(p.body, "spam") {
		t.Errorf("%s:\n%s", p.path, p.body)
	}
}

// TestServersThatAreDown sign nobody out.
func TestServersThatAreDown(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.signUp("ada@example.com")
	w.down.Store(true)
	for _, path := range []string{"/", "/login"} {
		b.get(path).shows(t, http.StatusServiceUnavailable, path, "You are still signed in")
	}
	b.post("/logout").shows(t, http.StatusServiceUnavailable, "/logout")
	w.down.Store(false)
	b.get("/").shows(t, http.StatusOK, "/", "The owner of")
	w.notes.Close()
	b.get("/").shows(t, http.StatusOK, "/", "their service does not answer")
	b.post("/notes", "text", "lost").shows(t, http.StatusUnprocessableEntity, "/notes", "was not kept", ">lost</textarea>")
}

func TestBlockedUser(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	id := b.signUp("ada@example.com")
	w.auth.BlockUser(id)
	b.get("/").shows(t, http.StatusForbidden, "/", "blocked")
	b.get("/login").shows(t, http.StatusOK, "/login")
	b.post("/login", "email", "ada@example.com", "password", "analytical-engine").shows(t, http.StatusForbidden, "/login", "blocked")
}

// TestAPIOnTheSameOrigin takes the session that the form made.
func TestAPIOnTheSameOrigin(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	id := b.signUp("ada@example.com")
	b.get("/v1/account").shows(t, http.StatusOK, "/v1/account", `"$id":"`+id+`"`)
}
