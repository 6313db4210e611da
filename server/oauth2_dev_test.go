package server

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func withDev(o *Options) {
	o.Dev = &Dev{Token: "0123456789abcdef"}
}

// In development mode there is a provider in which everybody on this machine signs in
// as whom they say.
func TestToyProvider(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withDev)
	v := f.visitor()
	v.remote = "127.0.0.1:1234"
	location := v.start("sessions", "dev", "success", okURL, "failure", noURL)
	if !strings.HasPrefix(location, "http://localhost:7519/_isojot/oauth2/authorize?") {
		t.Fatalf("the browser is sent to %s", location)
	}
	page := v.visit(location)
	scenario{status: 200, want: []string{"This is no real provider"}}.check(t, page)
	form := url.Values{}
	for _, field := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(page.Body.String(), -1) {
		form.Set(field[1], strings.ReplaceAll(field[2], "&amp;", "&"))
	}
	sign := func(changes ...string) string {
		for i := 0; i < len(changes); i += 2 {
			form.Set(changes[i], changes[i+1])
		}
		a := v.send("POST", "/_isojot/oauth2/authorize", form.Encode())
		if a.Code != 303 {
			t.Fatalf("the form: %d %s", a.Code, a.Body)
		}
		a = v.visit(a.Header().Get("Location"))
		return v.visit(a.Header().Get("Location")).Header().Get("Location")
	}
	if got := sign("email", "ann@example.com", "name", "Ann", "verified", "true", "answer", "yes"); got != okURL+"#" {
		t.Fatalf("ends at %s", got)
	}
	scenario{status: 200, want: []string{`"email":"ann@example.com"`, `"emailVerification":true`, `"name":"Ann"`}}.check(t, v.account())

	for name, change := range map[string]func(*visitor){
		"another machine":     func(v *visitor) { v.remote = "192.0.2.7:1234" },
		"another host":        func(v *visitor) { v.origin = "http://evil.example" },
		"another site's form": func(v *visitor) { v.site = "cross-site" },
	} {
		w := f.visitor()
		w.referer = ""
		w.remote = "127.0.0.1:1234"
		change(w)
		if a := w.send("POST", "/_isojot/oauth2/authorize", form.Encode()); a.Code != 403 {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	proxied := f.do("GET", "/_isojot/oauth2/authorize", headers{"RemoteAddr": "127.0.0.1:1234", "X-Forwarded-For": "192.0.2.7"}, "")
	if proxied.Code != 403 {
		t.Errorf("by a proxy: %d", proxied.Code)
	}
	form.Set("redirect_uri", "http://evil.example/v1/account/sessions/oauth2/callback/dev/demo")
	if a := v.send("POST", "/_isojot/oauth2/authorize", form.Encode()); a.Code != 400 {
		t.Errorf("another server's callback: %d %v", a.Code, a.Header())
	}
	if a := v.visit("/_isojot/oauth2/token"); a.Code != 404 {
		t.Errorf("its endpoint for tokens answers others: %d", a.Code)
	}

	// Refusing comes back, too.
	u, err := url.Parse(v.start("sessions", "dev", "success", okURL, "failure", noURL))
	if err != nil {
		t.Fatal(err)
	}
	form.Set("redirect_uri", u.Query().Get("redirect_uri"))
	if got := sign("state", u.Query().Get("state"), "answer", "no"); failure(t, got) != "user_oauth2_provider_error" {
		t.Errorf("refused: %s", got)
	}
}

// Without development mode there is none.
func TestNoToyProvider(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	v := f.visitor()
	if a := v.visit("/v1/account/sessions/oauth2/dev?project=demo"); a.Code != 400 {
		t.Errorf("start: %d", a.Code)
	}
	if a := v.visit("/_isojot/oauth2/authorize"); a.Code != 404 {
		t.Errorf("its page: %d", a.Code)
	}
}
