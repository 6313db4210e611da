package isojot_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// moment is where the clocks of these tests start.
var moment = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// handClock is a clock that a test moves.
type handClock struct {
	mu   sync.Mutex
	wall time.Time
	mono time.Duration
}

func newClock(wall time.Time) *handClock { return &handClock{wall: wall} }

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall
}

func (c *handClock) Elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mono
}

// move lets wall time and running time go by, which differ where the machine
// sleeps (no running time) or its clock is set (no running time, or less).
func (c *handClock) move(wall, mono time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.mono = c.wall.Add(wall), c.mono+mono
}

func (c *handClock) pass(d time.Duration) { c.move(d, d) }

// jwtOf writes the nth token of a test. Its signature is none: the client never
// verifies.
func jwtOf(user, session string, exp time.Time, n int) string {
	part := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(data)
	}
	return part(map[string]string{"typ": "JWT", "alg": "HS256"}) + "." +
		part(map[string]any{"userId": user, "sessionId": session, "exp": exp.Unix(), "n": n}) + ".c2ln"
}

// authority is a transport in front of a server whose conduct a test sets.
type authority struct {
	// clock is the server's; life is how long tokens live there, 0: as asked.
	clock *handClock
	life  time.Duration
	// dateless leaves the Date header out.
	dateless bool

	mu            sync.Mutex
	user, session string
	created       int
	calls         []string // the tokens that calls other than creations carried
	// create and call, where set, answer instead; n counts creations from 1.
	create func(ctx context.Context, n int) (*isojot.Response, error)
	call   func(jwt string) *isojot.Response
}

func newAuthority(clock *handClock) *authority {
	return &authority{clock: clock, user: "alice", session: "s1"}
}

func (a *authority) RoundTrip(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
	if req.Method != "POST" || !strings.HasSuffix(req.URL, "/account/jwts") {
		return a.answerCall(req)
	}
	a.mu.Lock()
	a.created++
	n, create := a.created, a.create
	a.mu.Unlock()
	if create != nil {
		if res, err := create(ctx, n); res != nil || err != nil {
			return res, err
		}
	}
	return a.grant(req)
}

func (a *authority) answerCall(req *isojot.Request) (*isojot.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	jwt := req.Header["x-appwrite-jwt"]
	a.calls = append(a.calls, jwt)
	if a.call != nil {
		if res := a.call(jwt); res != nil {
			return res, nil
		}
	}
	claims, err := isojot.Decode(jwt)
	if err == nil && !a.clock.Now().Before(claims.Expiry) {
		return refusedJWT("Expired"), nil
	}
	user, session := a.user, a.session
	if err == nil {
		user, session = claims.UserID, claims.SessionID
	}
	if strings.Contains(req.URL, "/sessions") {
		return answer(200, `{"$id":"`+session+`","userId":"`+user+`"}`), nil
	}
	return answer(200, `{"$id":"`+user+`"}`), nil
}

// grant makes a token as Appwrite does, in whole seconds.
func (a *authority) grant(req *isojot.Request) (*isojot.Response, error) {
	asked := struct{ Duration int }{900}
	if req.Body != nil {
		if err := json.Unmarshal(req.Body, &asked); err != nil {
			return nil, err
		}
	}
	life := a.life
	if life == 0 {
		life = time.Duration(asked.Duration) * time.Second
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock.Now()
	res := answer(201, `{"jwt":"`+jwtOf(a.user, a.session, now.Add(life), a.created)+`"}`)
	if !a.dateless {
		res.Header["date"] = []string{now.Format("Mon, 02 Jan 2006 15:04:05 GMT")}
	}
	return res, nil
}

func (a *authority) creations() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.created
}

// set changes the conduct while requests may be under way.
func (a *authority) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

func apiError(status int, kind, message string) *isojot.Response {
	data, err := json.Marshal(map[string]any{"message": message, "code": status, "type": kind, "version": "1.9.6"})
	if err != nil {
		panic(err)
	}
	return answer(status, string(data))
}

func refusedJWT(why string) *isojot.Response {
	return apiError(401, "user_jwt_invalid", "Failed to verify JWT. Invalid token: "+why)
}

func limited(header map[string]string) *isojot.Response {
	res := apiError(429, "general_rate_limit_exceeded", "Rate limit for the current endpoint has been exceeded. Please try again after some time.")
	for name, value := range header {
		res.Header[name] = []string{value}
	}
	return res
}

// sourceOf makes a token source of a client that has a session there.
func sourceOf(t *testing.T, tr isojot.Transport, clock isojot.Clock, opts ...isojot.TokenOption) *isojot.SessionTokens {
	t.Helper()
	c := newClient(t, isojot.WithTransport(tr), isojot.WithSession("secret"))
	return newSource(t, c, append(opts, isojot.TokenClock(clock))...)
}

func newSource(t *testing.T, c *isojot.Client, opts ...isojot.TokenOption) *isojot.SessionTokens {
	t.Helper()
	s, err := c.Account.TokenSource(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// token asks for one and fails the test if there is none.
func token(t *testing.T, s *isojot.SessionTokens) *isojot.Token {
	t.Helper()
	tok, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// failure is the *Error in err, which there must be.
func failure(t *testing.T, err error) *isojot.Error {
	t.Helper()
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

// changes collects what a source tells, which it does on whichever goroutine:
// it is to be read within synctest.Test.
type changes struct {
	mu   sync.Mutex
	list []isojot.Change
}

func watch(s *isojot.SessionTokens) *changes {
	c := &changes{}
	s.OnChange(func(change isojot.Change) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.list = append(c.list, change)
	})
	return c
}

// all returns what came since the last time, when everything has come.
func (c *changes) all() []isojot.Change {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

// take is all, as "kind user" joined by ", ".
func (c *changes) take() string { return described(c.all()) }

func described(list []isojot.Change) string {
	var texts []string
	for _, change := range list {
		texts = append(texts, strings.TrimSpace(string(change.Kind)+" "+change.UserID))
	}
	return strings.Join(texts, ", ")
}
