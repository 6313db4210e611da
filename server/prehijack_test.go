package server

import (
	"strings"
	"testing"
)

// squat signs ann up as somebody does who has not ann@example.com: with a password,
// a verified number, an authenticator, recovery codes, a target, an identity, and a
// token by the server. It returns their session.
func (f *fixture) squat(p *idp) (store, token string) {
	f.t.Helper()
	f.signUp("ann")
	store, _ = f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/phone", session(store), body("phone", phone, "password", "password123"))
	f.must(201, "POST", phonePath, session(store), "{}")
	f.must(200, "PUT", phonePath, session(store), body("userId", "ann", "secret", coded(f.t, nextText(f.t, f, phone))))
	v := f.visitor()
	v.useSession(store)
	if got := v.signIn(p, "mock", person("66", "evil@example.com", true)); got != okURL+"#" {
		f.t.Fatalf("linking ends at %s", got)
	}
	store = v.store()
	f.must(201, "POST", "/v1/users/ann/targets", byTestKey, body("targetId", "unique()", "providerType", "email", "identifier", "evil@example.com"))
	f.enroll(store)
	f.must(201, "POST", "/v1/account/mfa/recovery-codes", session(store), "{}")
	f.must(200, "PATCH", "/v1/account/mfa", session(store), `{"mfa":true}`)
	return store, f.oneTime("ann")
}

// nothingLeft checks that nothing of squat leads to ann any more, or keeps her out.
func (f *fixture) nothingLeft(p *idp, store, token string) {
	f.t.Helper()
	f.run([]scenario{
		{name: "the session", method: "GET", path: "/v1/account", headers: session(store), status: 401, kind: "general_unauthorized_scope"},
		{name: "the password", method: "POST", path: "/v1/account/sessions/email", body: body("email", "ann@example.com", "password", "password123"), status: 401, kind: "user_invalid_credentials"},
		{name: "a token", method: "POST", path: tradePath, body: body("userId", "ann", "secret", token), status: 401, kind: "user_invalid_token"},
		{name: "the user", method: "GET", path: "/v1/users/ann", headers: byTestKey, status: 200,
			want: []string{`"email":"ann@example.com","phone":""`, `"emailVerification":true`, `"phoneVerification":false`, `"mfa":false`}},
		{name: "factors", method: "GET", path: "/v1/users/ann/mfa/factors", headers: byTestKey, status: 200, want: []string{`"totp":false`, `"phone":false`, `"recoveryCode":false`}},
		{name: "targets", method: "GET", path: "/v1/users/ann/targets", headers: byTestKey, status: 200, want: []string{`"total":1,`, `"identifier":"ann@example.com"`}},
		{name: "identities", method: "GET", path: "/v1/users/identities", headers: byTestKey, status: 200, want: []string{`{"total":0,`}},
	})
	if got := f.must(200, "GET", "/v1/users/ann", byTestKey, "").Body.String(); strings.Contains(got, "evil@example.com") {
		f.t.Errorf("the user has targets still: %s", got)
	}
	if got := f.must(201, "POST", phoneCodePath, nil, body("userId", "unique()", "phone", phone)).text("userId"); got == "ann" {
		f.t.Error("the number leads to ann")
	}
	v := f.visitor()
	v.signIn(p, "mock", person("66", "evil@example.com", true))
	if got := v.account().text("$id"); got == "ann" || got == "" {
		f.t.Errorf("the identity leads to %q", got)
	}
}

// Who signed up with another's address keeps nothing there when the address's owner
// shows that it is theirs.
func TestPreHijacking(t *testing.T) {
	t.Parallel()
	const own = "the-owners-own"
	for name, prove := range map[string]func(f *fixture) headers{
		"magic link": func(f *fixture) headers {
			l := f.magic("unique()", "ann@example.com")
			return cookieOf(f.trade(l.Get("userId"), l.Get("secret")))
		},
		"code": func(f *fixture) headers { return cookieOf(f.trade(f.mailedCode("unique()", "ann@example.com"))) },
		"recovery": func(f *fixture) headers {
			wants(f.t, "recovery", f.redeem(f.asked("ann@example.com"), own), 200, "")
			return cookieOf(f.must(201, "POST", "/v1/account/sessions/email", nil, body("email", "ann@example.com", "password", own)))
		},
		"invitation": func(f *fixture) headers {
			f.signUp("bob")
			bob, _ := f.signIn("bob")
			f.must(201, "POST", "/v1/teams", session(bob), `{"teamId":"t","name":"T"}`)
			f.must(201, "POST", "/v1/teams/t/memberships", session(bob), `{"email":"ann@example.com","roles":[],"url":"http://localhost/join"}`)
			in := team{fixture: f}
			return cookieOf(in.accept(in.mailed("ann@example.com"), nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newIDP(t)
			f := newFixture(t, withKey, withOutbox, noLimits, func(o *Options) {
				o.Projects = append(o.Projects, Project{ID: DefaultProject, OAuth2: []OAuth2Provider{p.plain("mock")}, Rules: Rules{KeepSessions: true, PasswordHistory: 5}})
			})
			store, token := f.squat(p)
			owner := prove(f)
			scenario{name: "the owner", status: 200, want: []string{`"$id":"ann"`, `"emailVerification":true`}}.check(t, f.do("GET", "/v1/account", owner, ""))
			f.nothingLeft(p, store, token)
		})
	}
}

// Who is signed in shows by an address nothing that they had not: all stays. So it
// does where the address was verified, and where it is a link that verifies.
func TestProvingAnAddressOfOnesOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox, noLimits, func(o *Options) {
		o.Projects = append(o.Projects, Project{ID: DefaultProject, Rules: Rules{KeepSessions: true}})
	})
	for _, id := range []string{"ann", "bob", "eve", "kim"} {
		f.signUp(id)
	}
	stays := func(id, store, password string) {
		t.Helper()
		f.run([]scenario{
			{name: id + "'s session", method: "GET", path: "/v1/account", headers: session(store), status: 200, want: []string{`"emailVerification":true`}},
			{name: id + "'s password", method: "POST", path: "/v1/account/sessions/email", body: body("email", id+"@example.com", "password", password), status: 201},
		})
	}
	ann, _ := f.signIn("ann")
	l := f.asked("ann@example.com")
	f.must(200, "PUT", recoveryPath, session(ann), body("userId", "ann", "secret", l.Get("secret"), "password", "another-one"))
	stays("ann", ann, "another-one")

	// Another user's session is none.
	eve, _ := f.signIn("eve")
	bob, _ := f.signIn("bob")
	l = f.asked("bob@example.com")
	f.must(200, "PUT", recoveryPath, session(eve), body("userId", "bob", "secret", l.Get("secret"), "password", "another-one"))
	f.run([]scenario{{name: "bob's session", method: "GET", path: "/v1/account", headers: session(bob), status: 401, kind: "general_unauthorized_scope"}})

	f.must(201, "POST", verifyPath, session(eve), body("url", landing))
	l = linked(t, nextMail(t, f, "eve@example.com"))
	f.must(200, "PUT", verifyPath, nil, body("userId", "eve", "secret", l.Get("secret")))
	stays("eve", eve, "password123")
	l = f.magic("unique()", "eve@example.com")
	wants(t, "a magic link", f.trade("eve", l.Get("secret")), 201, "")
	stays("eve", eve, "password123")

	// An invitation that somebody accepts who is signed in.
	kim, _ := f.signIn("kim")
	f.must(201, "POST", "/v1/teams", session(eve), `{"teamId":"t","name":"T"}`)
	f.must(201, "POST", "/v1/teams/t/memberships", session(eve), `{"email":"kim@example.com","roles":[],"url":"http://localhost/join"}`)
	in := team{fixture: f}
	wants(t, "accepting", in.accept(in.mailed("kim@example.com"), session(kim)), 200, "")
	stays("kim", kim, "password123")
}

// A number that somebody gave their account, and nobody has verified, signs its
// owner in to none. Strangers are not told.
func TestPreHijackingByPhone(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	f := newFixture(t, withKey, withOutbox, noLimits, withProviders(p.plain("mock")))
	ask := func(h headers) answer {
		return f.do("POST", phoneCodePath, h, body("userId", "unique()", "phone", phone))
	}
	refused := func(name string) {
		t.Helper()
		a := ask(nil)
		scenario{name: name, status: 201, want: []string{`"userId":"eve","secret":"","expire":`, `"phrase":""`}}.check(t, a)
		wants(t, name+", by a key", ask(byTestKey), 400, "user_phone_not_verified")
		all, err := f.Server.Messages(t.Context(), MessageFilter{Channel: ChannelText, To: phone})
		if err != nil || len(all) != 0 {
			t.Errorf("%s: %d messages, %v", name, len(all), err)
		}
	}
	f.signUp("eve")
	eve, _ := f.signIn("eve")
	f.must(200, "PATCH", "/v1/account/phone", session(eve), body("phone", phone, "password", "password123"))
	refused("an address and a password")
	f.must(200, "PATCH", "/v1/users/eve/email", byTestKey, `{"email":""}`)
	refused("a password")
	f.must(200, "PATCH", "/v1/users/eve/password", byTestKey, `{"password":""}`)
	f.must(200, "PATCH", "/v1/users/eve/email", byTestKey, `{"email":"eve@example.com"}`)
	refused("an address")
	f.must(200, "PATCH", "/v1/users/eve/verification", byTestKey, `{"emailVerification":true}`)
	refused("a verified address")
	v := f.visitor()
	v.signIn(p, "mock", person("9", "eve@example.com", true))
	f.must(200, "PATCH", "/v1/users/eve/email", byTestKey, `{"email":""}`)
	refused("an identity")

	f.must(200, "PATCH", "/v1/users/eve/verification/phone", byTestKey, `{"phoneVerification":true}`)
	ask(nil)
	wants(t, "a verified number", f.trade("eve", coded(t, nextText(t, f, phone))), 201, "")

	// The number alone leads in, unless the account has got more when the code comes.
	const other = "+14155550123"
	f.must(201, "POST", "/v1/users", byTestKey, body("userId", "kim", "phone", other))
	f.must(201, "POST", phoneCodePath, nil, body("userId", "unique()", "phone", other))
	code := coded(t, nextText(t, f, other))
	f.must(200, "PATCH", "/v1/users/kim/email", byTestKey, `{"email":"kim@example.com"}`)
	wants(t, "a code from before", f.trade("kim", code), 401, "user_invalid_token")
	f.must(200, "PATCH", "/v1/users/kim/email", byTestKey, `{"email":""}`)
	wants(t, "the number alone", f.trade("kim", code), 201, "")
}

// Nor does an invitation that is sent to such a number, unless its user accepts it.
func TestInvitationToANumberNobodyVerified(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	invite := func() link {
		f.invite(`"phone":"` + phone + `"`)
		return f.linkOf(nextText(t, f.fixture, phone))
	}
	eve := cookieOf(f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}"))
	f.must(200, "PATCH", "/v1/account/phone", eve, body("phone", phone, "password", "password123"))
	l := invite()
	wants(t, "a guest", f.accept(l, nil), 401, "team_invalid_secret")
	wants(t, "the user", f.accept(l, eve), 200, "")
}
