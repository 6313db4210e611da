package isojot_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

// These tests hold what every transport must do, against real servers; they
// run natively over net/http, and under Node and in Chromium over fetch.
// servers is in servers_native_test.go and servers_js_test.go.

func dial(t *testing.T, endpoint string) *isojot.Account {
	t.Helper()
	c, err := isojot.NewClient(endpoint, "demo", isojot.WithSession("s"))
	if err != nil {
		t.Fatal(err)
	}
	return c.Account
}

func TestTransportCarriesTheRequest(t *testing.T) {
	c, err := isojot.NewClient(servers(t).peer+"/echo/v1", "demo", isojot.WithHeader("X-Test", "value"))
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"name":"ü😀\u0000"}`)
	res, err := c.Call(t.Context(), "account.create", isojot.Params{Body: body})
	if err != nil {
		t.Fatal(err)
	}
	var echo struct {
		Method, Path, Body string
		Header             map[string][]string
	}
	if err := json.Unmarshal(res.Body, &echo); err != nil {
		t.Fatal(err)
	}
	if echo.Method != "POST" || echo.Path != "/echo/v1/account" || echo.Body != string(body) {
		t.Errorf("the server saw %+v", echo)
	}
	for name, want := range map[string]string{"X-Test": "value", "X-Appwrite-Project": "demo", "Content-Type": "application/json"} {
		if !slices.Equal(echo.Header[name], []string{want}) {
			t.Errorf("%s: %q", name, echo.Header[name])
		}
	}
	if res.Status != 200 || res.Get("content-type") != "application/json" {
		t.Errorf("%d, %q", res.Status, res.Get("content-type"))
	}
	var cookies []string
	if showsSetCookie() {
		cookies = []string{"a=1", "b=2"}
	}
	if got := res.Header["set-cookie"]; !slices.Equal(got, cookies) {
		t.Errorf("set-cookie: %q", got)
	}
}

func TestTransportErrors(t *testing.T) {
	s := servers(t)
	for name, c := range map[string]struct {
		endpoint string
		kind     isojot.ErrorType
		want     string
	}{
		"server down": {s.dead + "/v1", isojot.ErrNetwork, "no answer from GET " + s.dead},
		"page":        {s.peer + "/html/v1", isojot.ErrBadResponse, "text/html; charset=utf-8 instead of the API's JSON: check the endpoint"},
		"page 404":    {s.peer + "/html404/v1", isojot.ErrBadResponse, "answered 404 with text/html"},
		"bad gateway": {s.peer + "/empty502/v1", isojot.ErrBadResponse, "answered 502 with an empty body"},
		"cut off":     {s.peer + "/truncated/v1", isojot.ErrNetwork, "no answer from"},
		"redirect":    {s.peer + "/redirect/v1", isojot.ErrBadResponse, "not followed because credentials would go along"},
		"no such API": {s.api + "/nowhere", isojot.ErrRouteNotFound, ""},
	} {
		_, err := dial(t, c.endpoint).Get(t.Context())
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s with %q", name, err, c.kind, c.want)
		}
	}
}

func TestTransportEndsWithTheContext(t *testing.T) {
	account := dial(t, servers(t).peer+"/hang/v1")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := account.Get(ctx); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, isojot.ErrCanceled) {
		t.Error(err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := account.Get(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestAccountRoundTrip is the whole path: sign up, sign in, make a JWT, act
// with it as another client, sign out, and see the JWT refused.
func TestAccountRoundTrip(t *testing.T) {
	ctx := t.Context()
	base, err := isojot.NewClient(servers(t).api, "demo")
	if err != nil {
		t.Fatal(err)
	}
	email := "ada." + runtime.GOOS + "@example.com"
	user, err := base.Account.Create(ctx, isojot.CreateAccount{Email: email, Password: "correct horse", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	session, err := base.Account.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: email, Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	signedIn, err := base.With(isojot.WithSession(session.Secret))
	if err != nil {
		t.Fatal(err)
	}
	jwt, err := signedIn.Account.CreateJWT(ctx, isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	if claims, err := isojot.Decode(jwt.JWT); err != nil || claims.UserID != user.ID || claims.SessionID != session.ID {
		t.Errorf("%+v, %v", claims, err)
	}
	backend, err := base.With(isojot.WithJWT(jwt.JWT))
	if err != nil {
		t.Fatal(err)
	}
	if seen, err := backend.Account.Get(ctx); err != nil || seen.ID != user.ID || seen.Name != "Ada" {
		t.Errorf("%+v, %v", seen, err)
	}
	if list, err := signedIn.Account.ListSessions(ctx); err != nil || list.Total != 1 || !list.Sessions[0].Current {
		t.Errorf("%+v, %v", list, err)
	}
	if err := signedIn.Account.DeleteSession(ctx, "current"); err != nil {
		t.Fatal(err)
	}
	if _, err := backend.Account.Get(ctx); !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Errorf("after signing out the JWT gives %v", err)
	}
}

func TestServerRefusals(t *testing.T) {
	ctx := t.Context()
	c, err := isojot.NewClient(servers(t).api, "demo")
	if err != nil {
		t.Fatal(err)
	}
	email := "bob." + runtime.GOOS + "@example.com"
	create := isojot.CreateAccount{Email: email, Password: "correct horse"}
	if _, err := c.Account.Create(ctx, create); err != nil {
		t.Fatal(err)
	}
	elsewhere, err := isojot.NewClient(servers(t).api, "elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	forged, err := c.With(isojot.WithJWT(testToken))
	if err != nil {
		t.Fatal(err)
	}
	for want, call := range map[isojot.ErrorType]func() error{
		isojot.ErrUserAlreadyExists: func() error { _, err := c.Account.Create(ctx, create); return err },
		isojot.ErrUserInvalidCredentials: func() error {
			_, err := c.Account.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: email, Password: "wrong horse"})
			return err
		},
		isojot.ErrArgumentInvalid: func() error {
			_, err := c.Account.Create(ctx, isojot.CreateAccount{Email: "no address", Password: "correct horse"})
			return err
		},
		isojot.ErrProjectNotFound: func() error { _, err := elsewhere.Account.CreateAnonymousSession(ctx); return err },
		isojot.ErrUserJWTInvalid:  func() error { _, err := forged.Account.Get(ctx); return err },
	} {
		if err := call(); !errors.Is(err, want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestWrappedTransport: what a wrapper refuses is the caller's error as it is,
// and the wrapper's own is not changed.
func TestWrappedTransport(t *testing.T) {
	c, err := isojot.NewClient(servers(t).peer+"/echo/v1", "demo")
	if err != nil {
		t.Fatal(err)
	}
	refusal := &isojot.Error{Type: "client_of_a_wrapper", Message: "not today"}
	next, calls := c.Transport(), 0
	wrapped, err := c.With(isojot.WithTransport(isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		if calls++; calls > 1 {
			return nil, refusal
		}
		return next.RoundTrip(ctx, req)
	})))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wrapped.Call(t.Context(), "account.create", isojot.Params{}); err != nil || calls != 1 {
		t.Errorf("%v, %d calls", err, calls)
	}
	_, err = wrapped.Call(t.Context(), "account.create", isojot.Params{})
	if err == nil || err.Error() != "isojot: account.create: not today (client_of_a_wrapper)" || refusal.Operation != "" {
		t.Errorf("%v; the wrapper's own has operation %q", err, refusal.Operation)
	}
}
