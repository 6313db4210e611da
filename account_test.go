package isojot_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

const userJSON = `{"$id":"u1","$createdAt":"2026-08-21T12:42:57.123+00:00","$updatedAt":"2026-08-21T12:42:57.123+00:00",
"name":"Ada","registration":"2026-08-21T12:42:57.120+00:00","status":true,"labels":["a"],"passwordUpdate":"","email":"ada@example.com",
"phone":"","emailVerification":false,"phoneVerification":false,"mfa":false,"prefs":{"theme":"dark"},
"targets":[{"$id":"t1","providerId":null,"providerType":"email","identifier":"ada@example.com","expired":false}],
"accessedAt":"2026-08-21T12:42:57.120+00:00","impersonatorUserId":null,"aFieldOfTheFuture":1}`

func TestCreateAndGet(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{*answer(201, userJSON)}}
	c := newClient(t, isojot.WithTransport(rec))
	user, err := c.Account.Create(t.Context(), isojot.CreateAccount{Email: "ada@example.com", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(rec.last(t).Body), `{"userId":"unique()","email":"ada@example.com","password":"correct horse"}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	created := time.Date(2026, 8, 21, 12, 42, 57, 123e6, time.UTC)
	if user.ID != "u1" || !user.CreatedAt.Equal(created) || !user.PasswordUpdate.IsZero() || user.Prefs["theme"] != "dark" || user.Targets[0].Identifier != "ada@example.com" {
		t.Errorf("%+v", user)
	}
}

func TestSessions(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{
		*answer(200, `{"total":1,"sessions":[{"$id":"s1","userId":"u1","current":true,"factors":["password"]}]}`),
		*answer(200, `{"$id":"s1","userId":"u1","current":true}`),
		{Status: 204}, {Status: 204},
		*answer(201, `{"jwt":"a.b.c"}`),
	}}
	account := newClient(t, isojot.WithTransport(rec), isojot.WithSession("s")).Account
	list, err := account.ListSessions(t.Context())
	if err != nil || list.Total != 1 || list.Sessions[0].ID != "s1" || !list.Sessions[0].Current {
		t.Errorf("%+v, %v", list, err)
	}
	session, err := account.GetSession(t.Context(), "s1")
	if err != nil || session.UserID != "u1" {
		t.Errorf("%+v, %v", session, err)
	}
	if err := account.DeleteSession(t.Context(), "s1"); err != nil {
		t.Error(err)
	}
	if err := account.DeleteSessions(t.Context()); err != nil {
		t.Error(err)
	}
	jwt, err := account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil || jwt.JWT != "a.b.c" {
		t.Errorf("%+v, %v", jwt, err)
	}
	want := []string{
		"GET /account/sessions", "GET /account/sessions/s1", "DELETE /account/sessions/s1", "DELETE /account/sessions", "POST /account/jwts",
	}
	for i, req := range rec.requests {
		if got := req.Method + " " + req.URL[len(testEndpoint):]; got != want[i] {
			t.Errorf("request %d: %s, want %s", i, got, want[i])
		}
	}
}

func TestUpdates(t *testing.T) {
	user := *answer(200, userJSON)
	rec := &recorder{answers: []isojot.Response{
		*answer(200, `{"theme":"dark","n":1}`), user, user, user, user, user, user, user,
		*answer(200, `{"$id":"s1","expire":"2027-08-21T12:42:57.123+00:00"}`), {Status: 204},
	}}
	account := newClient(t, isojot.WithTransport(rec), isojot.WithSession("s")).Account
	prefs, err := account.GetPrefs(t.Context())
	if err != nil || prefs["theme"] != "dark" || prefs["n"] != 1.0 {
		t.Errorf("%v, %v", prefs, err)
	}
	for i, call := range []func() (*isojot.User, error){
		func() (*isojot.User, error) { return account.UpdatePrefs(t.Context(), isojot.Prefs{"theme": "light"}) },
		func() (*isojot.User, error) { return account.UpdatePrefs(t.Context(), nil) },
		func() (*isojot.User, error) { return account.UpdateName(t.Context(), "Ada") },
		func() (*isojot.User, error) {
			return account.UpdateEmail(t.Context(), isojot.UpdateEmail{Email: "a@example.com", Password: "correct horse"})
		},
		func() (*isojot.User, error) {
			return account.UpdatePhone(t.Context(), isojot.UpdatePhone{Phone: "+14155550100", Password: "correct horse"})
		},
		func() (*isojot.User, error) {
			return account.UpdatePassword(t.Context(), isojot.UpdatePassword{Password: "battery staple"})
		},
		func() (*isojot.User, error) { return account.UpdateStatus(t.Context()) },
	} {
		if user, err := call(); err != nil || user.ID != "u1" {
			t.Errorf("update %d: %+v, %v", i, user, err)
		}
	}
	session, err := account.UpdateSession(t.Context(), "s1")
	if err != nil || session.Expire.Year() != 2027 {
		t.Errorf("%+v, %v", session, err)
	}
	if err := account.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	want := []string{
		"GET /account/prefs ", `PATCH /account/prefs {"prefs":{"theme":"light"}}`, `PATCH /account/prefs {"prefs":{}}`,
		`PATCH /account/name {"name":"Ada"}`, `PATCH /account/email {"email":"a@example.com","password":"correct horse"}`,
		`PATCH /account/phone {"phone":"+14155550100","password":"correct horse"}`,
		`PATCH /account/password {"password":"battery staple"}`, "PATCH /account/status {}", "PATCH /account/sessions/s1 {}", "DELETE /account {}",
	}
	for i, req := range rec.requests {
		if got := req.Method + " " + req.URL[len(testEndpoint):] + " " + string(req.Body); got != want[i] {
			t.Errorf("request %d: %s, want %s", i, got, want[i])
		}
	}
}

func TestPrefsThatAreNoJSON(t *testing.T) {
	rec := &recorder{}
	account := newClient(t, isojot.WithTransport(rec), isojot.WithSession("s")).Account
	if _, err := account.UpdatePrefs(t.Context(), isojot.Prefs{"c": make(chan int)}); !errors.Is(err, isojot.ErrInvalidArgument) {
		t.Errorf("%v, want ErrInvalidArgument", err)
	}
	if len(rec.requests) != 0 {
		t.Error("a request was sent")
	}
}

func TestCreateSession(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{{
		Status: 201, Body: []byte(`{"$id":"s1","userId":"u1","provider":"token","secret":""}`),
		Header: map[string][]string{"content-type": {"application/json"}, "set-cookie": {"a_session_demo=c2VjcmV0; path=/; HttpOnly"}},
	}}}
	c := newClient(t, isojot.WithTransport(rec))
	session, err := c.Account.CreateSession(t.Context(), isojot.CreateSession{UserID: "u1", Secret: "abc123"})
	if err != nil || session.Provider != "token" || session.Secret == "" {
		t.Errorf("%+v, %v", session, err)
	}
	if got, want := string(rec.last(t).Body), `{"userId":"u1","secret":"abc123"}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

func TestTimeForms(t *testing.T) {
	for text, want := range map[string]time.Time{
		`"2026-11-23T16:11:58.571+00:00"`: time.Date(2026, 11, 23, 16, 11, 58, 571e6, time.UTC),
		`"2026-11-23 16:11:58.571"`:       time.Date(2026, 11, 23, 16, 11, 58, 571e6, time.UTC),
		`""`:                              {},
		`null`:                            {},
	} {
		var got isojot.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	var bad isojot.Time
	if json.Unmarshal([]byte(`"yesterday"`), &bad) == nil || json.Unmarshal([]byte(`5`), &bad) == nil {
		t.Error("a bad time was read")
	}
	at := isojot.Time{Time: time.Date(2026, 11, 23, 17, 11, 58, 571e6, time.FixedZone("", 3600))}
	if text, err := json.Marshal(at); err != nil || string(text) != `"2026-11-23T16:11:58.571+00:00"` {
		t.Errorf("%s, %v", text, err)
	}
	if text, err := json.Marshal(isojot.Time{}); err != nil || string(text) != `""` {
		t.Errorf("%s, %v", text, err)
	}
}
