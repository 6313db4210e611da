package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

// whoami answers with the caller's id, or "nobody".
var whoami = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if caller, ok := auth.FromContext(r.Context()); ok {
		fmt.Fprint(w, caller.UserID)
		return
	}
	fmt.Fprint(w, "nobody")
})

// table is a Verifier that knows what to say of a few tokens.
var table = auth.VerifierFunc(func(_ context.Context, jwt string) (*auth.Caller, error) {
	refusal := func(reason isojot.Reason) error {
		return fmt.Errorf("%w: %w", auth.ErrRefused, &isojot.Error{Message: "of " + jwt, Reason: reason})
	}
	switch jwt {
	case "ann", "bob":
		return &auth.Caller{UserID: jwt, JWT: jwt}, nil
	case "expired":
		return nil, refusal(isojot.ReasonJWTExpired)
	case "ended":
		return nil, refusal(isojot.ReasonSessionEnded)
	case "blocked":
		return nil, refusal(isojot.ReasonUserBlocked)
	case "down":
		return nil, fmt.Errorf("%w: %w", auth.ErrUnavailable, &isojot.Error{Code: 503})
	case "limited":
		return nil, fmt.Errorf("%w: %w", auth.ErrUnavailable, &isojot.Error{Code: 429, RetryAfter: 1500 * time.Millisecond})
	case "kindless":
		return nil, errors.New("of no kind")
	case "refused":
		return nil, auth.ErrRefused
	}
	return nil, refusal(isojot.ReasonJWTMalformed)
})

const bearer = `Bearer realm="api"`

func invalidToken(text string) string {
	return bearer + `, error="invalid_token", error_description="` + text + `"`
}

func invalidRequest(text string) string {
	return bearer + `, error="invalid_request", error_description="` + text + `"`
}

func TestMiddleware(t *testing.T) {
	both := invalidRequest("The request has more than one token")
	empty := invalidRequest("The Authorization header has no token after Bearer")
	cookies := []auth.Option{auth.FromCookie("jwt")}
	optional := []auth.Option{auth.Optional()}
	for name, tt := range map[string]struct {
		opts      []auth.Option
		header    http.Header
		status    int
		user      string // the handler's answer, with 200
		challenge string
		reason    string
	}{
		"bearer":                    {nil, http.Header{"Authorization": {"Bearer ann"}}, 200, "ann", "", ""},
		"bearer in another case":    {nil, http.Header{"Authorization": {"bEARER  ann "}}, 200, "ann", "", ""},
		"X-Appwrite-JWT":            {nil, http.Header{"X-Appwrite-Jwt": {"ann"}}, 200, "ann", "", ""},
		"cookie":                    {cookies, http.Header{"Cookie": {"a=b; jwt=ann"}}, 200, "ann", "", ""},
		"cookie, not enabled":       {nil, http.Header{"Cookie": {"jwt=ann"}}, 401, "", bearer, "no-session"},
		"the same token thrice":     {cookies, http.Header{"Authorization": {"Bearer ann"}, "X-Appwrite-Jwt": {"ann"}, "Cookie": {"jwt=ann"}}, 200, "ann", "", ""},
		"another cookie, off":       {nil, http.Header{"Authorization": {"Bearer ann"}, "Cookie": {"jwt=bob"}}, 200, "ann", "", ""},
		"two headers differ":        {nil, http.Header{"Authorization": {"Bearer ann"}, "X-Appwrite-Jwt": {"bob"}}, 400, "", both, ""},
		"header and cookie differ":  {cookies, http.Header{"X-Appwrite-Jwt": {"bob"}, "Cookie": {"jwt=ann"}}, 400, "", both, ""},
		"two Authorization lines":   {nil, http.Header{"Authorization": {"Bearer ann", "Bearer bob"}}, 400, "", both, ""},
		"two X-Appwrite-JWT lines":  {nil, http.Header{"X-Appwrite-Jwt": {"ann", "bob"}}, 400, "", both, ""},
		"two cookies of that name":  {cookies, http.Header{"Cookie": {"jwt=ann; jwt=bob"}}, 400, "", both, ""},
		"two differ, optional":      {optional, http.Header{"Authorization": {"Bearer ann"}, "X-Appwrite-Jwt": {"bob"}}, 400, "", both, ""},
		"Bearer alone":              {nil, http.Header{"Authorization": {"Bearer "}}, 400, "", empty, ""},
		"Bearer alone, and another": {nil, http.Header{"Authorization": {"Bearer"}, "X-Appwrite-Jwt": {"ann"}}, 400, "", empty, ""},
		"nothing":                   {nil, nil, 401, "", bearer, "no-session"},
		"nothing, optional":         {optional, nil, 200, "nobody", "", ""},
		"another scheme":            {nil, http.Header{"Authorization": {"Basic YTpi"}}, 401, "", bearer, "no-session"},
		"another scheme beside":     {nil, http.Header{"Authorization": {"Basic YTpi"}, "X-Appwrite-Jwt": {"ann"}}, 200, "ann", "", ""},
		"empty header and cookie":   {cookies, http.Header{"X-Appwrite-Jwt": {""}, "Cookie": {"jwt="}}, 401, "", bearer, "no-session"},
		"a comma after the scheme":  {nil, http.Header{"Authorization": {"Bearer, ann"}}, 401, "", bearer, "no-session"},
		"list in one line":          {nil, http.Header{"Authorization": {"Bearer ann, Bearer bob"}}, 401, "", invalidToken("The token is not a JWT that createJWT made"), "jwt-malformed"},
		"expired":                   {nil, http.Header{"Authorization": {"Bearer expired"}}, 401, "", invalidToken("The JWT has expired"), "jwt-expired"},
		"expired, optional":         {optional, http.Header{"Authorization": {"Bearer expired"}}, 401, "", invalidToken("The JWT has expired"), "jwt-expired"},
		"session ended":             {nil, http.Header{"Authorization": {"Bearer ended"}}, 401, "", invalidToken("The session of the JWT has ended"), "session-ended"},
		"user blocked":              {nil, http.Header{"Authorization": {"Bearer blocked"}}, 401, "", invalidToken("The user of the JWT is blocked"), "user-blocked"},
		"refused, no more known":    {nil, http.Header{"Authorization": {"Bearer refused"}}, 401, "", invalidToken("The JWT was refused"), "unknown"},
		"a realm of one's own": {
			[]auth.Option{auth.Realm(`my "api"\`)}, nil, 401, "", `Bearer realm="my \"api\"\\"`, "no-session",
		},
	} {
		t.Run(name, func(t *testing.T) {
			res := request(auth.Middleware(table, tt.opts...)(whoami), tt.header)
			if res.StatusCode != tt.status || res.Header.Get("WWW-Authenticate") != tt.challenge {
				t.Fatalf("%d, WWW-Authenticate %s\nwant %d, %s", res.StatusCode, res.Header.Get("WWW-Authenticate"), tt.status, tt.challenge)
			}
			body := read(t, res)
			if tt.status == 200 {
				if body != tt.user {
					t.Errorf("the handler saw %q, want %q", body, tt.user)
				}
				return
			}
			if got := problem(t, res, body)["reason"]; got != tt.reason {
				t.Errorf("body %s, want reason %q", body, tt.reason)
			}
		})
	}
}

// No answer repeats a token, whatever is wrong with it.
func TestMiddlewareNeverRepeatsTheToken(t *testing.T) {
	for _, jwt := range []string{token(claims(""))[:60], "undefined-token-of-a-page", token(`{"userId":"ann","exp":1}`)} {
		res := request(auth.Middleware(local(t))(whoami), http.Header{"Authorization": {"Bearer " + jwt}})
		if got := fmt.Sprint(res.Header) + read(t, res); res.StatusCode != 401 || strings.Contains(got, jwt[:20]) {
			t.Errorf("%d %s", res.StatusCode, got)
		}
	}
}

// Nobody is signed out because a server is down.
func TestMiddlewareOfAVerifierInTrouble(t *testing.T) {
	for token, retryAfter := range map[string]string{"down": "", "limited": "2", "kindless": ""} {
		var log bytes.Buffer
		m := auth.Middleware(table, auth.Optional(), auth.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		res := request(m(whoami), http.Header{"Authorization": {"Bearer " + token}})
		body := read(t, res)
		if res.StatusCode != 503 || res.Header.Get("Retry-After") != retryAfter || res.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: %d %v", token, res.StatusCode, res.Header)
		}
		if problem(t, res, body)["error"] != "temporarily_unavailable" {
			t.Errorf("%s: body %s", token, body)
		}
		if !strings.Contains(log.String(), "level=WARN") {
			t.Errorf("%s: logged %q", token, log.String())
		}
	}
}

// A refusal is logged for those who look for it, without the token.
func TestMiddlewareLogsRefusals(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	l := local(t)
	jwt := token(fmt.Sprintf(`{"userId":"ann","exp":%d}`, now.Unix()))
	request(auth.Middleware(l, auth.WithLogger(logger))(whoami), http.Header{"Authorization": {"Bearer " + jwt}})
	if got := log.String(); !strings.Contains(got, "level=DEBUG") || !strings.Contains(got, "jwt-expired") || strings.Contains(got, jwt[:30]) {
		t.Errorf("logged %q", got)
	}
}

// The handler's client acts for the caller, and for nobody else whom the base
// client could be.
func TestClientFromContext(t *testing.T) {
	srv, base := service(t)
	bob, _ := signIn(t, srv, base, "bob")
	_, jwt := signIn(t, srv, base, "ann")
	withKey, err := bob.With(isojot.WithKey(srv.CreateKey()))
	if err != nil {
		t.Fatal(err)
	}
	r := remote(t, base, auth.WithClock(srv.Now))
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, ok := auth.ClientFromContext(r.Context())
		if !ok {
			http.Error(w, "no client", http.StatusNotImplemented)
			return
		}
		user, err := client.Account.Get(r.Context())
		if err != nil {
			t.Errorf("Get: %v", err)
			return
		}
		if _, err := client.Account.CreateJWT(r.Context(), isojot.CreateJWT{}); !errors.Is(err, isojot.ErrUnauthorizedScope) {
			t.Errorf("CreateJWT by the caller's client: %v", err)
		}
		fmt.Fprint(w, user.ID)
	})
	header := http.Header{"Authorization": {"Bearer " + jwt}}
	res := request(auth.Middleware(r, auth.WithClient(withKey))(handler), header)
	if body := read(t, res); res.StatusCode != 200 || body != "ann" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	for name, res := range map[string]*http.Response{
		"without WithClient": request(auth.Middleware(r)(handler), header),
		"without a token":    request(auth.Middleware(r, auth.WithClient(base), auth.Optional())(handler), nil),
		"no middleware":      request(handler, header),
	} {
		if res.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
}

// A verifier of tokens that no client can send is not the caller's fault.
func TestWithClientOfNoJWT(t *testing.T) {
	_, base := service(t)
	quiet := auth.WithLogger(slog.New(slog.DiscardHandler))
	res := request(auth.Middleware(table, auth.WithClient(base), quiet)(whoami), http.Header{"Authorization": {"Bearer ann"}})
	if res.StatusCode != 503 {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestMiddlewarePanicsAtOnce(t *testing.T) {
	for text, f := range map[string]func(){
		"verifier: nil": func() { auth.Middleware(nil) },
		"realm":         func() { auth.Middleware(table, auth.Realm("a\nb")) },
		"cookie":        func() { auth.Middleware(table, auth.FromCookie("a b")) },
		"cookie: the":   func() { auth.Middleware(table, auth.FromCookie("")) },
		"client: nil":   func() { auth.Middleware(table, auth.WithClient(nil)) },
		"logger: nil":   func() { auth.Middleware(table, auth.WithLogger(nil)) },
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				wantInvalid(t, err, text)
			}()
			f()
		}()
	}
}

func request(h http.Handler, header http.Header) *http.Response {
	r := httptest.NewRequest("GET", "/?access_token=ann", nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// problem is the body of an answer of the middleware.
func problem(t *testing.T, res *http.Response, body string) map[string]string {
	t.Helper()
	members := map[string]string{}
	if err := json.Unmarshal([]byte(body), &members); err != nil {
		t.Fatalf("body %s: %v", body, err)
	}
	if members["error_description"] == "" || res.Header.Get("Content-Type") != "application/json" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("body %s, headers %v", body, res.Header)
	}
	return members
}
