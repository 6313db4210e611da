package server

import (
	"net/url"
	"strings"
	"testing"
)

// The flow with a session: an account of the provider's word, the session's cookies,
// and what session and identity say of the provider.
func TestOAuth2Session(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	for _, provider := range []OAuth2Provider{p.plain("mock"), p.oidc("mock")} {
		f := newFixture(t, withProviders(provider))
		v := f.visitor()
		location := v.start("sessions", "mock", "success", okURL+"?a=1#x", "failure", noURL, "scopes[0]", "one", "scopes[1]", "two")
		u, err := url.Parse(location)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("scope"); !strings.HasSuffix(got, "email one two") && got != "openid email profile one two" {
			t.Errorf("scope = %q", got)
		}
		if got, want := u.Query().Get("redirect_uri"), "http://localhost:7519/v1/account/sessions/oauth2/callback/mock/demo"; got != want {
			t.Errorf("redirect_uri = %q, want %q", got, want)
		}
		code, state, to := p.grant(location, person("7", "Ann@Example.com", true))
		end := v.back(to, "code", code, "state", state)
		if got := end.Header().Get("Location"); end.Code != 301 || got != okURL+"?a=1#x" || end.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("the browser ends at %d %q", end.Code, got)
		}
		scenario{status: 200, want: []string{`"email":"ann@example.com"`, `"emailVerification":true`, `"name":"User 7"`, `"passwordUpdate":""`, `"providerType":"email"`}}.check(t, v.account())
		scenario{status: 200, want: []string{`"provider":"mock","providerUid":"7","providerAccessToken":"access-`, `"providerAccessTokenExpiry":"2026-08-21T16:42:57.123+00:00","providerRefreshToken":"refresh-`,
			`"current":true,"factors":["email","oauth2"]`}}.check(t, v.visit("/v1/account/sessions/current?project=demo"))
		identities := v.visit("/v1/account/identities?project=demo")
		scenario{status: 200, want: []string{`{"total":1,"identities":[{"$id":"`, `"provider":"mock","providerUid":"7","providerEmail":"ann@example.com","providerAccessToken":"access-`}}.check(t, identities)
		first := v.account().text("$id")

		again := f.visitor()
		if got := again.signIn(p, "mock", person("7", "other@example.com", false)); got != okURL+"#" {
			t.Errorf("the second sign-in ends at %q", got)
		}
		if got := again.account().text("$id"); got != first {
			t.Errorf("the second sign-in is that of user %q, want %q", got, first)
		}
	}
}

// Without URLs of its own an app gets the session by this server's page.
func TestOAuth2DefaultPages(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	code, state, to := p.grant(v.start("sessions", "mock"), person("7", "ann@example.com", true))
	location := v.back(to, "code", code, "state", state).Header().Get("Location")
	const begin = "http://localhost:7519/console/auth/oauth2/success?project=demo&key=a_session_demo&secret="
	if !strings.HasPrefix(location, begin) || !strings.HasSuffix(location, "#") {
		t.Errorf("the browser ends at %q", location)
	}
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	scenario{status: 200, want: []string{`"email":"ann@example.com"`}}.check(t, f.do("GET", "/v1/account", session(u.Query().Get("secret")), ""))
	page := v.visit(location)
	scenario{status: 200, want: []string{"You are signed in", `href="appwrite-callback-demo://?`, "secret="}}.check(t, page)
	scenario{status: 200, want: []string{"The current user has been blocked."}, wantNot: []string{"gift", "javascript"}}.check(t,
		v.visit(`/console/auth/oauth2/failure?project=javascript:&error=`+url.QueryEscape(`{"message":"gift","type":"user_blocked","code":1}`)))
}

// The flow with a token: its secret is wrapped, works once, within a minute, and not
// bare.
func TestOAuth2Token(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	end := func() url.Values {
		code, state, to := p.grant(v.start("tokens", "mock", "success", okURL+"?x=1&userId=mine#f", "failure", noURL), person("7", "ann@example.com", true))
		a := v.back(to, "code", code, "state", state)
		u, err := url.Parse(a.Header().Get("Location"))
		if err != nil || !strings.HasPrefix(a.Header().Get("Location"), okURL+"?x=1&userId=") || u.Fragment != "f" || len(u.Query()["userId"]) != 1 {
			t.Fatalf("the browser ends at %q, %v", a.Header().Get("Location"), err)
		}
		if set := a.Header().Values("Set-Cookie"); len(set) != 1 || !strings.HasPrefix(set[0], "isojot_oauth2_") || !strings.HasSuffix(set[0], "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax") {
			t.Errorf("cookies: %q", set)
		}
		return u.Query()
	}
	trade := func(q url.Values) answer {
		return f.do("POST", "/v1/account/sessions/token", nil, `{"userId":"`+q.Get("userId")+`","secret":"`+q.Get("secret")+`"}`)
	}
	q := end()
	for _, bare := range []string{f.bareSecret(q.Get("secret")), "oauth2:" + f.bareSecret(q.Get("secret"))} {
		scenario{status: 401, kind: "user_invalid_token"}.check(t, trade(url.Values{"userId": q["userId"], "secret": {bare}}))
	}
	scenario{status: 201, want: []string{`"provider":"mock","providerUid":"7","providerAccessToken":"access-`, `"factors":["email","oauth2"]`}}.check(t, trade(q))
	scenario{status: 401, kind: "user_invalid_token", message: "Invalid token passed in the request."}.check(t, trade(q))
	late := end()
	f.advance(oauth2SecretLife)
	scenario{status: 401, kind: "user_invalid_token"}.check(t, trade(late))
}

// A program that asks for the URL of a token flow gets one by which its user's
// browser starts: that one alone can end it.
func TestOAuth2TokenOfAProgram(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")), withKey)
	a := f.must(301, "GET", "/v1/account/tokens/oauth2/mock?"+url.Values{"success": {okURL}, "failure": {noURL}, "scopes[]": {"one"}}.Encode(), byTestKey, "")
	if len(a.Header().Values("Set-Cookie")) != 0 {
		t.Errorf("the program gets a cookie")
	}
	v := f.visitor()
	first := v.visit(a.Header().Get("Location"))
	code, state, to := p.grant(first.Header().Get("Location"), person("7", "ann@example.com", true))
	if got := v.back(to, "code", code, "state", state).Header().Get("Location"); !strings.HasPrefix(got, okURL+"?secret=") {
		t.Errorf("the browser ends at %q", got)
	}
}

// What is asked for wrongly is a page, in Appwrite's order of checks.
func TestOAuth2StartRefuses(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	for _, c := range []struct {
		path, kind, message string
		status              int
	}{
		{"/v1/account/sessions/oauth2/nosuch?project=demo", "general_argument_invalid", "Invalid `provider` param: Value must be one of (amazon, apple, ", 400},
		{"/v1/account/sessions/oauth2/github?project=demo", "project_provider_disabled", "This provider is disabled. Please enable the provider from your Appwrite console to continue.", 412},
		{"/v1/account/tokens/oauth2/github?project=demo", "project_provider_disabled", "This provider is disabled.", 412},
		{"/v1/account/sessions/oauth2/mock?project=demo&success=http%3A%2F%2Fevil.example%2Fx", "general_argument_invalid",
			"Invalid `success` param: Invalid URI. Register your new client (evil.example) as a new Web platform on your project console dashboard", 400},
		{"/v1/account/sessions/oauth2/mock?project=demo&failure=http%3A%2F%2Fevil.example%2Fx", "general_argument_invalid", "Invalid `failure` param: Invalid URI. Register", 400},
		{"/v1/account/sessions/oauth2/mock?project=demo&success=javascript%3Aalert(1)", "general_argument_invalid", "Invalid `success` param: Invalid URI", 400},
		{"/v1/account/sessions/oauth2/mock?project=demo&success=%2F%2Fevil.example", "general_argument_invalid", "Invalid `success` param: Invalid URI", 400},
		{"/v1/account/sessions/oauth2/mock?project=demo&success=http%3A%2F%2Flocalhost%40evil.example", "general_argument_invalid", "Invalid `success` param: Invalid URI", 400},
		{"/v1/account/sessions/oauth2/mock?project=demo&success=appwrite-callback-other%3A%2F%2Fx", "general_argument_invalid", "Invalid `success` param: Invalid URI. Register", 400},
		{"/v1/account/sessions/oauth2/mock?project=demo&scopes=notalist", "general_argument_invalid", "Invalid `scopes` param: Value must a valid array no longer than 100 items and", 400},
		{"/v1/account/sessions/oauth2/mock?project=nosuch", "project_not_found", "Project with the requested ID could not be found.", 404},
		{"/v1/account/sessions/oauth2/callback/nosuch/demo?code=x", "general_argument_invalid", "Invalid `provider` param", 400},
	} {
		a := v.visit(c.path)
		text := strings.NewReplacer("&#39;", "'", "&amp;", "&", "&#34;", `"`, "&#96;", "`").Replace(a.Body.String())
		if a.Code != c.status || a.Header().Get("Content-Type") != "text/html; charset=UTF-8" || !strings.Contains(text, c.message) || !strings.Contains(text, c.kind) || a.Header().Get("Location") != "" {
			t.Errorf("%s: %d %s %s", c.path, a.Code, a.Header(), text)
		}
	}
	if a := v.visit("/v1/account/sessions/oauth2/mock?project=demo&success=appwrite-callback-demo%3A%2F%2Fx"); a.Code != 301 {
		t.Errorf("the scheme of the project's app: %d %s", a.Code, a.Body)
	}
}

// What fails at the provider, or after it, is told to the app.
func TestOAuth2Failures(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock"), p.oidc("issuer")))
	ends := func(name, want string, params ...string) {
		t.Helper()
		v := f.visitor()
		_, state, to := p.grant(v.start("sessions", name, "success", okURL, "failure", noURL+"?y=2"), nil)
		got := v.back(to, append(params, "state", state)...).Header().Get("Location")
		if text, err := url.QueryUnescape(got); err != nil || !strings.HasPrefix(got, noURL+"?y=2&error=") || !strings.Contains(text, want) || !strings.HasSuffix(got, "#") {
			t.Errorf("%s %v: ends at %s, want %s", name, params, text, want)
		}
	}
	ends("mock", `{"message":"The Mock OAuth2 provider returned an error: access_denied: No way","type":"user_oauth2_provider_error","code":424}`, "error", "access_denied", "error_description", "No way")
	ends("mock", `{"message":"Missing OAuth2 code. Please contact the Appwrite team for additional support.","type":"user_oauth2_provider_error","code":424}`)
	ends("mock", `{"message":"Mock couldn't complete sign-in (Invalid token). Please try again.","type":"user_oauth2_provider_failure","code":424}`, "code", "wrong")

	v := f.visitor()
	if got := failure(t, v.signIn(p, "mock", map[string]any{"id": 9})); got != "user_unauthorized" {
		t.Errorf("without an address: %s", got)
	}
	if got := failure(t, v.signIn(p, "mock", map[string]any{"email": "x@example.com"})); got != "user_oauth2_provider_failure" {
		t.Errorf("without an id: %s", got)
	}
	code, state, to := p.grant(v.start("sessions", "mock", "failure", noURL), person("7", "ann@example.com", true))
	p.broken = 503
	if got := failure(t, v.back(to, "code", code, "state", state).Header().Get("Location")); got != "user_oauth2_provider_failure" {
		t.Errorf("a provider that is away: %s", got)
	}
	// One whose issuer is away keeps nobody from starting the server, and is told at once.
	if got := failure(t, v.start("sessions", "issuer", "failure", noURL)); got != "user_oauth2_provider_failure" {
		t.Errorf("an issuer that is away: %s", got)
	}
}

// Starting and ending count against one budget, with anonymous sessions.
func TestOAuth2Limit(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withProviders(p.plain("mock")))
	v := f.visitor()
	for range 50 {
		v.start("sessions", "mock")
	}
	for _, path := range []string{"/v1/account/sessions/oauth2/mock?project=demo", "/v1/account/tokens/oauth2/mock?project=demo", "/v1/account/sessions/oauth2/mock/redirect?project=demo"} {
		if a := v.visit(path); a.Code != 429 || !strings.Contains(a.Body.String(), "general_rate_limit_exceeded") {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}
