package isojot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

const (
	testEndpoint = "http://api.test/v1"
	testToken    = "aGVhZGVy.cGF5bG9hZA.c2lnbmF0dXJl"
)

// recorder is a transport that answers from a script and keeps the requests.
type recorder struct {
	answers  []isojot.Response
	requests []*isojot.Request
}

func (r *recorder) RoundTrip(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
	r.requests = append(r.requests, req)
	if len(r.answers) == 0 {
		return answer(200, "{}"), nil
	}
	next := r.answers[0]
	r.answers = r.answers[1:]
	return &next, nil
}

func (r *recorder) last(t *testing.T) *isojot.Request {
	t.Helper()
	if len(r.requests) == 0 {
		t.Fatal("nothing was sent")
	}
	return r.requests[len(r.requests)-1]
}

func answer(status int, body string) *isojot.Response {
	return &isojot.Response{
		Status: status, Body: []byte(body),
		Header: map[string][]string{"content-type": {"application/json; charset=UTF-8"}},
	}
}

func newClient(t *testing.T, opts ...isojot.Option) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient(testEndpoint, "demo", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewClientRefusesBadArguments(t *testing.T) {
	for name, c := range map[string]struct {
		endpoint, project string
		opt               isojot.Option
		want              string // in the message: the field and the fix
	}{
		"no scheme":         {"localhost:7519/v1", "demo", nil, `endpoint: "localhost:7519/v1" does not begin with http:// or https://`},
		"empty endpoint":    {"", "demo", nil, `such as "http://localhost:7519/v1"`},
		"no host":           {"http:///v1", "demo", nil, "names no host"},
		"only a port":       {"http://:7519/v1", "demo", nil, "names no host"},
		"query":             {"http://h/v1?project=x", "demo", nil, "query"},
		"user name":         {"http://u:p@h/v1", "demo", nil, "user name"},
		"line break":        {"http://h/v1\nx", "demo", nil, "character"},
		"empty project":     {testEndpoint, "", nil, "project: empty; pass the project's id"},
		"project with dash": {testEndpoint, "-demo", nil, "is no project id"},
		"project too long":  {testEndpoint, strings.Repeat("p", 37), nil, "longer than 36"},
		"jwt of one part":   {testEndpoint, "demo", isojot.WithJWT("abc"), "1 parts between dots instead of 3; pass the JWT of CreateJWT's answer"},
		"bearer jwt":        {testEndpoint, "demo", isojot.WithJWT("Bearer " + testToken), `without "Bearer "`},
		"huge jwt":          {testEndpoint, "demo", isojot.WithJWT(strings.Repeat("a", 9000)), "8192"},
		"session break":     {testEndpoint, "demo", isojot.WithSession("a\r\nCookie: b"), "session: has a line break"},
		"key space":         {testEndpoint, "demo", isojot.WithKey(" k"), "key: begins or ends with a space"},
		"header own":        {testEndpoint, "demo", isojot.WithHeader("X-Appwrite-JWT", "x"), "set by WithJWT"},
		"header name":       {testEndpoint, "demo", isojot.WithHeader("a b", "x"), "RFC 9110"},
		"header empty":      {testEndpoint, "demo", isojot.WithHeader("", "x"), "name is empty"},
		"nil transport":     {testEndpoint, "demo", isojot.WithTransport(nil), "transport: nil"},
	} {
		var opts []isojot.Option
		if c.opt != nil {
			opts = append(opts, c.opt)
		}
		client, err := isojot.NewClient(c.endpoint, c.project, opts...)
		var e *isojot.Error
		if client != nil || !errors.As(err, &e) {
			t.Errorf("%s: %v, %v", name, client, err)
			continue
		}
		if !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: %q does not say %q", name, e.Message, c.want)
		}
	}
}

func TestErrorsNeverRepeatCredentials(t *testing.T) {
	const secret = "s3cr3t"
	for name, opt := range map[string]isojot.Option{
		"jwt": isojot.WithJWT(secret), "session": isojot.WithSession(secret + "\n"), "key": isojot.WithKey(secret + "\x00"),
	} {
		if _, err := isojot.NewClient(testEndpoint, "demo", opt); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWithLeavesTheOriginalAlone(t *testing.T) {
	rec := &recorder{}
	base := newClient(t, isojot.WithTransport(rec), isojot.WithHeader("X-Trace", "1"))
	alice, err := base.With(isojot.WithSession("alice"), isojot.WithHeader("X-Trace", "2"))
	if err != nil {
		t.Fatal(err)
	}
	bob, err := alice.With(isojot.WithSession("bob"), isojot.WithHeader("X-Trace", ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		client         *isojot.Client
		session, trace string
	}{{alice, "alice", "2"}, {bob, "bob", ""}} {
		if _, err := c.client.Account.Get(t.Context()); err != nil {
			t.Fatal(err)
		}
		h := rec.last(t).Header
		if h["x-appwrite-session"] != c.session || h["x-trace"] != c.trace {
			t.Errorf("sent session %q, trace %q; want %q, %q", h["x-appwrite-session"], h["x-trace"], c.session, c.trace)
		}
	}
	if _, err := base.Call(t.Context(), "account.create", isojot.Params{}); err != nil {
		t.Fatal(err)
	}
	if h := rec.last(t).Header; h["x-appwrite-session"] != "" || h["x-trace"] != "1" {
		t.Errorf("the base client sent %v", h)
	}
}

func TestRequestOnTheWire(t *testing.T) {
	rec := &recorder{}
	c, err := isojot.NewClient("https://api.test/v1/", "Demo", isojot.WithTransport(rec), isojot.WithSession("secret%3D%3d"), isojot.WithLocale("de"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Account.GetSession(t.Context(), "a/b?c"); err != nil {
		t.Fatal(err)
	}
	req := rec.last(t)
	if req.Method != "GET" || req.URL != "https://api.test/v1/account/sessions/a%2Fb%3Fc" || req.Body != nil {
		t.Errorf("sent %s %s %q", req.Method, req.URL, req.Body)
	}
	for name, want := range map[string]string{
		"x-appwrite-project": "Demo", "x-appwrite-locale": "de", "x-appwrite-session": "secret==",
		"x-appwrite-response-format": "1.9.6", "x-sdk-version": isojot.Version, "content-type": "",
	} {
		if got := req.Header[name]; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{Duration: 90 * time.Second}); err != nil {
		t.Fatal(err)
	}
	if req = rec.last(t); string(req.Body) != `{"duration":90}` || req.Header["content-type"] != "application/json" {
		t.Errorf("sent %q as %q", req.Body, req.Header["content-type"])
	}
}

func TestCallRefusesWhatCannotBeSent(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithTransport(rec), isojot.WithSession("s"))
	calls := map[string]func() error{
		"no operation of this name": func() error {
			_, err := c.Call(t.Context(), "account.nothing", isojot.Params{})
			return err
		},
		`sessionId: "" cannot be an id`:   func() error { return c.Account.DeleteSession(t.Context(), "") },
		`sessionId: ".." cannot be an id`: func() error { return c.Account.DeleteSession(t.Context(), "..") },
		"duration: 1.5s is not a whole number of seconds between 1s and 1h0m0s": func() error {
			_, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{Duration: 1500 * time.Millisecond})
			return err
		},
		"duration: 2h0m0s": func() error {
			_, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{Duration: 2 * time.Hour})
			return err
		},
		"duration: -1s": func() error {
			_, err := c.Account.CreateJWT(t.Context(), isojot.CreateJWT{Duration: -time.Second})
			return err
		},
	}
	for want, call := range calls {
		err := call()
		if !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if len(rec.requests) != 0 {
		t.Errorf("%d requests were sent", len(rec.requests))
	}
}

func TestErrorText(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{*answer(403, `{"message":"The current user has been blocked.","code":403,"type":"user_blocked","version":"1.9.6"}`)}}
	_, err := newClient(t, isojot.WithTransport(rec), isojot.WithJWT(testToken)).Account.Get(t.Context())
	if want := "isojot: account.get: The current user has been blocked. (403 user_blocked) " +
		"user-blocked: The user is blocked; only the project's owner can unblock them."; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if !errors.Is(err, isojot.ErrUserBlocked) || errors.Is(err, isojot.ErrUserNotFound) {
		t.Error("errors.Is does not go by the type")
	}
	var e *isojot.Error
	if !errors.As(err, &e) || e.Code != 403 || e.Operation != "account.get" || !strings.Contains(e.Response, `"version"`) {
		t.Errorf("%+v", e)
	}
}

func TestAnswersThatAreNotTheAPIs(t *testing.T) {
	html := map[string][]string{"content-type": {"text/html"}}
	for name, c := range map[string]struct {
		answer isojot.Response
		want   string
	}{
		"page":            {isojot.Response{Status: 200, Header: html, Body: []byte("<p>")}, "answered 200 with text/html instead of the API's JSON: check the endpoint (it usually ends in /v1)"},
		"page 404":        {isojot.Response{Status: 404, Header: html, Body: []byte("<p>")}, "answered 404 with text/html"},
		"nothing":         {isojot.Response{Status: 502}, "answered 502 with an empty body"},
		"no type":         {isojot.Response{Status: 200, Body: []byte("x")}, "a body of no content type"},
		"redirect":        {isojot.Response{Status: 301, Header: map[string][]string{"location": {"https://b/"}}}, "redirect to https://b/, which is not followed"},
		"opaque redirect": {isojot.Response{}, "answered with a redirect, which is not followed"},
		"other JSON":      {*answer(500, `{"error":"x"}`), "answered 500 with application/json; charset=UTF-8 instead of the API's JSON"},
		"success list":    {*answer(200, `[]`), "not the JSON this call returns"},
		"success null":    {*answer(200, " null\n"), "not the JSON this call returns (null for an object)"},
	} {
		rec := &recorder{answers: []isojot.Response{c.answer}}
		_, err := newClient(t, isojot.WithTransport(rec), isojot.WithJWT(testToken)).Account.Get(t.Context())
		if !errors.Is(err, isojot.ErrBadResponse) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

// TestRetryAfter holds which answers say when to come back, a proxy's pages too.
func TestRetryAfter(t *testing.T) {
	page := answer(503, "<p>")
	page.Header["content-type"] = []string{"text/html"}
	for name, c := range map[string]struct {
		answer *isojot.Response
		want   time.Duration
	}{
		"limited":    {apiError(429, "general_rate_limit_exceeded", "too many"), time.Minute},
		"busy":       {apiError(503, "general_service_disabled", "busy"), time.Minute},
		"busy proxy": {page, time.Minute},
		"broken":     {apiError(500, "general_unknown", "broken"), 0},
		"refused":    {apiError(403, "user_blocked", "blocked"), 0},
	} {
		c.answer.Header["retry-after"] = []string{"60"}
		rec := &recorder{answers: []isojot.Response{*c.answer}}
		_, err := newClient(t, isojot.WithTransport(rec), isojot.WithJWT(testToken)).Account.Get(t.Context())
		if e := asError(t, err); e.RetryAfter != c.want {
			t.Errorf("%s: %v, want %v", name, e.RetryAfter, c.want)
		}
	}
}

func TestTransportFailure(t *testing.T) {
	boom := errors.New("boom")
	fails := isojot.TransportFunc(func(context.Context, *isojot.Request) (*isojot.Response, error) { return nil, boom })
	c := newClient(t, isojot.WithTransport(fails), isojot.WithJWT(testToken))
	_, err := c.Account.Get(t.Context())
	if !errors.Is(err, isojot.ErrNetwork) || !errors.Is(err, boom) || !strings.Contains(err.Error(), "no answer from GET http://api.test/v1/account (boom)") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = c.Account.Get(ctx); !errors.Is(err, isojot.ErrCanceled) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestPing holds that an answer of any text will do, and what a refusal says.
func TestPing(t *testing.T) {
	rec := &recorder{answers: []isojot.Response{
		{Status: 200, Header: map[string][]string{"content-type": {"text/plain; charset=UTF-8"}}, Body: []byte("Pong!")},
		*answer(404, `{"message":"Project not found","code":404,"type":"project_not_found"}`),
	}}
	c := newClient(t, isojot.WithTransport(rec), isojot.WithSession("secret"))
	if err := c.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if err := c.Ping(t.Context()); !errors.Is(err, isojot.ErrProjectNotFound) {
		t.Errorf("unknown project: %v", err)
	}
	req := rec.requests[0]
	if want := testEndpoint + "/ping"; req.Method != "GET" || req.URL != want || req.Header["x-appwrite-session"] != "" || req.Cookies {
		t.Errorf("%s %s with %v, want GET %s and no credential", req.Method, req.URL, req.Header, want)
	}
}

// What a service's operation may need besides: headers of one call, a query in
// its own order, the client's project in the path, and answers that are no JSON.
func TestRequestsOfServices(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	client := newClient(t, isojot.WithTransport(rec))
	operation := func(pattern string, kind isojot.Answer) isojot.Operation {
		return isojot.Operation{Name: "things.do", Route: isojot.Route{Pattern: pattern, Lanes: []isojot.Lane{isojot.LaneGuest}, Answer: kind}}
	}
	plain := &isojot.Response{Status: 200, Header: map[string][]string{"content-type": {"image/png"}}, Body: []byte{0x89}}
	moved := &isojot.Response{Status: 301, Header: map[string][]string{"location": {"https://idp.example/"}}}
	for name, tc := range map[string]struct {
		operation isojot.Operation
		params    isojot.Params
		answer    *isojot.Response
		want      string // the request, or the error's type
	}{
		"a query as written": {operation("GET /things", isojot.AnswerJSON), isojot.Params{RawQuery: "z=1&a=%5B"}, answer(200, "{}"), "GET /things?z=1&a=%5B  "},
		"no body":            {operation("DELETE /things/{id}", isojot.AnswerJSON), isojot.Params{Path: map[string]string{"id": "a b"}}, answer(200, "{}"), "DELETE /things/a%20b application/json {}"},
		"another body": {operation("POST /oauth2/{project}/things", isojot.AnswerJSON),
			isojot.Params{Body: []byte("--x"), Header: map[string]string{"content-type": "multipart/form-data; boundary=x"}}, answer(200, "{}"),
			"POST /oauth2/demo/things multipart/form-data; boundary=x --x"},
		"content":             {operation("GET /things", isojot.AnswerContent), isojot.Params{}, plain, "GET /things  "},
		"content unasked":     {operation("GET /things", isojot.AnswerJSON), isojot.Params{}, plain, string(isojot.ErrBadResponse)},
		"a location":          {operation("GET /things", isojot.AnswerLocation), isojot.Params{}, moved, "GET /things  "},
		"a location unasked":  {operation("GET /things", isojot.AnswerContent), isojot.Params{}, moved, string(isojot.ErrBadResponse)},
		"a credential's name": {operation("GET /things", isojot.AnswerJSON), isojot.Params{Header: map[string]string{"x-appwrite-key": "k"}}, answer(200, "{}"), string(isojot.ErrInvalidArgument)},
		"it in capitals":      {operation("GET /things", isojot.AnswerJSON), isojot.Params{Header: map[string]string{"X-Appwrite-JWT": "evil"}}, answer(200, "{}"), string(isojot.ErrInvalidArgument)},
		"a type in capitals": {operation("POST /things", isojot.AnswerJSON), isojot.Params{Body: []byte("x"), Header: map[string]string{"Content-Type": "text/plain"}}, answer(200, "{}"),
			"POST /things text/plain x"},
		"two lines of a type": {operation("POST /things", isojot.AnswerJSON), isojot.Params{Header: map[string]string{"content-type": "a\r\nx-evil: 1"}}, answer(200, "{}"), string(isojot.ErrInvalidArgument)},
	} {
		rec.requests, rec.answers = nil, []isojot.Response{*tc.answer}
		got := ""
		if _, err := client.Do(t.Context(), tc.operation, tc.params); err != nil {
			got = string(err.(*isojot.Error).Type)
		} else {
			req := rec.last(t)
			got = req.Method + " " + req.URL[len(testEndpoint):] + " " + req.Header["content-type"] + " " + string(req.Body)
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestResponseFormat(t *testing.T) {
	const header = "x-appwrite-response-format"
	for version, want := range map[string]string{"": "1.9.6", "2.3.0": "2.3.0"} {
		r := &recorder{}
		if err := newClient(t, isojot.WithTransport(r), isojot.WithResponseFormat(version)).Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := r.last(t).Header[header]; got != want {
			t.Errorf("%q: %s is %q, want %q", version, header, got, want)
		}
	}
	if _, err := newClient(t).With(isojot.WithResponseFormat("2.3.0\n")); err == nil {
		t.Error("a line break was taken for a version")
	}
	if _, err := newClient(t).With(isojot.WithHeader("X-Appwrite-Response-Format", "1.0.0")); err == nil || !strings.Contains(err.Error(), "WithResponseFormat") {
		t.Errorf("the header by hand: %v, which does not name the option", err)
	}
}

func TestEmptyHeaderTakesAway(t *testing.T) {
	r := &recorder{}
	c := newClient(t, isojot.WithTransport(r), isojot.WithHeader("x-own", "1"))
	operation := isojot.Operation{Name: "things.delete", Route: isojot.Route{Pattern: "DELETE /things/{id}", Lanes: []isojot.Lane{isojot.LaneGuest}}}
	p := isojot.Params{
		Path: map[string]string{"id": "it's (1*2)!"}, Body: []byte{},
		Header: map[string]string{"content-type": "", "x-own": "", "x-appwrite-project": ""},
	}
	if _, err := c.Do(t.Context(), operation, p); err != nil {
		t.Fatal(err)
	}
	sent := r.last(t)
	for name := range p.Header {
		if value, ok := sent.Header[name]; ok {
			t.Errorf("%s went out as %q", name, value)
		}
	}
	if want := testEndpoint + "/things/it's%20(1*2)!"; sent.URL != want || len(sent.Body) != 0 {
		t.Errorf("sent %s with the body %q, want %s with none", sent.URL, sent.Body, want)
	}
}
