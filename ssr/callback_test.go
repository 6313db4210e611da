package ssr_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/ssr"
)

// callbackPages are those by which visitors sign in without a password, verify an
// address, recover and show a second factor: forms and links alone.
func (w *world) callbackPages(mux *http.ServeMux) {
	byClient := func(do func(*isojot.Account, *http.Request) (string, error)) http.HandlerFunc {
		return page(func(v *ssr.Visitor, r *http.Request) (string, error) {
			c, err := v.Client()
			if err != nil {
				return "", err
			}
			text, err := do(c.Account, r)
			return text, ssr.Sort(err)
		})
	}
	mux.HandleFunc("POST /link", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		callback, err := v.CallbackURL(r.Context(), w.app.URL+"/callback?next=%2Fme")
		if err != nil {
			return "", err
		}
		c, err := v.Client()
		if err != nil {
			return "", err
		}
		_, err = c.Account.CreateMagicURLToken(r.Context(), isojot.CreateMagicURLToken{UserID: "unique()", Email: r.FormValue("email"), URL: callback})
		return "look at your mails", err
	}))
	mux.HandleFunc("GET /callback", func(rw http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		_, err := v.SignInByCallback(r.Context())
		switch {
		case errors.Is(err, ssr.ErrOtherBrowser):
			fmt.Fprint(rw, "sign in here?")
		case err != nil:
			http.Error(rw, err.Error(), http.StatusBadRequest)
		default:
			http.Redirect(rw, r, "/whoami", http.StatusSeeOther)
		}
	})
	mux.HandleFunc("GET /whoami", page(func(v *ssr.Visitor, r *http.Request) (string, error) {
		user, err := v.User(r.Context())
		if errors.Is(err, ssr.ErrMoreFactors) {
			return "a second factor, please", nil
		}
		if err != nil {
			return "", err
		}
		return user.Email, nil
	}))
	mux.HandleFunc("POST /code", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		t, err := a.CreateEmailToken(r.Context(), isojot.CreateEmailToken{UserID: "unique()", Email: r.FormValue("email")})
		if err != nil {
			return "", err
		}
		return t.UserID, nil
	}))
	mux.HandleFunc("POST /text", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		t, err := a.CreatePhoneToken(r.Context(), isojot.CreatePhoneToken{UserID: "unique()", Phone: r.FormValue("phone")})
		if err != nil {
			return "", err
		}
		return t.UserID, nil
	}))
	mux.HandleFunc("POST /verify", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		_, err := a.CreateEmailVerification(r.Context(), isojot.CreateEmailVerification{URL: w.app.URL + "/verified"})
		return "sent", err
	}))
	mux.HandleFunc("GET /verified", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		_, err := a.UpdateEmailVerification(r.Context(), isojot.UpdateEmailVerification{UserID: r.FormValue("userId"), Secret: r.FormValue("secret")})
		return "verified", err
	}))
	mux.HandleFunc("POST /forgot", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		_, err := a.CreateRecovery(r.Context(), isojot.CreateRecovery{Email: r.FormValue("email"), URL: w.app.URL + "/reset"})
		return "sent", err
	}))
	mux.HandleFunc("POST /reset", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		_, err := a.UpdateRecovery(r.Context(), isojot.UpdateRecovery{UserID: r.FormValue("userId"), Secret: r.FormValue("secret"), Password: r.FormValue("password")})
		return "changed", err
	}))
	mux.HandleFunc("POST /challenge", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		c, err := a.CreateMFAChallenge(r.Context(), isojot.CreateMFAChallenge{Factor: isojot.AuthenticationFactorEmail})
		if err != nil {
			return "", err
		}
		return c.ID, nil
	}))
	mux.HandleFunc("POST /answer", byClient(func(a *isojot.Account, r *http.Request) (string, error) {
		_, err := a.UpdateMFAChallenge(r.Context(), isojot.UpdateMFAChallenge{ChallengeID: r.FormValue("challenge"), OTP: r.FormValue("code")})
		return "through", err
	}))
}

// path is where a mail's link leads in the program.
func (w *world) path(t *testing.T, m server.Message) string {
	t.Helper()
	if len(m.Links) != 1 || !strings.HasPrefix(m.Links[0], w.app.URL) {
		t.Fatalf("links %q", m.Links)
	}
	return strings.TrimPrefix(m.Links[0], w.app.URL)
}

func TestLinkInTheBrowserThatAsked(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	asked := b.post("/link", "email", "new@example.com")
	if asked.status != http.StatusOK || asked.header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("asking: %d %s, %v", asked.status, asked.body, asked.header)
	}
	c := asked.setCookies(t)["isojot_callback_demo"]
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 3600 {
		t.Fatalf("the cookie is %v", c)
	}
	path := w.path(t, w.NextMail(t, "new@example.com"))
	if strings.Contains(path, c.Value) {
		t.Errorf("%s shows the cookie's secret", path)
	}
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := b.get(path)
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/whoami" {
		t.Fatalf("the callback: %d %s %v", got.status, got.body, got.header)
	}
	if got.header.Get("Referrer-Policy") != "no-referrer" || got.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the callback's header: %v", got.header)
	}
	if ended := got.setCookies(t)["isojot_callback_demo"]; ended == nil || ended.MaxAge >= 0 {
		t.Errorf("the callback's cookie stays: %v", ended)
	}
	if me := b.get("/whoami"); me.body != "new@example.com" {
		t.Errorf("signed in as %d %s", me.status, me.body)
	}
	if again := b.get(path); again.body != "sign in here?" || b.cookie() == "" {
		t.Errorf("the link again: %d %s, cookie %q", again.status, again.body, b.cookie())
	}
}

// TestLinkInAnotherBrowser: nothing happens but by the visitor's own form, and the
// secret still works then.
func TestLinkInAnotherBrowser(t *testing.T) {
	w := newWorld(t)
	asking := w.browser(t)
	asking.post("/link", "email", "new@example.com")
	path := w.path(t, w.NextMail(t, "new@example.com"))
	ann := w.signedIn(t, "ann")
	annAsks := w.browser(t)
	annAsks.post("/link", "email", "ann@example.com") // who has a cookie of another sign-in
	forged := strings.Replace(path, "state=", "state=x", 1)
	for name, try := range map[string]func() answer{
		"no cookie":            func() answer { return w.browser(t).get(path) },
		"signed in":            func() answer { return ann.get(path) },
		"cookie of another":    func() answer { return annAsks.get(path) },
		"no state":             func() answer { return asking.get(strings.Replace(path, "state=", "estate=", 1)) },
		"another state":        func() answer { return asking.get(forged) },
		"two cookies":          func() answer { return asking.get(path, "Cookie", "isojot_callback_demo=x; isojot_callback_demo=y") },
		"of another site":      func() answer { return w.browser(t).get(path, "Sec-Fetch-Site", "cross-site") },
		"a program that HEADs": func() answer { return w.browser(t).do(http.MethodHead, path, nil) },
	} {
		got := try()
		if got.status != http.StatusOK || got.setCookies(t)["a_session_demo"] != nil {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		if got.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: Referrer-Policy %q", name, got.header.Get("Referrer-Policy"))
		}
	}
	ann.sees("ann")
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	other := w.browser(t)
	foreign := other.do(http.MethodPost, "/by-token", url.Values{"user": {q.Get("userId")}, "secret": {q.Get("secret")}}, "Sec-Fetch-Site", "cross-site")
	if foreign.status != http.StatusForbidden {
		t.Errorf("a form of another site: %d %s", foreign.status, foreign.body)
	}
	if in := other.post("/by-token", "user", q.Get("userId"), "secret", q.Get("secret")); in.status != http.StatusOK {
		t.Errorf("the visitor's own form: %d %s", in.status, in.body)
	}
	if me := other.get("/whoami"); me.body != "new@example.com" {
		t.Errorf("signed in as %d %s", me.status, me.body)
	}
}

func TestCallbackURL(t *testing.T) {
	for _, test := range []struct {
		opts          []ssr.Option
		address, want string
	}{
		{nil, "/callback", ""},
		{nil, "//evil.example.com/", ""},
		{nil, "javascript:alert(1)", ""},
		{nil, "https://app.example.com/callback?a=b", "https://app.example.com/callback?a=b&state="},
		{[]ssr.Option{ssr.PublicOrigin("https://app.example.com")}, "/callback", "https://app.example.com/callback?state="},
		{[]ssr.Option{ssr.PublicOrigin("https://app.example.com")}, "//evil.example.com/", ""},
		{[]ssr.Option{ssr.PublicOrigin("https://app.example.com")}, "callback", ""},
	} {
		w := newWorld(t, test.opts...)
		var got string
		var err error
		handler := w.sessions.Middleware(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			v, _ := ssr.FromContext(r.Context())
			got, err = v.CallbackURL(r.Context(), test.address)
		}))
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		if test.want == "" {
			if !errors.Is(err, isojot.ErrInvalidArgument) || got != "" || rec.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: %q, %v, %v", test.address, got, err, rec.Header())
			}
			continue
		}
		if err != nil || !strings.HasPrefix(got, test.want) || len(got) != len(test.want)+43 {
			t.Errorf("%s: %q, %v", test.address, got, err)
		}
		if test.opts != nil && !strings.HasPrefix(rec.Header().Get("Set-Cookie"), "__Host-isojot_callback_demo=") {
			t.Errorf("the cookie is %q", rec.Header().Get("Set-Cookie"))
		}
	}
}

// TestCodes: one form asks, the other answers.
func TestCodes(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	user := b.post("/code", "email", "code@example.com").body
	if wrong := b.post("/by-token", "user", user, "secret", "000000"); wrong.status != http.StatusBadRequest || b.cookie() != "" {
		t.Errorf("a wrong code: %d %s", wrong.status, wrong.body)
	}
	b.post("/by-token", "user", user, "secret", w.NextMail(t, "code@example.com").Codes[0])
	if me := b.get("/whoami"); me.body != "code@example.com" {
		t.Errorf("by mail: %d %s", me.status, me.body)
	}
	b = w.browser(t)
	user = b.post("/text", "phone", "+4930123456").body
	b.post("/by-token", "user", user, "secret", w.NextText(t, "+4930123456").Codes[0])
	b.sees(user)
}

// TestSecondFactor: the session that lacks one is the visitor's, and nobody's user.
func TestSecondFactor(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "ann")
	b.post("/verify")
	if got := b.get(w.path(t, w.NextMail(t, "ann@example.com"))); got.body != "verified" {
		t.Fatalf("the verification: %d %s", got.status, got.body)
	}
	c, err := w.base.With(isojot.WithSession(w.CreateSession("ann")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Account.UpdateMFA(t.Context(), isojot.UpdateMFA{MFA: true}); err != nil {
		t.Fatal(err)
	}
	b = w.browser(t)
	if in := b.post("/in", "email", "ann@example.com", "password", isojottest.DefaultPassword); in.status != http.StatusOK {
		t.Fatalf("the password: %d %s", in.status, in.body)
	}
	session := b.cookie()
	if me := b.get("/whoami"); me.body != "a second factor, please" {
		t.Fatalf("with the password alone: %d %s", me.status, me.body)
	}
	for _, path := range []string{"/token", "/me"} {
		if got := b.get(path); got.status != http.StatusBadRequest || !strings.Contains(got.body, "second factor") {
			t.Errorf("GET %s: %d %s", path, got.status, got.body)
		}
	}
	challenge := b.post("/challenge").body
	if got := b.post("/answer", "challenge", challenge, "code", "000000"); got.status != http.StatusBadRequest {
		t.Errorf("a wrong code: %d %s", got.status, got.body)
	}
	if got := b.post("/answer", "challenge", challenge, "code", w.NextMail(t, "ann@example.com").Codes[0]); got.body != "through" {
		t.Fatalf("the code: %d %s", got.status, got.body)
	}
	if b.cookie() != session {
		t.Error("the session became another")
	}
	b.sees("ann")
}

func TestRecovery(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	if known, unknown := b.post("/forgot", "email", "ann@example.com"), b.post("/forgot", "email", "nobody@example.com"); known.body != unknown.body {
		t.Errorf("who has an account is told: %q, %q", known.body, unknown.body)
	}
	u, err := url.Parse(w.NextMail(t, "ann@example.com").Links[0])
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if got := b.post("/reset", "userId", q.Get("userId"), "secret", q.Get("secret"), "password", "a fresh password"); got.body != "changed" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	b.post("/in", "email", "ann@example.com", "password", "a fresh password")
	b.sees("ann")
}
