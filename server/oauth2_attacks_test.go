package server

import (
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// notOurs checks that a sign-in is refused as one that this browser did not begin.
func notOurs(t *testing.T, what string, a answer) {
	t.Helper()
	if a.Code != 400 || !strings.Contains(a.Body.String(), "user_oauth2_bad_request") || a.Header().Get("Location") != "" || strings.Contains(strings.Join(a.Header().Values("Set-Cookie"), " "), "a_session_") {
		t.Errorf("%s: %d %v", what, a.Code, a.Header())
	}
}

// A state works once, for ten minutes, in the browser, the project and at the provider
// that it was made for.
func TestOAuth2State(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock"), p.oidc("other")), noLimits, func(o *Options) {
		o.Projects = append(o.Projects, Project{ID: "second", OAuth2: []OAuth2Provider{p.plain("mock")}})
	})
	ann := person("7", "ann@example.com", true)
	begin := func(v *visitor) (code, state string, to *url.URL) {
		return p.grant(v.start("sessions", "mock", "success", okURL, "failure", noURL), ann)
	}

	v := f.visitor()
	code, state, to := begin(v)
	if got := v.back(to, "code", code, "state", state).Header().Get("Location"); got != okURL+"#" {
		t.Fatalf("ends at %s", got)
	}
	code, _, _ = begin(v)
	notOurs(t, "a state for the second time", v.back(to, "code", code, "state", state))

	// Login CSRF: the attacker's answer in the victim's browser.
	attacker, victim := f.visitor(), f.visitor()
	code, state, to = begin(attacker)
	asked := p.asked
	notOurs(t, "another browser", victim.back(to, "code", code, "state", state))
	_, own, _ := begin(victim)
	notOurs(t, "another browser, which has begun one itself", victim.back(to, "code", code, "state", state))
	if p.asked != asked {
		t.Error("the provider was shown a code that the browser did not ask for")
	}
	// Its refusal takes nothing from the one who began it.
	if got := attacker.back(to, "code", code, "state", state).Header().Get("Location"); got != okURL+"#" {
		t.Errorf("the one who began it ends at %s", got)
	}

	// Code injection: a stolen code in a flow of the attacker's own. PKCE binds it.
	stolen, _, _ := begin(f.visitor())
	if got := failure(t, victim.back(to, "code", stolen, "state", own).Header().Get("Location")); got != "user_oauth2_provider_failure" {
		t.Errorf("a stolen code: %s", got)
	}

	// Mix-up: the state of one provider at another's callback, and in another project.
	code, state, to = begin(v)
	for from, path := range map[string]string{"another provider": strings.Replace(to.Path, "/mock/", "/other/", 1), "another project": strings.Replace(to.Path, "/demo", "/second", 1)} {
		notOurs(t, from, v.back(&url.URL{Path: path}, "code", code, "state", state))
	}
	notOurs(t, "no state", v.back(to, "code", code))
	notOurs(t, "another state", v.back(to, "code", code, "state", strings.Repeat("0", 64)))
	notOurs(t, "Appwrite's own form of a state", v.back(to, "code", code, "state", `{"success":"http://evil.example","failure":"http://evil.example","token":false}`))
	f.advance(oauth2Life - time.Millisecond)
	if got := v.back(to, "code", code, "state", state).Header().Get("Location"); got != okURL+"#" {
		t.Errorf("at the last moment: %s", got)
	}
	code, state, to = begin(v)
	f.advance(oauth2Life)
	notOurs(t, "too late", v.back(to, "code", code, "state", state))
}

// Of many answers with one state at the same moment one is looked at.
func TestOAuth2StateOnceInParallel(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")), noLimits)
	v := f.visitor()
	code, state, _ := p.grant(v.start("sessions", "mock", "success", okURL, "failure", noURL), person("7", "ann@example.com", true))
	cookie := ""
	u, err := url.Parse(v.origin)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.jar.Cookies(u) {
		cookie = c.Name + "=" + c.Value
	}
	var wg sync.WaitGroup
	ended := make(chan string, 20)
	for range cap(ended) {
		wg.Go(func() {
			a := f.do("GET", "/v1/account/sessions/oauth2/mock/redirect?project=demo&code="+code+"&state="+state, headers{"X-Appwrite-Project": "", "Cookie": cookie}, "")
			ended <- a.Header().Get("Location")
		})
	}
	wg.Wait()
	close(ended)
	there := 0
	for location := range ended {
		if location != "" {
			there++
		}
	}
	if there != 1 || p.asked != 1 {
		t.Errorf("%d answers were looked at, and the provider was asked %d times", there, p.asked)
	}
}

// A cookie that a neighbouring host has planted beside the browser's own counts for
// nothing, and by TLS it has a name that none can plant.
func TestOAuth2CookieTossing(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")), func(o *Options) { o.TrustedProxies = []string{"192.0.2.1"} })
	a := f.do("GET", "/v1/account/sessions/oauth2/mock?project=demo", headers{"X-Appwrite-Project": "", "X-Forwarded-Proto": "https"}, "")
	set := a.Header().Get("Set-Cookie")
	if !strings.HasPrefix(set, "__Host-isojot_oauth2_") || !strings.HasSuffix(set, "; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax") {
		t.Errorf("the cookie is %q", set)
	}
	code, state, _ := p.grant(a.Header().Get("Location"), person("7", "ann@example.com", true))
	cookie, _, _ := strings.Cut(set, ";")
	name, value, _ := strings.Cut(cookie, "=")
	back := func(proto, cookies string) answer {
		return f.do("GET", "/v1/account/sessions/oauth2/mock/redirect?project=demo&code="+code+"&state="+state,
			headers{"X-Appwrite-Project": "", "X-Forwarded-Proto": proto, "Cookie": cookies}, "")
	}
	planted := strings.TrimPrefix(name, "__Host-")
	notOurs(t, "a planted cookie", back("https", planted+"="+value))
	notOurs(t, "two that differ", back("https", cookie+"; "+name+"="+strings.Repeat("0", 64)))
	if got := back("https", cookie).Header().Get("Location"); !strings.HasPrefix(got, "https://localhost:7519/console/auth/oauth2/success?") {
		t.Errorf("ends at %q", got)
	}
}

// The ID token has to be of this sign-in, this client and this issuer, and the answer
// has to come from the issuer that was asked.
func TestOAuth2IDToken(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.oidc("issuer")), noLimits)
	ann := person("7", "ann@example.com", true)
	for name, claims := range map[string]map[string]any{
		"another nonce": {"nonce": "x"}, "no nonce": {"nonce": ""}, "another audience": {"aud": "2"}, "another issuer": {"iss": "https://evil.example"},
		"expired": {"exp": time.Now().Add(-time.Minute).Unix()}, "another party": {"azp": "2"}, "several audiences without party": {"aud": []string{"1", "2"}},
		"another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
	} {
		p.claims = claims
		if got := f.visitor().signIn(p, "issuer", ann); failure(t, got) != "user_oauth2_provider_failure" {
			t.Errorf("%s: ends at %s", name, got)
		}
	}
	p.claims = map[string]any{"aud": []string{"1", "2"}, "azp": "1"}
	v := f.visitor()
	if got := v.signIn(p, "issuer", ann); got != okURL+"#" {
		t.Errorf("several audiences: ends at %s", got)
	}
	p.claims = map[string]any{}
	for iss, want := range map[string]string{"https://evil.example": "user_oauth2_provider_failure", p.URL: ""} {
		code, state, to := p.grant(v.start("sessions", "issuer", "success", okURL, "failure", noURL), ann)
		got := v.back(to, "code", code, "state", state, "iss", iss).Header().Get("Location")
		if want == "" && got != okURL+"#" || want != "" && failure(t, got) != want {
			t.Errorf("iss %s: ends at %s", iss, got)
		}
	}
	// One that says that it always names itself.
	q := newIDP(t)
	q.saysIssuer = true
	f = newFixture(t, withProviders(q.oidc("issuer")))
	if got := f.visitor().signIn(q, "issuer", ann); failure(t, got) != "user_oauth2_provider_failure" {
		t.Errorf("without iss: ends at %s", got)
	}
}

// An address that the provider has not verified leads into nobody's account.
func TestOAuth2TakeoverByUnverifiedAddress(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock"), p.oidc("issuer")), noLimits, withKey)
	f.signUp("ann")
	for _, verified := range []string{"false", "true"} {
		f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":`+verified+`}`)
		for _, name := range []string{"mock", "issuer"} {
			v := f.visitor()
			if got := failure(t, v.signIn(p, name, person("7", "ann@example.com", false))); got != "general_bad_request" {
				t.Errorf("%s, verified %s: %s", name, verified, got)
			}
			scenario{status: 401, kind: "general_unauthorized_scope"}.check(t, v.account())
		}
	}
	// A new account's address is no more verified than the provider says.
	v := f.visitor()
	v.signIn(p, "mock", person("8", "bob@example.com", false))
	scenario{status: 200, want: []string{`"email":"bob@example.com"`, `"emailVerification":false`}}.check(t, v.account())
	// Nor does it keep the address's owner from an account.
	owner := f.visitor()
	if got := owner.signIn(p, "issuer", person("9", "bob@example.com", true)); got != okURL+"#" {
		t.Errorf("the owner ends at %s", got)
	}
	scenario{status: 200, want: []string{`"email":"bob@example.com"`, `"emailVerification":true`}}.check(t, owner.account())
	scenario{status: 401, kind: "general_unauthorized_scope"}.check(t, v.account())
	if got := failure(t, f.visitor().signIn(p, "mock", person("8", "bob@example.com", false))); got != "general_bad_request" {
		t.Errorf("whoever came first gets in again: %s", got)
	}
}

// Who signed up with another's address, and never verified it, keeps no access when
// its owner comes.
func TestOAuth2PreHijacking(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock"), p.oidc("issuer")), noLimits, withKey)
	f.signUp("ann") // by an attacker
	stolen, _ := f.signIn("ann")
	attacker := f.visitor()
	attacker.useSession(stolen)
	if got := attacker.signIn(p, "mock", person("66", "evil@example.com", true)); got != okURL+"#" { // links an identity of their own
		t.Fatalf("linking ends at %s", got)
	}
	f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, `{"number":"+12065550100"}`)
	token := f.must(201, "POST", "/v1/users/ann/tokens", byTestKey, `{}`).text("secret")

	owner := f.visitor()
	if got := owner.signIn(p, "issuer", person("7", "ann@example.com", true)); got != okURL+"#" {
		t.Fatalf("the owner ends at %s", got)
	}
	scenario{status: 200, want: []string{`"$id":"ann"`, `"emailVerification":true`, `"phone":""`, `"passwordUpdate":""`}}.check(t, owner.account())
	scenario{status: 200, want: []string{`{"total":1,`, `"providerUid":"7"`}}.check(t, owner.visit("/v1/account/identities?project=demo"))

	scenario{status: 401, kind: "general_unauthorized_scope"}.check(t, attacker.account())
	f.run([]scenario{
		{name: "the session", method: "GET", path: "/v1/account", headers: session(stolen), status: 401, kind: "general_unauthorized_scope"},
		{name: "the password", method: "POST", path: "/v1/account/sessions/email", body: `{"email":"ann@example.com","password":"password123"}`, status: 401, kind: "user_invalid_credentials"},
		{name: "a token", method: "POST", path: "/v1/account/sessions/token", body: `{"userId":"ann","secret":"` + token + `"}`, status: 401, kind: "user_invalid_token"},
	})
	back := f.visitor()
	back.signIn(p, "mock", person("66", "evil@example.com", true))
	if got := back.account().text("$id"); got == "ann" {
		t.Error("the attacker's identity leads to the account still")
	}

	// An account whose address was verified here keeps all it has.
	f.signUp("bob")
	kept, _ := f.signIn("bob")
	f.must(200, "PATCH", "/v1/users/bob/verification", byTestKey, `{"emailVerification":true}`)
	f.visitor().signIn(p, "issuer", person("8", "bob@example.com", true))
	f.must(200, "GET", "/v1/account", session(kept), "")
	f.signIn("bob")
}

// Nor does it keep identities of its own when the owner recovers the account.
func TestIdentitiesOfAPreHijackedAccount(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")), noLimits, withOutbox)
	f.signUp("ann") // by an attacker
	stolen, _ := f.signIn("ann")
	attacker := f.visitor()
	attacker.useSession(stolen)
	attacker.signIn(p, "mock", person("66", "evil@example.com", true))
	f.must(201, "POST", "/v1/account/recovery", nil, `{"email":"ann@example.com","url":"http://localhost/recover"}`)
	scenario{status: 200}.check(t, f.redeem(linked(t, nextMail(t, f, "ann@example.com")), "the-owners-own"))
	again := f.visitor()
	again.signIn(p, "mock", person("66", "evil@example.com", true))
	if got := again.account().text("$id"); got == "ann" || got == "" {
		t.Errorf("the attacker's identity leads to %q", got)
	}
}

// An identity is whom an issuer says it is: another issuer under the same name does
// not lead into its users' accounts.
func TestOAuth2AnotherIssuerOfThatName(t *testing.T) {
	t.Parallel()
	p, q := newIDP(t), newIDP(t)
	f := newFixture(t, withProviders(p.oidc("issuer")))
	f.visitor().signIn(p, "issuer", person("1", "ann@example.com", true))
	if err := f.SetProject(t.Context(), Project{ID: DefaultProject, OAuth2: []OAuth2Provider{q.oidc("issuer")}}); err != nil {
		t.Fatal(err)
	}
	v := f.visitor()
	v.signIn(q, "issuer", person("1", "bob@example.com", true))
	scenario{status: 200, want: []string{`"email":"bob@example.com"`}}.check(t, v.account())
}

// Who is signed in gets the identity, if a page of the project began: a foreign one could
// have signed the browser in at the provider before.
func TestOAuth2Linking(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")), noLimits, withKey)
	f.signUp("ann")
	store, id := f.signIn("ann")
	v := f.visitor()
	v.useSession(store)
	if got := v.signIn(p, "mock", person("7", "else@example.com", true)); got != okURL+"#" {
		t.Fatalf("linking ends at %s", got)
	}
	scenario{status: 200, want: []string{`"$id":"ann"`, `"email":"ann@example.com"`, `"name":"Ann"`}}.check(t, v.account())
	scenario{status: 200, want: []string{`"total":1`}, wantNot: []string{id}}.check(t, v.visit("/v1/account/sessions?project=demo")) // the new one in its place
	scenario{status: 200, want: []string{`"providerEmail":"else@example.com"`}}.check(t, v.visit("/v1/account/identities?project=demo"))

	// Of another user it is refused.
	f.signUp("bob")
	bobs, _ := f.signIn("bob")
	b := f.visitor()
	b.useSession(bobs)
	location := b.signIn(p, "mock", person("7", "else@example.com", true))
	if failure(t, location) != "user_already_exists" || !strings.HasSuffix(location, "#") {
		t.Errorf("another's identity: %s", location)
	}

	for name, foreign := range map[string]func(*visitor){
		"another site's page":                 func(v *visitor) { v.referer, v.site = "https://evil.example/", "cross-site" },
		"another site's page without referer": func(v *visitor) { v.referer, v.site = "", "cross-site" },
		"a neighbour's page":                  func(v *visitor) { v.referer, v.site = "", "same-site" },
		"a link in a mail":                    func(v *visitor) { v.referer, v.site = "", "none" },
		"who knows":                           func(v *visitor) { v.referer, v.site = "", "" },
	} {
		victim := f.visitor()
		mine, _ := f.signIn("bob")
		victim.useSession(mine)
		foreign(victim)
		code, state, to := p.grant(victim.start("sessions", "mock", "success", okURL, "failure", noURL), person("evil"+name, strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")+"@evil.example", true))
		victim.back(to, "code", code, "state", state)
		if list := f.must(200, "GET", "/v1/users/identities", byTestKey, ""); strings.Contains(list.Body.String(), `"userId":"bob"`) {
			t.Errorf("%s gives a user an identity", name)
		}
	}
	for _, good := range []func(*visitor){
		func(v *visitor) { v.referer, v.site = "", "same-origin" },
		func(v *visitor) { v.referer, v.site = "http://127.0.0.1:3000/", "cross-site" },
	} {
		u := f.visitor()
		mine, _ := f.signIn("bob")
		u.useSession(mine)
		good(u)
		u.signIn(p, "mock", person("8", "bob@example.com", true))
		if got := u.account().text("$id"); got != "bob" {
			t.Errorf("linking is that of %q", got)
		}
	}

	// Signed out, or in as another, while at the provider: nobody gets it.
	mine, _ := f.signIn("ann")
	u := f.visitor()
	u.useSession(mine)
	code, state, to := p.grant(u.start("sessions", "mock", "success", okURL, "failure", noURL), person("9", "x@example.com", true))
	u.useSession(bobs)
	if got := failure(t, u.back(to, "code", code, "state", state).Header().Get("Location")); got != "user_unauthorized" {
		t.Errorf("as another: %s", got)
	}
}

// An anonymous user gets address and name with the identity.
func TestOAuth2OfAnonymous(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	f.signUp("bob")
	a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
	v := f.visitor()
	v.useCookies(a)
	if got := failure(t, v.signIn(p, "mock", person("6", "bob@example.com", true))); got != "user_already_exists" {
		t.Errorf("an address that somebody has: %s", got)
	}
	if got := v.signIn(p, "mock", person("7", "ann@example.com", true)); got != okURL+"#" {
		t.Errorf("ends at %s", got)
	}
	scenario{status: 200, want: []string{`"$id":"` + a.text("userId") + `"`, `"email":"ann@example.com"`, `"emailVerification":true`, `"name":"User 7"`}}.check(t, v.account())
	scenario{status: 200, want: []string{`"total":1`}, wantNot: []string{`"anonymous"`}}.check(t, v.visit("/v1/account/sessions?project=demo"))
}

// Blocked users, and sign-ups beyond a project's number of users, are refused.
func TestOAuth2Rules(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withKey, func(o *Options) {
		o.Projects = []Project{{ID: DefaultProject, OAuth2: []OAuth2Provider{p.plain("mock")}, Rules: Rules{MaxUsers: 1, MaxSessions: 1}}}
	})
	v := f.visitor()
	v.signIn(p, "mock", person("7", "ann@example.com", true))
	id := v.account().text("$id")
	if got := failure(t, f.visitor().signIn(p, "mock", person("8", "bob@example.com", true))); got != "user_count_exceeded" {
		t.Errorf("one too many: %s", got)
	}
	w := f.visitor()
	w.signIn(p, "mock", person("7", "ann@example.com", true))
	scenario{status: 401, kind: "general_unauthorized_scope"}.check(t, v.account()) // one session
	scenario{status: 200}.check(t, w.account())
	f.must(200, "PATCH", "/v1/users/"+id+"/status", byTestKey, `{"status":false}`)
	for _, user := range []map[string]any{person("7", "ann@example.com", true), person("9", "ann@example.com", true)} {
		if got := failure(t, f.visitor().signIn(p, "mock", user)); got != "user_blocked" {
			t.Errorf("blocked: %s", got)
		}
	}
}

// A form of the provider, which comes without cookies, is passed on as a link.
func TestOAuth2FormPost(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	user := person("7", "ann@example.com", true)
	delete(user, "name")
	code, state, to := p.grant(v.start("sessions", "mock", "success", okURL, "failure", noURL), user)
	form := url.Values{"code": {code}, "state": {state}, "user": {`{"name":{"firstName":"Ann","lastName":"Lee"}}`}}.Encode()
	a := f.do("POST", to.Path, headers{"X-Appwrite-Project": "", "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://appleid.apple.com"}, form)
	if a.Code != 301 || len(a.Header().Values("Set-Cookie")) != 0 {
		t.Fatalf("the form: %d %v", a.Code, a.Header())
	}
	v.visit(a.Header().Get("Location"))
	scenario{status: 200, want: []string{`"name":"Ann Lee"`}}.check(t, v.account())
	long := f.do("POST", to.Path, headers{"X-Appwrite-Project": "", "Content-Type": "application/x-www-form-urlencoded"}, "code="+strings.Repeat("x", maxCallback))
	if long.Code != 400 {
		t.Errorf("a long form: %d", long.Code)
	}
}

// What a provider gives for its own API is in the database as what nobody can use
// without the client's secret, and not at all for a client without one.
func TestOAuth2TokensAreSealed(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	v.signIn(p, "mock", person("7", "ann@example.com", true))
	id := v.account().text("$id")
	stored, err := f.db.Sessions(t.Context(), DefaultProject, id)
	if err != nil || len(stored) != 1 {
		t.Fatal(stored, err)
	}
	for _, text := range []string{stored[0].ProviderToken.Access, stored[0].ProviderToken.Refresh} {
		if !strings.HasPrefix(text, sealedPrefix) || strings.Contains(text, "access") {
			t.Errorf("stored as %q", text)
		}
	}
	other := p.plain("mock")
	other.ClientSecret = "another"
	if err := f.SetProject(t.Context(), Project{ID: DefaultProject, OAuth2: []OAuth2Provider{other}}); err != nil {
		t.Fatal(err)
	}
	scenario{status: 200, want: []string{`"provider":"mock","providerUid":"7","providerAccessToken":"","providerAccessTokenExpiry":"","providerRefreshToken":""`}}.check(t, v.visit("/v1/account/sessions/current?project=demo"))
	if err := f.SetProject(t.Context(), Project{ID: DefaultProject}); err != nil {
		t.Fatal(err)
	}
	scenario{status: 200, want: []string{`"providerAccessToken":""`}}.check(t, v.visit("/v1/account/identities?project=demo"))
}

// Extending a session renews its provider's tokens; a provider that refuses keeps
// nobody from that.
func TestOAuth2Renewal(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	v.signIn(p, "mock", person("7", "ann@example.com", true))
	before := v.visit("/v1/account/sessions/current?project=demo")
	f.advance(time.Hour)
	renewed := v.patch("/v1/account/sessions/current?project=demo")
	scenario{status: 200, want: []string{`"providerAccessTokenExpiry":"2026-08-21T17:42:57.123+00:00"`}}.check(t, renewed)
	if renewed.text("providerAccessToken") == before.text("providerAccessToken") || p.refreshed != 1 {
		t.Errorf("the tokens are those from before, after %d renewals", p.refreshed)
	}
	p.broken = 500
	f.advance(time.Hour)
	kept := v.patch("/v1/account/sessions/current?project=demo")
	scenario{status: 200, want: []string{`"providerAccessToken":"` + renewed.text("providerAccessToken") + `"`, `"expire":"2027-08-21T14:42:57.123+00:00"`}}.check(t, kept)
}

// No secret of a flow is in the log or the answer to another.
func TestOAuth2LeaksNothing(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	o := p.oidc("issuer")
	o.ClientSecret = "the-secret-of-the-client"
	f := newFixture(t, withProviders(o))
	v := f.visitor()
	got := v.signIn(p, "issuer", person("7", "ann@example.com", true)) // the provider refuses the secret
	if failure(t, got) != "user_oauth2_provider_failure" || strings.Contains(got, "the-secret") {
		t.Errorf("ends at %s", got)
	}
	page := maps.Clone(v.visit("/v1/account/sessions/oauth2/issuer/redirect?project=demo&code=x&state=y").Header())
	if page.Get("Content-Security-Policy") == "" || page.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the page's headers are %v", page)
	}
}
