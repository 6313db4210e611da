package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// signedInBy is the session that an answer gives by the fallback header.
func (f team) signedInBy(a answer) headers {
	f.t.Helper()
	var cookies map[string]string
	if err := json.Unmarshal([]byte(a.Header().Get("X-Fallback-Cookies")), &cookies); err != nil {
		f.t.Fatalf("X-Fallback-Cookies: %v", err)
	}
	return session(cookies[cookieName(f.options.Project)])
}

func TestAccept(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	id := f.invite(`"email":"bob@example.com"`).text("$id")
	l := f.mailed("bob@example.com")
	f.must(201, "POST", "/v1/teams", f.eve, `{"teamId":"eves","name":"Eve's"}`)
	f.advance(aWhile)
	try := func(name, path string, h headers, body string, status int, kind, message string) scenario {
		return scenario{name: name, method: "PATCH", path: "/v1/teams/" + path + "/status", headers: h, body: body, status: status, kind: kind, message: message,
			header: headers{"Set-Cookie": "", "X-Fallback-Cookies": ""}}
	}
	here, right := "t/memberships/"+id, fmt.Sprintf(`{"userId":"bob","secret":%q}`, l.secret)
	f.run([]scenario{
		try("no secret", here, nil, `{"userId":"bob"}`, 400, badArgument, `Param "secret" is not optional.`),
		try("no user", here, nil, fmt.Sprintf(`{"secret":%q}`, l.secret), 400, badArgument, `Param "userId" is not optional.`),
		try("unknown membership", "t/memberships/nosuch", nil, right, 404, noMembership, ""),
		try("unknown team", "nosuch/memberships/"+id, nil, right, 404, noTeam, ""),
		try("another team", "eves/memberships/"+id, nil, right, 404, "team_membership_mismatch", ""),
		try("wrong secret", here, nil, `{"userId":"bob","secret":"wrong"}`, 401, "team_invalid_secret", "The team invitation secret is invalid. Please request a new invitation and try again."),
		try("wrong secret and user", here, nil, `{"userId":"eve","secret":"wrong"}`, 401, "team_invalid_secret", ""),
		try("its hash", here, nil, fmt.Sprintf(`{"userId":"bob","secret":%q}`, strings.Repeat("0", 64)), 401, "team_invalid_secret", ""),
		try("wrong user", here, nil, fmt.Sprintf(`{"userId":"eve","secret":%q}`, l.secret), 401, "team_invite_mismatch", "Invite does not belong to current user ()"),
		try("no such user", here, nil, fmt.Sprintf(`{"userId":"nosuch","secret":%q}`, l.secret), 401, "team_invite_mismatch", ""),
		try("as another", here, f.eve, right, 401, "team_invite_mismatch", "Invite does not belong to current user (eve@example.com)"),
		try("by key", here, byTestKey, right, 401, "general_unauthorized_scope", ""),
	})
	if n := f.total("t"); n != 1 {
		t.Errorf("%d have joined", n)
	}
	a := f.accept(l, nil)
	scenario{status: 200, want: []string{`"userId":"bob","userName":"Ann","userEmail":"bob@example.com"`, `"joined":"2026-08-21T12:42:58.123+00:00","confirm":true`,
		`"userAccessedAt":"","roles":["player"]`}}.check(t, a)
	if n := len(a.Header().Values("Set-Cookie")); n != 2 {
		t.Errorf("%d cookies", n)
	}
	here2 := f.signedInBy(a)
	scenario{status: 200, want: []string{`"provider":"email","providerUid":"bob@example.com"`, `"factors":["email"]`, `"current":true`}}.
		check(t, f.do("GET", "/v1/account/sessions/current", here2, ""))
	scenario{status: 200, want: []string{`"emailVerification":true`}}.check(t, f.do("GET", "/v1/account", here2, ""))
	f.must(200, "GET", "/v1/teams/t", here2, "")
	again := try("again", here, nil, right, 409, "membership_already_confirmed", "Membership is already confirmed.")
	f.run([]scenario{again, try("again with a wrong secret", here, nil, `{"userId":"bob","secret":"x"}`, 401, "team_invalid_secret", "")})
	if n := f.total("t"); n != 2 {
		t.Errorf("%d have joined", n)
	}
	// A user who is signed in gets no other session; a JWT does, too.
	f.invite(`"userId":"eve"`)
	jwt := token(f.jwt(f.eve["X-Appwrite-Session"]))
	scenario{status: 200, header: headers{"Set-Cookie": "", "X-Fallback-Cookies": ""}}.check(t, f.accept(f.mailed("eve@example.com"), jwt))
	scenario{status: 200, want: []string{`"emailVerification":true`}}.check(t, f.do("GET", "/v1/account", f.eve, "")) // the mail went there
}

// Who was new signs in by the invitation, and gets a password without an old one.
func TestAcceptAsNewUser(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.invite(`"email":"new@example.com"`)
	h := f.signedInBy(f.accept(f.mailed("new@example.com"), nil))
	f.must(200, "PATCH", "/v1/account/password", h, `{"password":"password789"}`)
	f.must(201, "POST", "/v1/account/sessions/email", nil, `{"email":"new@example.com","password":"password789"}`)
}

// An invitation signs in who reads what is sent to the user's address, and nobody
// else; it verifies the e-mail address that it was mailed to, and no other.
func TestAcceptIsNoWayAround(t *testing.T) {
	t.Parallel()
	refused := scenario{status: 401, kind: "team_invalid_secret", header: headers{"Set-Cookie": "", "X-Fallback-Cookies": ""},
		message: "The team invitation does not sign in any more. Please sign in and try again, or request a new invitation."}
	for name, change := range map[string]func(f team){
		"another address": func(f team) { f.must(200, "PATCH", "/v1/users/bob/email", byTestKey, `{"email":"bob2@example.com"}`) },
		"no address":      func(f team) { f.must(200, "PATCH", "/v1/users/bob/email", byTestKey, `{"email":""}`) },
		"another password": func(f team) {
			f.must(200, "PATCH", "/v1/account/password", f.bob, `{"password":"password789","oldPassword":"password123"}`)
		},
		"all signed out": func(f team) { f.must(204, "DELETE", "/v1/account/sessions", f.bob, "") },
	} {
		t.Run(name, func(t *testing.T) {
			f := newTeam(t)
			f.invite(`"email":"bob@example.com"`)
			l := f.mailed("bob@example.com")
			change(f)
			refused.check(t, f.accept(l, nil))
			if n := f.total("t"); n != 1 {
				t.Errorf("%d have joined", n)
			}
			// The user may still join, and verifies nothing that has changed.
			scenario{status: 200}.check(t, f.accept(l, session(f.secretOf("bob"))))
			verified := strings.Contains(f.must(200, "GET", "/v1/users/bob", byTestKey, "").Body.String(), `"emailVerification":true`)
			if want := !strings.Contains(name, "address"); verified != want {
				t.Errorf("verified is %v", verified)
			}
		})
	}
	t.Run("a text message", func(t *testing.T) {
		f := newTeam(t)
		f.must(201, "POST", "/v1/users", byTestKey, `{"userId":"kim","phone":"+14155550123"}`)
		f.invite(`"phone":"+14155550123"`)
		l := f.linkOf(nextText(t, f.fixture, "+14155550123"))
		f.must(200, "PATCH", "/v1/users/kim/email", byTestKey, `{"email":"kim@example.com"}`)
		refused.check(t, f.accept(l, nil)) // nobody has verified the number
		f.must(200, "PATCH", "/v1/users/kim/verification/phone", byTestKey, `{"phoneVerification":true}`)
		h := f.signedInBy(f.accept(l, nil))
		scenario{status: 200, want: []string{`"emailVerification":false`, `"phoneVerification":true`}}.check(t, f.do("GET", "/v1/account", h, ""))
		scenario{status: 200, want: []string{`"provider":"phone","providerUid":""`, `"factors":["phone"]`}}.check(t, f.do("GET", "/v1/account/sessions/current", h, ""))
	})
	t.Run("a new invitation", func(t *testing.T) {
		f := newTeam(t)
		f.invite(`"email":"bob@example.com"`)
		f.must(204, "DELETE", "/v1/account/sessions", f.bob, "")
		f.mailed("bob@example.com")
		f.invite(`"email":"bob@example.com"`)
		scenario{status: 200}.check(t, f.accept(f.mailed("bob@example.com"), nil))
	})
}

// secretOf signs a user in by the key, whatever address the user has.
func (f team) secretOf(user string) string {
	f.t.Helper()
	a := f.must(201, "POST", "/v1/users/"+user+"/sessions", byTestKey, "")
	return a.text("secret")
}

// Of many who present one secret at a moment one is let in.
func TestSecretWorksOnce(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.invite(`"email":"bob@example.com"`)
	l := f.mailed("bob@example.com")
	var in, late atomic.Int64
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			switch a := f.accept(l, nil); {
			case a.Code == 200 && a.Header().Get("X-Fallback-Cookies") != "":
				in.Add(1)
			case a.Code == 409 && a.Header().Get("X-Fallback-Cookies") == "":
				late.Add(1)
			default:
				t.Errorf("%d: %s", a.Code, a.Body)
			}
		})
	}
	group.Wait()
	if in.Load() != 1 || late.Load() != 19 || f.total("t") != 2 {
		t.Errorf("%d were let in, %d were late, %d have joined", in.Load(), late.Load(), f.total("t"))
	}
}

// One address that is invited many times at a moment is one user with one
// membership, also where it is to different teams.
func TestInvitationsAtOnce(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.must(201, "POST", "/v1/teams", f.ann, `{"teamId":"other","name":"Other"}`)
	var group sync.WaitGroup
	users := sync.Map{}
	for i := range 12 {
		group.Go(func() {
			a := f.do("POST", "/v1/teams/"+[]string{"t", "other"}[i%2]+"/memberships", f.ann, `{"email":"new@example.com","roles":["a"],"url":"http://localhost/"}`)
			if a.Code != 201 {
				t.Errorf("%d: %s", a.Code, a.Body)
			}
			users.Store(a.text("userId"), true)
		})
	}
	group.Wait()
	n := 0
	users.Range(func(any, any) bool { n++; return true })
	for _, id := range []string{"t", "other"} {
		if a := f.must(200, "GET", "/v1/teams/"+id+"/memberships", byTestKey, ""); n != 1 || a.object["total"] != 2.0 {
			t.Errorf("%d users: %s", n, a.Body)
		}
	}
}

// However users join, leave and go at a moment, the total is that of those who
// are in the team.
func TestTotalsAreExact(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	const users = 12
	links := make([]link, users)
	for i := range users {
		f.invite(fmt.Sprintf(`"email":"u%d@example.com"`, i))
		links[i] = f.mailed(fmt.Sprintf("u%d@example.com", i))
	}
	ok := func(a answer, codes ...int) {
		for _, code := range codes {
			if a.Code == code {
				return
			}
		}
		t.Errorf("%d: %s", a.Code, a.Body)
	}
	var group sync.WaitGroup
	for i, l := range links {
		group.Go(func() { ok(f.accept(l, nil), 200, 404, 401) })
		switch i % 3 {
		case 0:
			group.Go(func() { ok(f.do("DELETE", "/v1/users/"+l.user, byTestKey, ""), 204) })
		case 1:
			group.Go(func() { ok(f.do("DELETE", "/v1/teams/t/memberships/"+l.membership, f.ann, ""), 204) })
		}
		if i%3 == 0 {
			group.Go(func() { ok(f.do("DELETE", "/v1/teams/t/memberships/"+l.membership, byTestKey, ""), 204, 404) })
		}
	}
	group.Wait()
	a := f.must(200, "GET", queried("/v1/teams/t/memberships", q("equal", "confirm", "true")), byTestKey, "")
	if n := f.total("t"); float64(n) != a.object["total"] || n != 1+users/3 {
		t.Errorf("the total is %d, and %v are in the team", n, a.object["total"])
	}
}

// Invitations are limited by who asks, whatever team they are to.
func TestInvitationLimit(t *testing.T) {
	t.Parallel()
	f := newTeam(t, func(o *Options) { o.Limits = LimitsClassic })
	f.must(201, "POST", "/v1/teams", f.ann, `{"teamId":"other","name":"Other"}`)
	invite := func(id string, i int) answer {
		return f.do("POST", "/v1/teams/"+id+"/memberships", f.ann, fmt.Sprintf(`{"email":"u%d@example.com","roles":[],"url":"http://localhost/"}`, i))
	}
	var made, refused atomic.Int64
	var group sync.WaitGroup
	for i := range 25 {
		group.Go(func() {
			switch a := invite([]string{"t", "other"}[i%2], i); a.Code {
			case 201:
				made.Add(1)
			case 429:
				refused.Add(1)
			default:
				t.Errorf("%d: %s", a.Code, a.Body)
			}
		})
	}
	group.Wait()
	if made.Load() != 10 || refused.Load() != 15 {
		t.Errorf("%d invitations were sent, %d refused", made.Load(), refused.Load())
	}
	f.must(201, "POST", "/v1/teams/t/memberships", byTestKey, `{"email":"key@example.com","roles":[]}`)
	f.advance(time.Hour)
	scenario{status: 201, header: headers{"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "9"}}.check(t, invite("t", 99))
}

// Whoever is no owner any more when a change takes place, changes nothing.
func TestMembershipsAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	owners := []string{f.join("t", "bob", "owner"), f.join("t", "eve", "owner")}
	var done atomic.Int64
	var group sync.WaitGroup
	for i, h := range []headers{f.eve, f.bob} { // each takes the role from the other
		group.Go(func() {
			switch a := f.do("PATCH", "/v1/teams/t/memberships/"+owners[i], h, `{"roles":[]}`); a.Code {
			case 200:
				done.Add(1)
			case 401:
			default:
				t.Errorf("%d: %s", a.Code, a.Body)
			}
		})
	}
	group.Wait()
	if done.Load() != 1 {
		t.Errorf("%d of two took the role from each other", done.Load())
	}
}

// Who reads the mail has shown one factor, however often, and is asked for the
// second.
func TestAcceptAsksForTheSecondFactor(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	_, secret := f.protect("kim")
	f.must(200, "PATCH", "/v1/users/kim/verification", byTestKey, `{"emailVerification":true}`)
	f.invite(`"userId":"kim"`)
	h := f.signedInBy(f.accept(f.mailed("kim@example.com"), nil))
	store := h["X-Appwrite-Session"]
	pending := scenario{status: 401, kind: "user_more_factors_required"}
	for _, path := range []string{"/v1/account", "/v1/teams", "/v1/teams/t"} {
		pending.check(t, f.do("GET", path, h, ""))
	}
	pending.check(t, f.do("POST", "/v1/account/jwts", h, "{}"))
	id := f.challenge(store, "email")
	code := nextMail(t, f.fixture, "kim@example.com").Codes[0]
	f.respond(store, id, code)
	pending.check(t, f.do("GET", "/v1/account", h, ""))
	f.advance(aWhile)
	scenario{status: 200}.check(t, f.respond(store, f.challenge(store, "totp"), f.nextCode(secret)))
	f.must(200, "GET", "/v1/teams/t", h, "")
	// Servers that list the team see that the user has one.
	scenario{status: 200, want: []string{`"confirm":true,"mfa":true`}}.check(t, f.do("GET", queried("/v1/teams/t/memberships", q("equal", "userId", `"kim"`)), byTestKey, ""))
}

// An old invitation signs nobody in, but lets who is signed in join.
func TestOldInvitationsSignNobodyIn(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.invite(`"email":"bob@example.com"`)
	old := f.mailed("bob@example.com")
	f.advance(invitationSignsIn + time.Second)
	if a := f.accept(old, nil); a.Code != 401 || a.text("type") != "team_invalid_secret" {
		t.Errorf("a guest: %d %s, want 401 team_invalid_secret", a.Code, a.Body)
	}
	if a := f.accept(old, f.bob); a.Code != 200 {
		t.Errorf("bob: %d %s, want 200", a.Code, a.Body)
	}
	f.invite(`"email":"kim@example.com","name":"Kim"`)
	first := f.mailed("kim@example.com")
	f.advance(invitationSignsIn)
	if a := f.accept(first, nil); a.Code != 200 {
		t.Errorf("within the time: %d %s, want 200", a.Code, a.Body)
	}
}
