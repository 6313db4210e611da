package server

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

// mint makes a JWT by the keyring.
func (f *fixture) mint(n NewJWT) (string, error) {
	return f.Keys().CreateJWT(f.t.Context(), f.options.Project, n)
}

func TestKeyringCreatesJWTs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	_, older := f.signIn("ann")
	f.advance(time.Second)
	_, newest := f.signIn("ann")
	f.setClaims("aud=orders", "iat")
	for session, want := range map[string]string{"": newest, SessionRecent: newest, older: older, SessionNone: ""} {
		jwt, err := f.mint(NewJWT{UserID: "ann", Session: session, Duration: time.Hour, Claims: map[string]string{"aud": "billing"}})
		if err != nil {
			t.Fatal(err)
		}
		claims := part(t, jwt, 1)
		if claims["sessionId"] != want || claims["aud"] != "billing" || claims["exp"] != claims["iat"].(float64)+3600 {
			t.Errorf("session %q: the claims are %v", session, claims)
		}
		f.must(200, "GET", "/v1/account", token(jwt), "")
	}
	jwt, err := f.mint(NewJWT{UserID: "ann"})
	if err != nil || part(t, jwt, 1)["exp"] != float64(f.clock.Now().Unix()+900) || part(t, jwt, 1)["aud"] != "orders" {
		t.Errorf("the claims are %v, %v", part(t, jwt, 1), err)
	}
}

func TestKeyringRefusesJWTs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, id := range []string{"ann", "bob", "eve"} {
		f.signUp(id)
	}
	_, anns := f.signIn("ann")
	f.signIn("eve")
	f.setClaims("iat")
	if err := f.SetUserStatus(t.Context(), "eve", false); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		n    NewJWT
		want error
	}{
		"nobody":                  {NewJWT{UserID: "nobody"}, ErrNoUser},
		"no user":                 {NewJWT{}, ErrNoUser},
		"a blocked user":          {NewJWT{UserID: "eve"}, ErrUserBlocked},
		"a user without sessions": {NewJWT{UserID: "bob"}, ErrNoSession},
		"another user's session":  {NewJWT{UserID: "bob", Session: anns}, ErrNoSession},
		"no such session":         {NewJWT{UserID: "ann", Session: "nope"}, ErrNoSession},
		"more than an hour":       {NewJWT{UserID: "ann", Duration: time.Hour + time.Second}, errText("use 1s to 1h0m0s")},
		"less than a second":      {NewJWT{UserID: "ann", Duration: time.Millisecond}, errText("use 1s to 1h0m0s")},
		"a part of a second":      {NewJWT{UserID: "ann", Duration: 1500 * time.Millisecond}, errText("whole seconds")},
		"a claim that is off":     {NewJWT{UserID: "ann", Claims: map[string]string{"aud": "a"}}, errText(`has not switched on the claim "aud"`)},
		"a claim of what is so":   {NewJWT{UserID: "ann", Claims: map[string]string{"iat": "1"}}, errText(`"iat" cannot be given a value`)},
		"a claim that is our own": {NewJWT{UserID: "ann", Claims: map[string]string{"userId": "bob"}}, errText(`no claim "userId"`)},
		"a claim nobody knows":    {NewJWT{UserID: "ann", Claims: map[string]string{"role": "admin"}}, errText(`no claim "role"`)},
	} {
		_, err := f.mint(tt.n)
		if text, is := tt.want.(errText); is && (err == nil || !strings.Contains(err.Error(), string(text))) || !is && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	f.advance(maxSessionDuration + time.Second)
	if _, err := f.mint(NewJWT{UserID: "ann", Session: anns}); !errors.Is(err, ErrNoSession) {
		t.Errorf("a session that has expired: %v", err)
	}
	if _, err := f.Keys().CreateJWT(t.Context(), "nope", NewJWT{UserID: "ann"}); !errors.Is(err, ErrNoProject) {
		t.Errorf("an unknown project: %v", err)
	}
}

// errText is a part of an error's text.
type errText string

func (e errText) Error() string { return string(e) }

// The keyring and a request say the same of a token.
func TestKeyringVerifiesJWTs(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits)
	for _, id := range []string{"ann", "bob", "eve"} {
		f.signUp(id)
	}
	store, id := f.signIn("ann")
	ended, _ := f.signIn("ann")
	gone := f.jwt(ended)
	f.must(204, "DELETE", "/v1/account/sessions/current", session(ended), "")
	if err := f.SetUserStatus(t.Context(), "eve", false); err != nil {
		t.Fatal(err)
	}
	short := f.sign("ann", "", time.Second)
	good := f.jwt(store)
	f.advance(time.Second)
	for name, tt := range map[string]struct {
		jwt    string
		status int
		kind   isojot.ErrorType
		reason isojot.Reason
	}{
		"good":            {good, 200, "", ""},
		"no session":      {f.sign("bob", "", time.Minute), 200, "", ""},
		"session gone":    {gone, 401, isojot.ErrUnauthorizedScope, isojot.ReasonSessionEnded},
		"another's":       {f.sign("bob", id, time.Minute), 401, isojot.ErrUnauthorizedScope, isojot.ReasonSessionEnded},
		"nobody":          {f.sign("nobody", "", time.Minute), 401, isojot.ErrUnauthorizedScope, isojot.ReasonSessionEnded},
		"blocked":         {f.sign("eve", "", time.Minute), 403, isojot.ErrUserBlocked, isojot.ReasonUserBlocked},
		"expired":         {short, 401, isojot.ErrUserJWTInvalid, isojot.ReasonJWTExpired},
		"cut off":         {good[:len(good)-3], 401, isojot.ErrUserJWTInvalid, isojot.ReasonUnknown},
		"no token at all": {"undefined", 401, isojot.ErrUserJWTInvalid, isojot.ReasonJWTMalformed},
	} {
		claims, err := f.Keys().VerifyJWT(t.Context(), "demo", tt.jwt)
		a := f.do("GET", "/v1/account", token(tt.jwt), "")
		if a.Code != tt.status || a.text("type") != string(tt.kind) {
			t.Errorf("%s: the server answers %d %s", name, a.Code, a.text("type"))
		}
		if tt.status == 200 {
			if err != nil || claims.UserID != a.text("$id") {
				t.Errorf("%s: VerifyJWT = %v, %v", name, claims, err)
			}
			continue
		}
		e, ok := errors.AsType[*isojot.Error](err)
		if !ok || e.Code != tt.status || e.Type != tt.kind || e.Reason != tt.reason {
			t.Errorf("%s: VerifyJWT = %v, %v", name, claims, err)
		}
	}
	f.advance(time.Hour * 24 * 400)
	if _, err := f.Keys().VerifyJWT(t.Context(), "demo", f.sign("ann", id, time.Minute)); err == nil {
		t.Error("a token outlives its session")
	}
	if _, err := f.Keys().VerifyJWT(t.Context(), "nope", good); !errors.Is(err, ErrNoProject) {
		t.Errorf("an unknown project: %v", err)
	}
}
