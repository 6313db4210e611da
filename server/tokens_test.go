package server

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
)

func TestMagicLinks(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	a := f.must(201, "POST", magicPath, nil, body("userId", "ann", "email", "ANN@example.com", "url", "http://localhost/m?x=1#f"))
	scenario{status: 201, header: left(60, 59, nextHour), want: []string{`"userId":"ann","secret":"","expire":"2026-08-21T13:42:57.123+00:00","phrase":""`}}.check(t, a)
	m := nextMail(t, f, "ann@example.com")
	link := linked(t, m)
	if want := "http://localhost/m?x=1&userId=ann&secret=" + link.Get("secret") + "&expire=2026-08-21T13%3A42%3A57.123%2B00%3A00&project=demo#f"; m.Links[0] != want || len(link.Get("secret")) != 64 {
		t.Errorf("the link is %s, want %s", m.Links[0], want)
	}
	f.run([]scenario{
		{name: "the user made by it", method: "GET", path: "/v1/users/ann", headers: byTestKey, status: 200,
			want: []string{`"email":"ann@example.com"`, `"name":""`, `"password":null`, `"emailVerification":false`, `"targets":[]`}},
		{name: "another user's", method: "POST", path: tradePath, body: body("userId", "bob", "secret", link.Get("secret")), status: 401, kind: "user_invalid_token"},
		{name: "it recovers nothing", method: "PUT", path: recoveryPath, body: body("userId", "ann", "secret", link.Get("secret"), "password", "newpassword1"), status: 401, kind: "user_invalid_token"},
	})
	again := f.magic("someone", "ann@example.com") // of the user who has the address
	if again.Get("userId") != "ann" {
		t.Errorf("the link is of %s", again.Get("userId"))
	}
	s := f.trade("ann", link.Get("secret"))
	scenario{status: 201, want: []string{`"provider":"magic-url","providerUid":""`, `"factors":["email"]`, `"secret":""`}}.check(t, s)
	f.run([]scenario{
		{name: "again", method: "POST", path: tradePath, body: body("userId", "ann", "secret", link.Get("secret")), status: 401, kind: "user_invalid_token"},
		{name: "it verified the address", method: "GET", path: "/v1/account", headers: cookieOf(s), status: 200, want: []string{`"emailVerification":true`}},
		{name: "the second, by the path of its own", method: "PUT", path: "/v1/account/sessions/magic-url", body: body("userId", "ann", "secret", again.Get("secret")), status: 201},
	})
	key := f.must(201, "POST", magicPath, byTestKey, body("userId", "x", "email", "ann@example.com", "url", landing))
	if secret := linked(t, nextMail(t, f, "ann@example.com")).Get("secret"); key.text("secret") != secret {
		t.Errorf("a server is shown %q", key.text("secret"))
	}
	f.must(201, "POST", "/v1/account/sessions/magic-url", nil, body("userId", "unique()", "email", "new@example.com", "url", landing))
	late := linked(t, nextMail(t, f, "new@example.com"))
	f.advance(time.Hour)
	scenario{status: 401, kind: "user_invalid_token"}.check(t, f.trade(late.Get("userId"), late.Get("secret")))
}

func TestEmailCodes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	a := f.must(201, "POST", emailCodePath, headers{"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"},
		body("userId", "ann", "email", "ann@example.com", "phrase", true))
	scenario{status: 201, header: left(10, 9, nextHour), want: []string{`"userId":"ann","secret":"","expire":"2026-08-21T12:57:57.123+00:00"`}}.check(t, a)
	phrase := a.text("phrase")
	m := nextMail(t, f, "ann@example.com")
	if !regexp.MustCompile(`^[A-Z][a-z]+ [a-z]+$`).MatchString(phrase) || !strings.Contains(m.Text, phrase) || !strings.Contains(m.Text, "Chrome on Windows") {
		t.Errorf("the phrase is %q, the mail\n%s", phrase, m.Text)
	}
	code := coded(t, m)
	_, other := f.mailedCode("x", "ann@example.com")
	f.must(201, "POST", emailCodePath, nil, body("userId", "bob", "email", "bob@example.com"))
	f.run([]scenario{
		{name: "another user's", method: "POST", path: tradePath, body: body("userId", "bob", "secret", code), status: 401, kind: "user_invalid_token"},
		{name: "it verifies no phone", method: "PUT", path: phonePath, body: body("userId", "ann", "secret", code), status: 401, kind: "user_invalid_token"},
		{name: "phrase bad", method: "POST", path: emailCodePath, body: body("userId", "ann", "email", "ann@example.com", "phrase", "maybe"), status: 400, message: "Invalid `phrase` param: Value must be a valid boolean", kind: "general_argument_invalid"},
		{name: "a target", method: "GET", path: "/v1/users/ann", headers: byTestKey, status: 200, want: []string{`"providerType":"email","identifier":"ann@example.com"`}},
	})
	s := f.trade("ann", code)
	scenario{status: 201, want: []string{`"provider":"token","providerUid":""`, `"factors":["email"]`}}.check(t, s)
	scenario{name: "reuse", status: 401, kind: "user_invalid_token"}.check(t, f.trade("ann", code))
	scenario{name: "the other one", status: 201}.check(t, f.trade("ann", other))
	f.run([]scenario{{name: "it verified the address", method: "GET", path: "/v1/account", headers: cookieOf(s), status: 200, want: []string{`"emailVerification":true`}}})
	_, late := f.mailedCode("x", "ann@example.com")
	f.advance(15 * time.Minute)
	scenario{name: "expired", status: 401, kind: "user_invalid_token"}.check(t, f.trade("ann", late))
}

// A userId cannot be taken over by another address, nor a project be filled.
func TestTokensMakeUsers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, body("number", "+14155550100"))
	f.setRules(Rules{MaxUsers: 2})
	for _, tt := range []struct{ path, address, taken, free, full string }{
		{magicPath, "email", "evil@example.com", "ann@example.com", "third@example.com"},
		{emailCodePath, "email", "evil@example.com", "ann@example.com", "third@example.com"},
		{phoneCodePath, "phone", "+14155550199", "+14155550100", "+14155550198"},
	} {
		ask := func(name, id, address string, h headers, status int, kind string) scenario {
			return scenario{name: tt.path + ": " + name, method: "POST", path: tt.path, headers: h, body: body("userId", id, tt.address, address, "url", landing), status: status, kind: kind}
		}
		f.run([]scenario{
			ask("a userId that is taken", "ann", tt.taken, nil, 409, "user_already_exists"),
			ask("the address of a user", "mallory", tt.free, nil, 201, ""),
			ask("no userId", "bad id!", tt.free, nil, 400, "general_argument_invalid"),
		})
	}
	f.run([]scenario{
		{name: "the second user", method: "POST", path: magicPath, body: body("userId", "bob", "email", "bob@example.com", "url", landing), status: 201},
		{name: "one too many", method: "POST", path: magicPath, body: body("userId", "unique()", "email", "carl@example.com", "url", landing), status: 400, kind: "user_count_exceeded"},
		{name: "by code", method: "POST", path: emailCodePath, body: body("userId", "unique()", "email", "carl@example.com"), status: 400, kind: "user_count_exceeded"},
		{name: "by phone", method: "POST", path: phoneCodePath, body: body("userId", "unique()", "phone", "+14155550155"), status: 400, kind: "user_count_exceeded"},
		{name: "who is there", method: "POST", path: magicPath, body: body("userId", "unique()", "email", "ann@example.com", "url", landing), status: 201},
	})
	noMessage(t, f, "carl@example.com")
	noMessage(t, f, "evil@example.com")
}

// A blocked user gets no token, and no session by one from before. Only who has
// the secret, or a key, is told.
func TestBlockedUsersGetNoTokens(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, body("number", "+14155550100"))
	link := f.magic("x", "ann@example.com")
	f.block("ann", true)
	scenario{name: "a link from before", status: 403, kind: "user_blocked"}.check(t, f.trade("ann", link.Get("secret")))
	scenario{name: "a guess", status: 401, kind: "user_invalid_token"}.check(t, f.trade("ann", "wrong"))
	scenario{name: "a server's token", status: 403, kind: "user_blocked"}.check(t, f.trade("ann", f.oneTime("ann")))
	for _, path := range []string{magicPath, emailCodePath, phoneCodePath} {
		ask := body("userId", "x", "email", "ann@example.com", "phone", "+14155550100", "url", landing)
		told := scenario{name: path, method: "POST", path: path, body: ask, status: 201, want: []string{`"userId":"ann","secret":"","expire":"2026-08-21T1`}}
		byKey := told
		byKey.headers, byKey.status, byKey.kind, byKey.want = byTestKey, 403, "user_blocked", nil
		f.run([]scenario{told, byKey})
	}
	noMessage(t, f, "ann@example.com")
	noMessage(t, f, "+14155550100")
	f.block("ann", false)
	scenario{name: "let in again", status: 201}.check(t, f.trade("ann", link.Get("secret")))
}

// A change of password ends all tokens, one of the address those that went there.
func TestChangesEndTokens(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	f.signUp("ann")
	f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, body("number", "+14155550100"))
	f.must(200, "PATCH", "/v1/users/ann/verification/phone", byTestKey, `{"phoneVerification":true}`)
	store, _ := f.signIn("ann")
	for _, tt := range []struct {
		name, path, change string
		link, code, phone  int
	}{
		{"password", "/v1/account/password", body("password", "newpassword1", "oldPassword", "password123"), 401, 401, 401},
		{"e-mail address", "/v1/account/email", body("email", "new@example.com", "password", "newpassword1"), 401, 401, 201},
		{"phone number", "/v1/account/phone", body("phone", "+14155550101", "password", "newpassword1"), 201, 201, 401},
	} {
		user := f.must(200, "GET", "/v1/users/ann", byTestKey, "")
		link := f.magic("x", user.text("email")).Get("secret")
		_, code := f.mailedCode("x", user.text("email"))
		f.must(201, "POST", phoneCodePath, nil, body("userId", "x", "phone", user.text("phone")))
		phone := coded(t, nextText(t, f, user.text("phone")))
		f.must(200, "PATCH", tt.path, session(store), tt.change)
		for secret, want := range map[string]int{link: tt.link, code: tt.code, phone: tt.phone} {
			if a := f.trade("ann", secret); a.Code != want {
				t.Errorf("%s: a secret of %d characters: %d, want %d", tt.name, len(secret), a.Code, want)
			}
		}
	}
}

// However many links are made, a user has only so many at a time, the newest.
func TestTokensAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox, noLimits)
	var codes []string
	for range 25 {
		_, code := f.mailedCode("ann", "ann@example.com")
		codes = append(codes, code)
	}
	good := 0
	for i, code := range codes {
		switch a := f.trade("ann", code); {
		case a.Code == 201 && i >= 5:
			good++
		case a.Code == 201 && !slices.Contains(codes[5:], code):
			t.Errorf("the code %d of 25 is good", i+1)
		}
	}
	if good < 18 || good > 20 { // two codes may be the same
		t.Errorf("%d codes are good, want 20", good)
	}
}

// Guesses from everywhere end, as those from one address do; links go on.
func TestGuessesFromManyAddresses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	_, code := f.mailedCode("ann", "ann@example.com")
	link := f.magic("x", "ann@example.com").Get("secret")
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	guess := func(n int, secret string) answer {
		return f.do("POST", tradePath, headers{"RemoteAddr": fmt.Sprintf("192.0.%d.%d:1", 2+n/200, n%200)}, body("userId", "ann", "secret", secret))
	}
	for i := range 100 {
		scenario{status: 401, kind: "user_invalid_token", header: left(10, 9, nextHour)}.check(t, guess(i, wrong))
	}
	scenario{name: "the right one, too late", status: 429, kind: tooMany}.check(t, guess(101, code))
	scenario{name: "a link", status: 201}.check(t, guess(102, link))
	f.advance(nextHour.Sub(start))
	_, code = f.mailedCode("ann", "ann@example.com")
	scenario{name: "the next hour", status: 201}.check(t, guess(103, code))
}

// A code that is right is no guess.
func TestRightCodesAreNotCounted(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	for i := range 110 {
		a := f.do("POST", tradePath, headers{"RemoteAddr": fmt.Sprintf("192.0.2.%d:1", i)}, body("userId", "ann", "secret", f.oneTime("ann")))
		if a.Code != 201 {
			t.Fatalf("the %dth: %d %s", i+1, a.Code, a.Body)
		}
	}
}

// What is stored of a code tells it neither by itself nor by another user's, and
// no secret is stored as it is.
func TestSecretsAreNotStored(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, withOutbox)
	_, code := f.mailedCode("ann", "ann@example.com")
	c := f.asCall(t, nil)
	if c.codeHash("ann", code) == c.codeHash("bob", code) {
		t.Error("two users' equal codes have the same hash")
	}
	for hash, want := range map[string]bool{c.codeHash("ann", code): true, ids.Hash(code): false, code: false} {
		err := f.db.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.TakeToken(t.Context(), "demo", "ann", hash, store.EmailToken)
			return err
		})
		if (err == nil) != want {
			t.Errorf("a token of the hash %.8s...: %v", hash, err)
		}
	}
}

func TestWaysOfSigningIn(t *testing.T) {
	t.Parallel()
	u := &store.User{ID: "ann", Email: "ann@example.com"}
	for _, tt := range []struct {
		by            signIn
		provider, uid string
		factors       []string
	}{
		{byPassword, "email", "ann@example.com", []string{"password"}},
		{byInvitation, "email", "ann@example.com", []string{"email"}},
		{asAnonymous, "anonymous", "", []string{"anonymous"}},
		{byTheServer, "server", "", []string{"server"}},
		{signInsByToken[store.LoginToken], "token", "", []string{"token"}},
		{signInsByToken[store.MagicURLToken], "magic-url", "", []string{"email"}},
		{signInsByToken[store.EmailToken], "token", "", []string{"email"}},
		{signInsByToken[store.PhoneToken], "phone", "", []string{"phone"}},
		{byOAuth2("github"), "github", "", []string{"email", "oauth2"}},
	} {
		s := sessionRow("id", u, tt.by, start, Rules{})
		if s.Provider != tt.provider || s.ProviderUID != tt.uid || !slices.Equal(s.Factors, tt.factors) {
			t.Errorf("%v: the session is %+v", tt.by, s)
		}
	}
}
