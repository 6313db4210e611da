package server

import (
	"fmt"
	"strings"
	"testing"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.must(200, "PATCH", "/v1/users/eve/phone", byTestKey, `{"number":"+14155550111"}`)
	// A known user, by address: the link keeps what the URL had.
	a := f.must(201, "POST", "/v1/teams/t/memberships", f.ann, `{"email":"BOB@example.com","roles":["player","coach"],"url":"http://localhost/join?x=1#f"}`)
	scenario{status: 201, want: []string{`"userId":"bob","userName":"Ann","userEmail":"bob@example.com","userPhone":""`, `"teamId":"t","teamName":"The Team"`,
		`"joined":"","confirm":false,"mfa":false,"userAccessedAt":"","roles":["player","coach"]`}}.check(t, a)
	first := nextMail(t, f.fixture, "bob@example.com")
	if l := f.linkOf(first); l.membership != a.text("$id") || l.user != "bob" || len(l.secret) != 256 {
		t.Errorf("the link says %+v", l)
	}
	if first.Kind != "invitation" || !strings.HasPrefix(first.Links[0], "http://localhost/join?x=1&membershipId="+a.text("$id")+"&userId=bob&secret=") ||
		!strings.HasSuffix(first.Links[0], "&teamId=t&teamName=The+Team#f") {
		t.Errorf("the mail is %s: %s", first.Kind, first.Links)
	}
	// Again: a new secret, and the roles stay.
	f.advance(aWhile)
	again := f.invite(`"userId":"bob"`)
	scenario{status: 201, want: []string{`"$id":"` + a.text("$id") + `"`, `"roles":["player","coach"]`, `"invited":"2026-08-21T12:42:58.123+00:00"`, `"$updatedAt":"2026-08-21T12:42:58.123+00:00"`}}.check(t, again)
	second := f.mailed("bob@example.com")
	if second.secret == f.linkOf(first).secret {
		t.Error("the secret is the same")
	}
	scenario{status: 401, kind: "team_invalid_secret"}.check(t, f.accept(f.linkOf(first), nil))
	// Somebody new gets a user without a password.
	fresh := f.invite(`"email":"new@example.com","name":"New"`)
	scenario{status: 200, want: []string{`"name":"New"`, `"password":null`, `"passwordUpdate":""`, `"email":"new@example.com"`, `"emailVerification":false`, `"targets":[],"accessedAt":""`}}.
		check(t, f.do("GET", "/v1/users/"+fresh.text("userId"), byTestKey, ""))
	if m := nextMail(t, f.fixture, "new@example.com"); m.ToName != "New" {
		t.Errorf("the mail is to %q", m.ToName)
	}
	if a := f.invite(`"email":"newer@example.com"`); a.text("userName") != "newer@example.com" {
		t.Errorf("without a name: %s", a.Body)
	}
	// By phone: a text message, also for somebody new. An e-mail address comes before.
	f.invite(`"phone":"+14155550199"`)
	if text := nextText(t, f.fixture, "+14155550199"); text.Kind != "textInvitation" || len(text.Links) != 1 {
		t.Errorf("the text message is %+v", text)
	}
	f.invite(`"phone":"+14155550111"`)
	noMessage(t, f.fixture, "+14155550111")
	f.mailed("eve@example.com")
	if n := f.total("t"); n != 1 {
		t.Errorf("%d have joined", n)
	}
}

// Appwrite's order of checks, and who may invite.
func TestWhoMayInvite(t *testing.T) {
	t.Parallel()
	f := newTeam(t, func(o *Options) { o.Projects = []Project{{ID: DefaultProject, Rules: Rules{MaxUsers: 4}}} })
	f.join("t", "bob", "player")
	const rest = `"roles":["a"],"url":"http://localhost/join"`
	invite := func(name string, h headers, body string, status int, kind, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/teams/t/memberships", headers: h, body: `{` + body + `}`, status: status, kind: kind, message: message}
	}
	f.run([]scenario{
		invite("guest", nil, `"email":"x@example.com",`+rest, 401, "general_unauthorized_scope", ""),
		invite("stranger", f.eve, `"email":"x@example.com",`+rest, 404, noTeam, ""),
		invite("member", f.bob, `"email":"x@example.com",`+rest, 401, notYours, "User is not allowed to send invitations for this team"),
		// A member learns nothing of who has an account.
		invite("member, unknown user", f.bob, `"userId":"nosuch",`+rest, 401, notYours, "User is not allowed to send invitations for this team"),
		invite("no url", f.ann, `"email":"x@example.com","roles":["a"]`, 400, badArgument, "URL is required"),
		invite("bad host", f.ann, `"email":"x@example.com","roles":["a"],"url":"http://evil.example"`, 400, badArgument, ""),
		invite("nobody", f.ann, rest, 400, badArgument, "At least one of userId, email, or phone is required"),
		invite("bad email", f.ann, `"email":"nope",`+rest, 400, badArgument, "Invalid `email` param: Value must be a valid email address"),
		invite("bad phone", f.ann, `"phone":"123",`+rest, 400, badArgument, ""),
		invite("no roles", f.ann, `"email":"x@example.com","url":"http://localhost/"`, 400, badArgument, `Param "roles" is not optional.`),
		invite("bad role", f.ann, `"email":"x@example.com","roles":["bad role!"],"url":"http://localhost/"`, 400, badArgument,
			"Invalid `roles` param: Value must a valid array no longer than 100 items and Parameter must contain at most 81 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. Can't start with a special char"),
		invite("unknown user", f.ann, `"userId":"nosuch",`+rest, 404, "user_not_found", "User with given userId doesn't exist."),
		invite("userId and email differ", f.ann, `"userId":"eve","email":"x@example.com",`+rest, 409, "user_already_exists", "Given userId and email doesn't match"),
		invite("userId and phone differ", f.ann, `"userId":"eve","phone":"+14155550100",`+rest, 409, "user_already_exists", "Given userId and phone doesn't match"),
		invite("email and phone differ", f.ann, `"email":"eve@example.com","phone":"+14155550100",`+rest, 409, "user_already_exists", "Given email and phone doesn't match"),
		invite("who has joined", f.ann, `"userId":"bob",`+rest, 409, "membership_already_confirmed", "Membership is already confirmed."),
		invite("oneself", f.ann, `"email":"ann@example.com",`+rest, 409, "membership_already_confirmed", ""),
		invite("the last new user", f.ann, `"email":"x@example.com",`+rest, 201, "", ""),
		invite("too many users", f.ann, `"email":"y@example.com",`+rest, 400, "user_count_exceeded", "Project registration is restricted. Contact your administrator for more information."),
		invite("a key may", byTestKey, `"email":"y@example.com","roles":[]`, 201, "", ""),
		invite("a known one", f.ann, `"email":"eve@example.com",`+rest, 201, "", ""),
	})
	noMessage(t, f.fixture, "bob@example.com")
	noMessage(t, f.fixture, "y@example.com")
}

// Blocked users are sent nothing, and nobody learns of it.
func TestBlockedUsersAreNotInvited(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.must(200, "PATCH", "/v1/users/bob/status", byTestKey, `{"status":false}`)
	f.invite(`"email":"bob@example.com"`)
	noMessage(t, f.fixture, "bob@example.com")
	// One who is blocked after the invitation was sent does not come in by it.
	f.invite(`"email":"eve@example.com"`)
	l := f.mailed("eve@example.com")
	f.must(200, "PATCH", "/v1/users/eve/status", byTestKey, `{"status":false}`)
	a := f.accept(l, nil)
	scenario{status: 403, kind: "user_blocked", header: headers{"Set-Cookie": "", "X-Fallback-Cookies": ""}}.check(t, a)
	if n := f.total("t"); n != 1 {
		t.Errorf("%d have joined", n)
	}
}

func TestInvitationsNeedMail(t *testing.T) {
	t.Parallel()
	f := newTeam(t, func(o *Options) { o.Outbox = false })
	f.run([]scenario{
		{name: "session", method: "POST", path: "/v1/teams/t/memberships", headers: f.ann, body: `{"email":"x@example.com","roles":[],"url":"http://localhost/"}`, status: 503, kind: "general_smtp_disabled",
			message: `SMTP is disabled on your Appwrite instance. You can <a href="/docs/email-delivery">learn more about setting up SMTP</a> in our docs.`},
		{name: "key", method: "POST", path: "/v1/teams/t/memberships", headers: byTestKey, body: `{"email":"x@example.com","roles":[]}`, status: 201},
	})
}

// A key takes users in at once, those too who are invited.
func TestKeysTakeUsersIn(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	pending := f.invite(`"email":"bob@example.com"`)
	l := f.mailed("bob@example.com")
	add := func(body string) answer { return f.do("POST", "/v1/teams/t/memberships", byTestKey, body) }
	scenario{status: 201, want: []string{`"$id":"` + pending.text("$id") + `"`, `"joined":"2026-08-21T12:42:57.123+00:00","confirm":true`, `"roles":["player"]`}}.check(t, add(`{"userId":"bob","roles":["x"]}`))
	scenario{status: 401, kind: "team_invalid_secret"}.check(t, f.accept(l, nil)) // which was replaced by none
	scenario{status: 201, want: []string{`"userName":"Keyed"`, `"confirm":true`}}.check(t, add(`{"email":"k@example.com","roles":["x"],"name":"Keyed","url":"http://localhost/"}`))
	scenario{status: 409, kind: "membership_already_confirmed"}.check(t, add(`{"email":"k@example.com","roles":["x"]}`))
	scenario{status: 404, kind: noTeam}.check(t, f.do("POST", "/v1/teams/nosuch/memberships", byTestKey, `{"userId":"bob","roles":[]}`))
	noMessage(t, f.fixture, "k@example.com")
	noMessage(t, f.fixture, "bob@example.com")
	if n := f.total("t"); n != 3 {
		t.Errorf("%d have joined", n)
	}
}

func TestMembershipChanges(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	bob := f.join("t", "bob", "player")
	f.must(201, "POST", "/v1/teams", f.eve, `{"teamId":"eves","name":"Eve's"}`)
	eve := listed(f.must(200, "GET", "/v1/teams/eves/memberships", byTestKey, ""), "memberships", "$id")
	ann := strings.Fields(listed(f.must(200, "GET", "/v1/teams/t/memberships", byTestKey, ""), "memberships", "$id"))[0]
	eveHere := f.join("t", "eve", "player") // Eve, an owner elsewhere
	f.advance(aWhile)
	on := func(name, method, path string, h headers, body string, status int, kind string, want ...string) scenario {
		return scenario{name: name, method: method, path: "/v1/teams/" + path, headers: h, body: body, status: status, kind: kind, want: want}
	}
	f.run([]scenario{
		on("roles by owner", "PATCH", "t/memberships/"+bob, f.ann, `{"roles":["admin","editor"]}`, 200, "", `"userId":"bob"`, `"userEmail":"bob@example.com"`, `"roles":["admin","editor"]`, `"$updatedAt":"2026-08-21T12:42:58.123+00:00"`),
		{name: "by the member", method: "PATCH", path: "/v1/teams/t/memberships/" + bob, headers: f.bob, body: `{"roles":["owner"]}`, status: 401, kind: notYours, message: "User is not allowed to modify roles"},
		on("by key", "PATCH", "t/memberships/"+bob, byTestKey, `{"roles":["viewer"]}`, 200, "", `"roles":["viewer"]`),
		on("none given", "PATCH", "t/memberships/"+bob, f.ann, `{}`, 400, badArgument),
		on("unknown", "PATCH", "t/memberships/nosuch", f.ann, `{"roles":["a"]}`, 404, noMembership),
		// An owner of one team has no say in another, nor over the own membership there.
		on("of another team", "PATCH", "eves/memberships/"+bob, f.eve, `{"roles":["owner"]}`, 404, noMembership),
		on("one's own of another team", "PATCH", "eves/memberships/"+eveHere, f.eve, `{"roles":["owner"]}`, 404, noMembership),
		on("read in another team", "GET", "eves/memberships/"+bob, f.eve, "", 404, noMembership),
		on("delete in another team", "DELETE", "eves/memberships/"+bob, f.eve, "", 404, "team_membership_mismatch"),
		on("key in another team", "DELETE", "eves/memberships/"+bob, byTestKey, "", 404, "team_membership_mismatch"),
		on("delete by member", "DELETE", "t/memberships/"+ann, f.bob, "", 401, notYours),
		on("delete by stranger", "DELETE", "eves/memberships/"+eve, f.bob, "", 404, noTeam),
		// What is changed holds for the next request.
		on("make an owner", "PATCH", "t/memberships/"+bob, f.ann, `{"roles":["owner"]}`, 200, ""),
		on("who acts as one", "PUT", "t", f.bob, `{"name":"Bob's now"}`, 200, ""),
		on("and takes the role away", "PATCH", "t/memberships/"+ann, f.bob, `{"roles":[]}`, 200, "", `"roles":[]`),
		on("from one who has it no more", "PUT", "t", f.ann, `{"name":"Mine"}`, 401, notYours),
		on("the only owner gives it up", "PATCH", "t/memberships/"+bob, f.bob, `{"roles":["x"]}`, 200, ""),
		on("leave", "DELETE", "t/memberships/"+bob, f.bob, "", 204, ""),
		on("which leaves nothing", "GET", "t", f.bob, "", 404, noTeam),
		on("leave again", "DELETE", "t/memberships/"+bob, f.bob, "", 404, "team_invite_not_found"),
		on("by key", "DELETE", "t/memberships/"+ann, byTestKey, "", 204, ""),
		on("get the rest", "GET", "t", f.eve, "", 200, "", `"total":1`),
		{name: "accounts stay", method: "GET", path: "/v1/account", headers: f.bob, status: 200},
	})
	// Who is deleted is in no team.
	f.must(204, "DELETE", "/v1/account", f.eve, "")
	if here, there := f.total("t"), f.total("eves"); here != 0 || there != 0 {
		t.Errorf("%d and %d are in the teams of who was deleted", here, there)
	}
}

func TestListMemberships(t *testing.T) {
	t.Parallel()
	f := newTeam(t)
	f.advance(aWhile)
	bob := f.join("t", "bob", "player", "coach")
	f.advance(aWhile)
	eve := f.invite(`"email":"eve@example.com"`).text("$id")
	f.must(201, "POST", "/v1/teams", f.bob, `{"teamId":"bobs","name":"Bobs"}`)
	const path = "/v1/teams/t/memberships"
	list := func(h headers, path, total, users string) {
		t.Helper()
		a := f.must(200, "GET", path, h, "")
		if got := listed(a, "memberships", "userId"); got != users || fmt.Sprint(a.object["total"]) != total {
			t.Errorf("%s: %v: %q, want %s: %q", path, a.object["total"], got, total, users)
		}
	}
	list(byTestKey, path, "3", "ann bob eve")
	list(f.bob, path, "3", "  ") // what others are, is hidden
	list(byTestKey, path+"?total=false", "3", "ann bob eve")
	list(byTestKey, path+"?total=0", "0", "ann bob eve")
	list(byTestKey, queried(path, q("equal", "confirm", "true")), "2", "ann bob")
	list(byTestKey, queried(path, q("equal", "userId", `"bob","eve"`)), "2", "bob eve")
	list(byTestKey, queried(path, q("contains", "roles", `"player"`)), "2", "bob eve")
	list(byTestKey, queried(path, q("contains", "roles", `"play"`)), "0", "")
	list(byTestKey, queried(path, q("isNull", "joined", ``)), "1", "eve")
	list(byTestKey, queried(path, q("orderDesc", "invited", ``)), "3", "eve bob ann")
	list(byTestKey, queried(path, q("orderDesc", "joined", ``), q("limit", "", "1"), q("cursorAfter", "", `"`+bob+`"`)), "3", "ann")
	list(byTestKey, queried(path, q("orderAsc", "joined", ``)), "3", "eve ann bob")
	list(byTestKey, queried(path, q("equal", "teamId", `"bobs"`)), "0", "")
	list(byTestKey, path+"?search=bob", "1", "bob")
	list(byTestKey, path+"?search="+eve, "1", "eve")
	if a := f.must(200, "GET", path+"?search=eve", f.bob, ""); a.object["total"] != 1.0 {
		t.Errorf("a member's search: %s", a.Body)
	}
	const users = "/v1/users/bob/memberships"
	if a := f.must(200, "GET", users, byTestKey, ""); listed(a, "memberships", "teamName") != "The Team Bobs" || listed(a, "memberships", "userEmail") != "bob@example.com bob@example.com" {
		t.Errorf("of a user: %s", a.Body)
	}
	list(byTestKey, queried(users, q("equal", "teamId", `"t"`)), "1", "bob")
	list(byTestKey, queried(users, q("orderDesc", "$createdAt", ``), q("limit", "", "1"), q("offset", "", "1")), "2", "bob")
	f.run([]scenario{
		{name: "unknown user", method: "GET", path: "/v1/users/nosuch/memberships", headers: byTestKey, status: 404, kind: "user_not_found"},
		{name: "session", method: "GET", path: users, headers: f.bob, status: 401, kind: "general_unauthorized_scope"},
		{name: "guest", method: "GET", path: path, status: 401, kind: "general_unauthorized_scope"},
		{name: "who is invited", method: "GET", path: path, headers: f.eve, status: 404, kind: noTeam},
		{name: "unknown team", method: "GET", path: "/v1/teams/nosuch/memberships", headers: f.ann, status: 404, kind: noTeam},
		{name: "bad query", method: "GET", path: queried(path, q("equal", "nope", `"x"`)), headers: f.ann, status: 400, kind: badArgument},
		{name: "cursor of another team", method: "GET", path: queried(path, q("cursorAfter", "", `"nosuch"`)), headers: f.ann, status: 400, kind: "general_cursor_not_found", message: "Membership 'nosuch' for the 'cursor' value not found."},
		{name: "the newest form", method: "GET", path: path + "/" + bob, headers: byTestKey, status: 200,
			want: []string{`"userId":"bob","userName":"Ann","userEmail":"bob@example.com","userPhone":"","teamId":"t"`, `"mfa":false,"userAccessedAt":"","roles":["player","coach"]}`}},
		{name: "1.9.4", method: "GET", path: path + "/" + bob, headers: headers{"X-Appwrite-Key": testKey, "X-Appwrite-Response-Format": "1.9.4"}, status: 200, want: []string{`"mfa":false`}, wantNot: []string{"userPhone"}},
		{name: "1.4.0", method: "GET", path: path, headers: headers{"X-Appwrite-Key": testKey, "X-Appwrite-Response-Format": "1.4.0"}, status: 200, want: []string{`"userAccessedAt":"2026`}, wantNot: []string{"userPhone", "mfa"}},
	})
}

// What members see of each other is the project's to say, also of themselves.
func TestMembershipPrivacy(t *testing.T) {
	t.Parallel()
	for want, may := range map[string]MembershipPrivacy{
		`"userId":"","userName":"","userEmail":"","userPhone":""`:                                  {MFA: true},
		`"userId":"bob","userName":"","userEmail":"","userPhone":""`:                               {UserID: true},
		`"userId":"","userName":"Ann","userEmail":"","userPhone":""`:                               {UserName: true},
		`"userId":"","userName":"","userEmail":"bob@example.com","userPhone":""`:                   {UserEmail: true},
		`"userId":"","userName":"","userEmail":"","userPhone":"+14155550100"`:                      {UserPhone: true},
		`"userId":"bob","userName":"Ann","userEmail":"bob@example.com","userPhone":"+14155550100"`: {UserID: true, UserName: true, UserEmail: true, UserPhone: true},
	} {
		f := newTeam(t, func(o *Options) { o.Projects = []Project{{ID: DefaultProject, Rules: Rules{MembershipPrivacy: may}}} })
		f.must(200, "PATCH", "/v1/users/bob/phone", byTestKey, `{"number":"+14155550100"}`)
		id := f.join("t", "bob")
		for _, h := range []headers{f.ann, f.bob} {
			for _, path := range []string{"", "/" + id} {
				if a := f.must(200, "GET", "/v1/teams/t/memberships"+path, h, ""); !strings.Contains(a.Body.String(), want) || !strings.Contains(a.Body.String(), `"userAccessedAt":"","roles":[]`) {
					t.Errorf("%+v: %s", may, a.Body)
				}
			}
		}
	}
}
