package server

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whoever has a user's mailbox alone can make an account at a provider: an identity
// that the address leads to the user shows no second factor.
func TestOAuth2ByAddressIsOneFactor(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withKey, noLimits, withProviders(p.plain("mock")))
	_, totp := f.protect("ann")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	for range 2 { // when it is attached, and later
		v := f.visitor()
		v.signIn(p, "mock", person("new", "ann@example.com", true))
		wants(t, "a session by a new identity", v.account(), 401, pending)
		wants(t, "switching it off", f.do("PATCH", "/v1/account/mfa", session(v.store()), `{"mfa":false}`), 401, pending)
		wants(t, "its JWT", f.do("POST", "/v1/account/jwts", session(v.store()), "{}"), 401, pending)
	}
	v := f.visitor()
	code, state, to := p.grant(v.start("tokens", "mock", "success", okURL, "failure", noURL), person("new", "ann@example.com", true))
	end, err := url.Parse(v.back(to, "code", code, "state", state).Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	traded := f.must(201, "POST", "/v1/account/sessions/token", nil, body("userId", "ann", "secret", end.Query().Get("secret")))
	scenario{status: 201, want: []string{`"factors":["email"]`}}.check(t, traded)

	v = f.visitor()
	v.signIn(p, "mock", person("new", "ann@example.com", true))
	s := v.store()
	raised := f.respond(s, f.challenge(s, "totp"), f.nextCode(totp))
	scenario{status: 200, want: []string{`"factors":["email","totp"]`}}.check(t, raised)
	scenario{status: 200, want: []string{`"$id":"ann"`}}.check(t, f.do("GET", "/v1/account", session(s), ""))
}

// One that the user has linked, or that was there before, shows two.
func TestOAuth2LinkedIsTwoFactors(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withKey, noLimits, withProviders(p.plain("mock")))
	store, _ := f.protect("ann")
	v := f.visitor()
	v.useSession(store)
	v.signIn(p, "mock", person("linked", "else@example.com", true))
	f.signUp("bob")
	f.must(200, "PATCH", "/v1/users/bob/verification", byTestKey, `{"emailVerification":true}`)
	f.visitor().signIn(p, "mock", person("before", "bob@example.com", true))
	bobs, _ := f.signIn("bob")
	f.enroll(bobs)
	f.must(200, "PATCH", "/v1/account/mfa", session(bobs), `{"mfa":true}`)
	for uid, email := range map[string]string{"linked": "else@example.com", "before": "bob@example.com"} {
		v := f.visitor()
		v.signIn(p, "mock", person(uid, email, true))
		scenario{status: 200, want: []string{`"mfa":true`}}.check(t, v.account())
	}
}

// A pending session links nothing.
func TestOAuth2PendingSessionsLinkNothing(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withKey, noLimits, withProviders(p.plain("mock")))
	f.protect("ann")
	store, _ := f.signIn("ann")
	v := f.visitor()
	v.useSession(store)
	a := v.visit("/v1/account/sessions/oauth2/mock?project=demo&success=" + url.QueryEscape(okURL) + "&failure=" + url.QueryEscape(noURL))
	if a.Code == 301 {
		code, state, to := p.grant(a.Header().Get("Location"), person("evil", "evil@example.com", true))
		v.back(to, "code", code, "state", state)
	}
	if list := f.must(200, "GET", "/v1/users/identities", byTestKey, ""); strings.Contains(list.Body.String(), `"userId":"ann"`) {
		t.Errorf("a pending session links an identity: %s", list.Body)
	}
}

// Reading a locale takes a time that grows by the square of its length.
func TestLongLocalesAreNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	long := "de" + strings.Repeat("-u-co", 64<<10/5)
	for name, want := range map[string]string{"de": "Deutschland", "de-" + strings.Repeat("a", 40): "Germany", long: "Germany"} {
		list := f.localeList("countries", "countries", name)
		if got := named(list, "DE"); got != want {
			t.Errorf("by a locale of %d bytes it is %q, not %q", len(name), got, want)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Appwrite-Locale", name)
		if got := (&call{r: r}).locale(); (got == "") != (want == "Germany") {
			t.Errorf("messages take %d bytes for %q", len(name), got)
		}
	}
}
