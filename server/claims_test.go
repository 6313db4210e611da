package server

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// setClaims switches claims on.
func (f *fixture) setClaims(claims ...string) {
	f.t.Helper()
	if err := f.Keys().SetClaims(f.t.Context(), f.options.Project, claims); err != nil {
		f.t.Fatal(err)
	}
}

func TestClaims(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits, withKey)
	f.signUp("ann")
	store, id := f.signIn("ann")
	f.must(200, "PUT", "/v1/users/ann/labels", byTestKey, `{"labels":["staff","vip"]}`)
	own := map[string]any{"userId": "ann", "sessionId": id, "exp": float64(start.Unix() + 900)}
	for claims, more := range map[string]map[string]any{
		"":                               {},
		"iss=https://auth.example aud=a": {"iss": "https://auth.example", "aud": "a"},
		"iat sub":                        {"iat": float64(start.Unix()), "sub": "ann"},
		"email":                          {"email": "ann@example.com", "email_verified": false},
		"name labels":                    {"name": "Ann", "labels": []any{"staff", "vip"}},
	} {
		f.setClaims(strings.Fields(claims)...)
		for name, jwt := range map[string]string{
			"account.createJWT": f.jwt(store),
			"users.createJWT":   f.must(201, "POST", "/v1/users/ann/jwts", byTestKey, "{}").text("jwt"),
		} {
			got := part(t, jwt, 1)
			for claim, value := range own {
				if got[claim] != value {
					t.Errorf("%s, %s: %s is %v, want %v", name, claims, claim, got[claim], value)
				}
				delete(got, claim)
			}
			if !reflect.DeepEqual(got, more) {
				t.Errorf("%s, %s: more claims %v, want %v", name, claims, got, more)
			}
			f.must(200, "GET", "/v1/account", token(jwt), "")
		}
	}
}

// What users have not, their tokens do not say.
func TestClaimsOfAnonymousUsers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.setClaims("email", "name", "labels")
	a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
	cookie, _, _ := strings.Cut(a.Header().Values("Set-Cookie")[0], ";")
	jwt := f.must(201, "POST", "/v1/account/jwts", headers{"Cookie": cookie}, "{}").text("jwt")
	got := part(t, jwt, 1)
	if _, has := got["email"]; has || got["email_verified"] != nil || got["name"] != nil || fmt.Sprint(got["labels"]) != "[]" {
		t.Errorf("the claims are %v", got)
	}
}

// A token that clients would not take is not made.
func TestClaimsThatAreTooLong(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	f.setClaims("labels")
	var labels []string
	for i := range 200 {
		labels = append(labels, fmt.Sprintf(`"%036d"`, i))
	}
	f.must(200, "PUT", "/v1/users/ann/labels", byTestKey, `{"labels":[`+strings.Join(labels, ",")+`]}`)
	a := f.must(500, "POST", "/v1/account/jwts", session(store), "{}")
	if !strings.Contains(a.text("message"), "8192 bytes") || !strings.Contains(a.text("message"), "labels") {
		t.Errorf("the message is %q", a.text("message"))
	}
	f.setClaims()
	if got := f.must(201, "POST", "/v1/account/jwts", session(store), "{}"); got.Header().Get(headerRemaining) != "9" {
		t.Errorf("the refused token was counted: %v are left", got.Header().Get(headerRemaining))
	}
}

func TestSetClaimsRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for want, claims := range map[string][]string{
		`no claim "userId" to switch on: use iss=VALUE`: {"userId"},
		`no claim "exp"`:              {"exp=1"},
		`no claim "sessionId"`:        {"sessionId"},
		`no claim "role"`:             {"role=admin"},
		`no claim ""`:                 {""},
		`"iss" needs a value`:         {"iss"},
		`"aud" needs a value of 1`:    {"aud="},
		`without control characters`:  {"aud=a\nb"},
		`1 to 256 characters`:         {"iss=" + strings.Repeat("x", 257)},
		`"iat" has no value`:          {"iat=1"},
		`"email" has no value`:        {"email="},
		`"sub" is given twice: give `: {"sub", "sub"},
		`"iss" is given twice`:        {"iss=a", "iss=b"},
	} {
		if err := f.Keys().SetClaims(t.Context(), "demo", claims); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("SetClaims(%q): %v, want %q", claims, err, want)
		}
	}
	f.setClaims("iat", "aud=a")
	got, err := f.Keys().Claims(t.Context(), "demo")
	if err != nil || strings.Join(got, " ") != "iat aud=a" {
		t.Errorf("Claims = %q, %v", got, err)
	}
}
