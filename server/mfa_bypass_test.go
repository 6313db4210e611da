package server

import (
	"encoding/json"
	"io"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
)

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// Whatever there is, also what needs nobody to be signed in, is shut to a
// session that lacks its second factor, but for what shows one and the end of the
// session: the list is Appwrite's.
func TestPendingSessionsMayDoNothingElse(t *testing.T) {
	f := newFixture(t, noLimits)
	_, secret := f.protect("ann")
	store, id := f.signIn("ann")
	open := map[string]bool{}
	ask := func(method, path string, ep endpoint) {
		t.Helper()
		if ep.envelope {
			return // each operation in it makes the checks
		}
		a := f.do(method, "/v1"+path, session(store), "{}")
		want := pending
		switch may := ep.scope == nil || slices.ContainsFunc(ep.scope, func(s string) bool { return slices.Contains(userScopes, s) }); {
		case !may: // which no user may, and is refused before
			want = "general_unauthorized_scope"
		case ep.keyOnly:
			want = "user_unauthorized"
		}
		kind := a.text("type")
		if ep.page {
			kind = toldByPage(t, a).Type
		}
		if refused := a.Code == 401 && kind == want; refused == ep.oneFactor {
			t.Errorf("%s %s: %d %s, oneFactor %t", method, path, a.Code, a.Body, ep.oneFactor)
		}
		if ep.oneFactor {
			open[method+" "+path] = true
		}
	}
	for _, ep := range endpoints() {
		for _, p := range append([]string{ep.pattern}, ep.aliases...) {
			method, path, _ := strings.Cut(p, " ")
			ask(method, wildcard.ReplaceAllString(path, "x"), ep)
		}
	}
	for _, ep := range oauth2Endpoints {
		ask("GET", wildcard.ReplaceAllString(ep.path(), "x"), ep)
	}
	ask("GET", "/nosuchroute", unknownRoute)
	want := []string{"DELETE /account/sessions/x", "GET /account/mfa/factors", "POST /account/mfa/challenge", "POST /account/mfa/challenges",
		"PUT /account/mfa/challenge", "PUT /account/mfa/challenges"}
	if got := slices.Sorted(maps.Keys(open)); !slices.Equal(got, want) {
		t.Errorf("open are %v, want %v", got, want)
	}
	for name, h := range map[string]headers{
		"cookie":   {"Cookie": cookieName(f.options.Project) + "=" + store},
		"fallback": {"X-Fallback-Cookies": `{"` + cookieName(f.options.Project) + `":"` + store + `"}`},
	} {
		wants(t, name, f.do("GET", "/v1/account", h, ""), 401, pending)
	}
	wants(t, "the answer", f.respond(store, f.challenge(store, "totp"), f.nextCode(secret)), 200, "")
	f.must(200, "GET", "/v1/account", session(store), "")
	f.must(204, "DELETE", "/v1/account/sessions/"+id, session(store), "")
}

// A refusal for more factors comes after those of a block, and before the
// limit's count.
func TestWherePendingIsChecked(t *testing.T) {
	f := newFixture(t, withKey)
	f.protect("ann")
	store, _ := f.signIn("ann")
	for range 12 {
		a := f.do("POST", "/v1/account/jwts", session(store), "{}")
		wants(t, "a JWT", a, 401, pending)
		if a.Header().Get(headerLimit) != "" {
			t.Fatalf("it was counted: %v", a.Header())
		}
	}
	wants(t, "of a guest", f.do("GET", "/v1/users", session(store), ""), 401, "general_unauthorized_scope")
	f.must(200, "PATCH", "/v1/users/ann/status", byTestKey, `{"status":false}`)
	wants(t, "blocked", f.do("GET", "/v1/account", session(store), ""), 403, "user_blocked")
	wants(t, "blocked, a challenge", f.do("POST", "/v1/account/mfa/challenges", session(store), `{"factor":"totp"}`), 403, "user_blocked")
}

func TestJWTsOfPendingSessions(t *testing.T) {
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	first, firstID := f.signIn("ann")
	second, secondID := f.signIn("ann")
	old := f.jwt(second)
	free, err := f.Keys().CreateJWT(t.Context(), f.options.Project, NewJWT{UserID: "ann", Session: SessionNone})
	if err != nil {
		t.Fatal(err)
	}
	secret := f.enroll(first)
	f.must(200, "PATCH", "/v1/account/mfa", session(first), `{"mfa":true}`)

	for name, jwt := range map[string]string{"a JWT of before": old, "one of no session": free} {
		wants(t, name, f.do("GET", "/v1/account", token(jwt), ""), 401, pending)
		wants(t, name+", to sign off", f.do("DELETE", "/v1/account/sessions", token(jwt), ""), 401, pending)
		_, err := f.Keys().VerifyJWT(t.Context(), f.options.Project, jwt)
		if refusal, ok := err.(*isojot.Error); !ok || refusal.Type != isojot.ErrUserMoreFactorsRequired || refusal.Code != 401 {
			t.Errorf("%s verifies: %v", name, err)
		}
	}
	by := func(body string) answer { return f.do("POST", "/v1/users/ann/jwts", byTestKey, body) }
	wants(t, "a server's, of the pending session", by(`{"sessionId":"`+secondID+`"}`), 401, pending)
	wants(t, "a server's, of no session", by(`{"sessionId":"nosuch"}`), 401, pending)
	recent := by("{}")
	if claims := claimsOf(t, recent.text("jwt")); recent.Code != 201 || claims.SessionID != firstID {
		t.Errorf("the newest that is complete: %s", recent.Body)
	}
	f.must(200, "GET", "/v1/account", token(recent.text("jwt")), "")
	for session, want := range map[string]error{SessionNone: ErrMoreFactors, secondID: ErrMoreFactors, "": nil, SessionRecent: nil, firstID: nil} {
		if _, err := f.Keys().CreateJWT(t.Context(), f.options.Project, NewJWT{UserID: "ann", Session: session}); err != want {
			t.Errorf("a JWT of the session %q: %v, want %v", session, err, want)
		}
	}

	id := f.must(201, "POST", "/v1/account/mfa/challenges", token(old), `{"factor":"totp"}`).text("$id")
	wants(t, "an answer by JWT", f.do("PUT", "/v1/account/mfa/challenges", token(old), response(id, f.nextCode(secret))), 404, "user_session_not_found")
	wants(t, "an answer by the session", f.respond(second, id, f.code(secret)), 200, "")
	f.must(200, "GET", "/v1/account", token(old), "") // as good as its session
	wants(t, "still of no session", f.do("GET", "/v1/account", token(free), ""), 401, pending)
	f.must(204, "DELETE", "/v1/account/sessions", session(first), "")
	wants(t, "the user has no session", by("{}"), 401, pending)
	f.must(200, "PATCH", "/v1/users/ann/mfa", byTestKey, `{"mfa":false}`)
	if a := by("{}"); a.Code != 201 || claimsOf(t, a.text("jwt")).SessionID != "" {
		t.Errorf("without a second factor: %d %s", a.Code, a.Body)
	}
	f.must(200, "GET", "/v1/account", token(free), "")
}

// Switching it on by JWT raises no session: that of the JWT needs a factor, too.
func TestFactorsShownByJWTRaiseNoSession(t *testing.T) {
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := token(f.jwt(store))
	secret := f.must(200, "POST", "/v1/account/mfa/authenticators/totp", jwt, "{}").text("secret")
	f.must(200, "PUT", "/v1/account/mfa/authenticators/totp", jwt, `{"otp":"`+f.code(secret)+`"}`)
	f.must(200, "PATCH", "/v1/account/mfa", jwt, `{"mfa":true}`)
	wants(t, "the JWT", f.do("GET", "/v1/account", jwt, ""), 401, pending)
	wants(t, "its session", f.do("GET", "/v1/account", session(store), ""), 401, pending)
	wants(t, "deleting it", f.do("DELETE", "/v1/account/mfa/authenticators/totp", jwt, ""), 401, pending)
}

func TestGraphQLAsksForMoreFactors(t *testing.T) {
	f := newFixture(t, noLimits)
	_, secret := f.protect("ann")
	store, _ := f.signIn("ann")
	for _, query := range []string{"{accountGet{email}}", "mutation{accountCreateJWT{jwt}}", `mutation{accountUpdateName(name:"X"){name}}`,
		`mutation{accountUpdateMFA(mfa:false){mfa}}`, `mutation{accountUpdateSession(sessionId:"current"){userId}}`, "{localeGet{ip}}",
		`mutation{accountUpdatePassword(password:"password124",oldPassword:"password123"){email}}`} {
		g := f.query(session(store), query)
		if len(g.Errors) != 1 || g.Errors[0].Extensions.Type != pending || g.Errors[0].Extensions.Code != 401 {
			t.Errorf("%s: %+v %v", query, g.Errors, g.Data)
		}
	}
	g := f.query(session(store), `mutation{accountCreateMFAChallenge(factor:"totp"){_id}}`)
	made, _ := g.Data["accountCreateMFAChallenge"].(map[string]any)
	id, _ := made["_id"].(string)
	// What the session may do, it may from the operation on that raised it.
	g = f.query(session(store), `mutation{no:accountCreateJWT{jwt} accountUpdateMFAChallenge(challengeId:"`+id+`",otp:"`+f.nextCode(secret)+`"){factors} yes:accountCreateJWT{jwt}}`)
	if g.Data["no"] != nil || g.Data["yes"] == nil || len(g.Errors) != 1 {
		t.Errorf("%v, errors %v", g.Data, g.Errors)
	}
}

// Sessions are asked for by whatever they came from.
func TestSessionsOfAllProvidersArePending(t *testing.T) {
	f := newFixture(t, withKey)
	f.protect("ann")
	var stores []string
	made := f.must(201, "POST", "/v1/users/ann/sessions", byTestKey, "{}")
	stores = append(stores, made.text("secret"))
	secret := f.must(201, "POST", "/v1/users/ann/tokens", byTestKey, "{}").text("secret")
	a := f.must(201, "POST", "/v1/account/sessions/token", nil, `{"userId":"ann","secret":"`+secret+`"}`)
	var cookies map[string]string
	if err := json.Unmarshal([]byte(a.Header().Get("X-Fallback-Cookies")), &cookies); err != nil {
		t.Fatal(err)
	}
	stores = append(stores, cookies[cookieName(f.options.Project)])
	for _, store := range stores {
		wants(t, "a session", f.do("GET", "/v1/account", session(store), ""), 401, pending)
	}
}

func TestFunctionsAskForMoreFactors(t *testing.T) {
	f, fn := echo(t, noLimits)
	f.signUp("ann")
	first, _ := f.signIn("ann")
	second, _ := f.signIn("ann")
	jwt := token(f.jwt(second))
	const later = `{"async":true,"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`
	scheduled := f.execute(202, "echo", session(second), later).text("$id")
	byJWT := f.execute(202, "echo", jwt, later).text("$id")
	good := f.execute(202, "echo", session(first), later).text("$id")
	f.enroll(first)
	f.must(200, "PATCH", "/v1/account/mfa", session(first), `{"mfa":true}`)
	for name, h := range map[string]headers{"session": session(second), "JWT": jwt} {
		wants(t, name+", at once", f.do("POST", "/v1/functions/echo/executions", h, "{}"), 401, pending)
		wants(t, name+", later", f.do("POST", "/v1/functions/echo/executions", h, `{"async":true}`), 401, pending)
		wants(t, name+", scheduled", f.do("POST", "/v1/functions/echo/executions", h, later), 401, pending)
		wants(t, name+", its page", f.do("GET", "/_functions/"+f.options.Project+"/echo/", h, ""), 401, pending)
		wants(t, name+", what ran", f.do("GET", "/v1/functions/echo/executions/"+scheduled, h, ""), 401, pending)
	}
	if fn.times != 0 {
		t.Fatalf("it ran %d times", fn.times)
	}
	both := headers{"X-Appwrite-Key": testKey, "X-Appwrite-Session": second}
	f.execute(201, "echo", both, "{}") // a server acts for itself, and its function not for the user
	if fn.times != 1 || fn.get("X-Appwrite-User-Jwt") != "" {
		t.Errorf("it ran %d times, with the token %q", fn.times, fn.get("X-Appwrite-User-Jwt"))
	}
	f.advance(time.Hour)
	for _, id := range []string{scheduled, byJWT} {
		if a := f.settled("echo", id); a.text("status") != "failed" || a.text("errors") != "the session that asked for it has not shown the user's second factor" {
			t.Errorf("what was scheduled before: %s", a.Body)
		}
	}
	if a := f.settled("echo", good); a.text("status") != "completed" || fn.times != 2 || fn.get("X-Appwrite-User-Jwt") == "" {
		t.Errorf("what the complete session scheduled: %d times, %s", fn.times, a.Body)
	}
}

// hook is a body that does something before it is read.
type hook struct {
	do   func()
	body io.Reader
}

func (h *hook) Read(b []byte) (int, error) {
	if h.do != nil {
		h.do()
		h.do = nil
	}
	return h.body.Read(b)
}

// A session that needs a second factor since its request began changes nothing.
func TestSessionsThatBecomePendingMeanwhile(t *testing.T) {
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	for _, ask := range []struct{ name, method, path, body string }{
		{"preferences", "PATCH", "/v1/account/prefs", `{"prefs":{"a":1}}`},
		{"a JWT", "POST", "/v1/account/jwts", `{"duration":60}`},
		{"a password", "PATCH", "/v1/account/password", `{"password":"password456","oldPassword":"password123"}`},
		{"mfa off", "PATCH", "/v1/account/mfa", `{"mfa":false}`},
	} {
		for name, h := range map[string]headers{"session": session(store), "JWT": token(jwt)} {
			if ask.path == "/v1/account/jwts" && name == "JWT" {
				continue // which makes none
			}
			f.must(200, "PATCH", "/v1/users/ann/mfa", byTestKey, `{"mfa":false}`)
			r := httptest.NewRequest(ask.method, ask.path, &hook{body: strings.NewReader(ask.body),
				do: func() { f.must(200, "PATCH", "/v1/users/ann/mfa", byTestKey, `{"mfa":true}`) }})
			r.ContentLength = int64(len(ask.body))
			r.Host = "localhost:7519"
			for name, value := range (headers{"X-Appwrite-Project": f.options.Project, "Content-Type": "application/json"}) {
				r.Header.Set(name, value)
			}
			for name, value := range h {
				r.Header.Set(name, value)
			}
			a := answer{ResponseRecorder: httptest.NewRecorder()}
			f.ServeHTTP(a, r)
			if a.Code != 401 || !strings.Contains(a.Body.String(), pending) {
				t.Errorf("%s by %s: %d %s", ask.name, name, a.Code, a.Body)
			}
		}
	}
	user := f.must(200, "GET", "/v1/users/ann", byTestKey, "")
	if user.object["mfa"] != true || strings.Contains(user.Body.String(), `"prefs":{"a"`) {
		t.Errorf("the user is %s", user.Body)
	}
	f.signIn("ann") // by the old password
}

// What a request costs, where no second factor is on, is held by
// TestReadsTakeOneStatement; with one, an address that is verified costs
// nothing more, nor does a session that has shown it.
func TestSecondFactorsCostOneStatementAtMost(t *testing.T) {
	f := newFixture(t, withKey, noLimits)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	cost := func(name string, h headers, want int64) {
		t.Helper()
		if n := f.statements("GET", "/v1/account", h); n != want {
			t.Errorf("%s: %d statements, want %d", name, n, want)
		}
	}
	f.must(200, "PATCH", "/v1/account/mfa", session(store), `{"mfa":true}`)
	cost("on, without a factor", session(store), 2)
	cost("on, without a factor, by JWT", token(jwt), 2)
	f.enroll(store)
	cost("shown", session(store), 1)
	cost("shown, by JWT", token(jwt), 1)
}

// Impersonators need the second factor that is asked of themselves, and none of
// those whom they read as; whose codes they do not read.
func TestImpersonatorsShowTheirOwnFactors(t *testing.T) {
	f := newFixture(t, withKey, noLimits)
	f.protect("ann")
	bobs, _ := f.protect("bob")
	bobsCodes := codesOf(f.must(201, "POST", "/v1/account/mfa/recovery-codes", session(bobs), "{}"))
	annsCodes := codesOf(f.must(200, "PATCH", "/v1/users/ann/mfa/recovery-codes", byTestKey, "{}"))
	f.must(200, "PATCH", "/v1/users/ann/impersonator", byTestKey, `{"impersonator":true}`)
	store, _ := f.signIn("ann")
	h := headers{"X-Appwrite-Session": store, "X-Appwrite-Impersonate-User-Id": "bob"}
	wants(t, "a pending impersonator", f.do("GET", "/v1/account", h, ""), 401, pending)
	wants(t, "the answer", f.respond(store, f.challenge(store, "recoverycode"), annsCodes[0]), 200, "")
	if a := f.must(200, "GET", "/v1/account", h, ""); a.text("$id") != "bob" {
		t.Errorf("the account is %s", a.Body)
	}
	if codes := codesOf(f.must(200, "GET", "/v1/account/mfa/recovery-codes", h, "")); !slices.Equal(codes, annsCodes[1:]) || slices.Equal(codes, bobsCodes) {
		t.Errorf("the codes are %v", codes)
	}
}

// What was shown to sign in is shown once more by a challenge of the same kind:
// that is one factor. Sessions with two from the start, as OAuth2 makes them, are
// asked for none.
func TestOneFactorTwiceIsOne(t *testing.T) {
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	f.must(200, "PATCH", "/v1/users/ann/mfa", byTestKey, `{"mfa":true}`)
	add := func(id string, factors ...string) (stored string) {
		t.Helper()
		s := store.Session{ID: id, UserID: "ann", Provider: id, Factors: factors, ExpiresAt: start.Add(time.Hour), CreatedAt: start, UpdatedAt: start}
		secret := ids.NewSecret()
		if err := f.db.Tx(t.Context(), func(tx *store.Tx) error {
			return tx.InsertSession(t.Context(), f.options.Project, s, ids.Hash(secret), 0)
		}); err != nil {
			t.Fatal(err)
		}
		return encodeStore("ann", secret)
	}
	mailed := add("magic-url", "email")
	wants(t, "before", f.do("GET", "/v1/account", session(mailed), ""), 401, pending)
	id := f.challenge(mailed, "email")
	if a := f.respond(mailed, id, nextMail(t, f, "ann@example.com").Codes[0]); a.Code != 200 || factorsOf(a) != "[email]" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	wants(t, "after", f.do("GET", "/v1/account", session(mailed), ""), 401, pending)
	f.must(200, "GET", "/v1/account", session(add("oauth2", "email", "oauth2")), "")
}
