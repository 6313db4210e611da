package server

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/wire"
)

// nextHour and nextMinute are when the windows of start end.
var (
	nextHour   = start.Truncate(time.Hour).Add(time.Hour)
	nextMinute = start.Truncate(time.Minute).Add(time.Minute)
)

// left are the headers of a window.
func left(limit, remaining int, reset time.Time) headers {
	return headers{"X-RateLimit-Limit": strconv.Itoa(limit), "X-RateLimit-Remaining": strconv.Itoa(remaining),
		"X-RateLimit-Reset": strconv.FormatInt(reset.Unix(), 10), "Retry-After": ""}
}

// spent are those of a window that is full.
func spent(limit int, reset time.Time, retryAfter string) headers {
	h := left(limit, 0, reset)
	h["Retry-After"] = retryAfter
	return h
}

const tooMany = "general_rate_limit_exceeded"

// wrongPassword is a sign-in that fails; rightPassword one that does not.
func wrongPassword(id string) string {
	return `{"email":"` + id + `@example.com","password":"wrong-password"}`
}

func rightPassword(id string) string {
	return `{"email":"` + id + `@example.com","password":"password123"}`
}

const signInPath = "/v1/account/sessions/email"

func TestSignInLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	try := func(status int, body string, h, want headers) {
		t.Helper()
		kind := map[int]string{201: "", 401: "user_invalid_credentials", 429: tooMany}[status]
		scenario{status: status, kind: kind, header: want}.check(t, f.do("POST", signInPath, h, body))
	}
	for i := range 5 {
		try(401, wrongPassword("ann"), nil, left(10, 9-i, nextHour))
	}
	try(201, rightPassword("ann"), nil, left(10, 4, nextHour)) // counted, then forgiven
	for i := range 10 {
		try(401, wrongPassword("ann"), nil, left(10, 9-i, nextHour))
	}
	full := spent(10, nextHour, "1023") // 12:42:57.123 to 13:00, rounded up
	try(429, wrongPassword("ann"), nil, full)
	try(429, rightPassword("ann"), nil, full)
	try(429, wrongPassword("ann"), headers{"RemoteAddr": "203.0.113.9:1"}, full) // the address does not matter
	scenario{status: 429, kind: tooMany}.check(t, f.do("POST", "/v1/account/sessions", nil, rightPassword("ann")))
	try(429, rightPassword("Ann"), nil, full) // neither does how it is spelled
	try(429, strings.Replace(rightPassword("ann"), `"ann`, `"  ann`, 1), nil, full)
	try(401, wrongPassword("bob"), nil, left(10, 9, nextHour))
	try(201, rightPassword("ann"), byTestKey, left(10, 0, nextHour)) // exempt, and it forgives
	try(401, wrongPassword("ann"), byTestKey, left(10, 9, nextHour))
	try(401, wrongPassword("ann"), nil, left(10, 9, nextHour)) // the key's did not count
}

func TestLimitsByAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	from := func(ip string) headers { return headers{"RemoteAddr": ip} }
	for i := range 10 {
		a := f.do("POST", "/v1/account", from("192.0.2.1:1"), "{}") // refused ones count
		scenario{status: 400, kind: "general_argument_invalid", header: left(10, 9-i, nextHour)}.check(t, a)
	}
	good := signUpBody(nil)
	f.run([]scenario{
		{name: "the 11th", method: "POST", path: "/v1/account", headers: from("192.0.2.1:2"), body: good, status: 429, kind: tooMany, header: spent(10, nextHour, "1023")},
		{name: "mapped to IPv6", method: "POST", path: "/v1/account", headers: from("[::ffff:192.0.2.1]:2"), body: good, status: 429, kind: tooMany},
		{name: "another route", method: "POST", path: "/v1/account/sessions/anonymous", headers: from("192.0.2.1:1"), status: 201, header: left(50, 49, nextHour)},
		{name: "another address", method: "POST", path: "/v1/account", headers: from("192.0.2.2:1"), body: "{}", status: 400, kind: "general_argument_invalid", header: left(10, 9, nextHour)},
		{name: "IPv6", method: "POST", path: "/v1/account", headers: from("[2001:db8::1]:1"), body: "{}", status: 400, kind: "general_argument_invalid", header: left(10, 9, nextHour)},
		{name: "its network", method: "POST", path: "/v1/account", headers: from("[2001:db8::ffff:1]:1"), body: "{}", status: 400, kind: "general_argument_invalid", header: left(10, 8, nextHour)},
		{name: "another network", method: "POST", path: "/v1/account", headers: from("[2001:db8:0:1::1]:1"), body: "{}", status: 400, kind: "general_argument_invalid", header: left(10, 9, nextHour)},
		{name: "a key", method: "POST", path: "/v1/account", headers: byTestKey, body: "{}", status: 400, kind: "general_argument_invalid", header: left(10, 0, nextHour)},
	})
	f.advance(nextHour.Sub(start))
	scenario{status: 201, header: left(10, 9, nextHour.Add(time.Hour))}.check(t, f.do("POST", "/v1/account", from("192.0.2.1:1"), good))
}

// PATCH and DELETE of one path have one counter, with a limit each.
func TestMethodsShareACounter(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	const path = "/v1/account/sessions/nosuch"
	for i := range 9 {
		scenario{status: 404, kind: "user_session_not_found", header: left(100, 99-i, nextHour)}.check(t, f.do("DELETE", path, session(store), "{}"))
	}
	f.run([]scenario{
		{name: "the 10th", method: "PATCH", path: "/v1/account/sessions/current", headers: session(store), status: 200, header: left(10, 0, nextHour)},
		{name: "the 11th", method: "PATCH", path: path, headers: session(store), status: 429, kind: tooMany},
		{name: "it was not counted", method: "DELETE", path: path, headers: session(store), status: 404, kind: "user_session_not_found", header: left(100, 89, nextHour)},
		{name: "all sessions: another path", method: "DELETE", path: "/v1/account/sessions", headers: session(store), status: 204, header: left(100, 99, nextHour)},
	})
}

// What one user has spent, others behind the same address still have.
func TestUsersDoNotShareCounters(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	anonymous := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "")
	cookie := headers{"Cookie": strings.Split(anonymous.Header().Get("Set-Cookie"), ";")[0]}
	for _, tt := range []struct {
		method, path             string
		limit, status, remaining int
	}{
		{"PATCH", "/v1/account/password", 10, 400, 9},
		{"PATCH", "/v1/account/sessions/x", 10, 404, 9},
		{"DELETE", "/v1/account/sessions/x", 100, 404, 98}, // with the one before
	} {
		for range tt.limit {
			f.do(tt.method, tt.path, cookie, "{}")
		}
		f.must(429, tt.method, tt.path, cookie, "{}")
		for _, h := range []headers{session(ann), session(ann).with(from("203.0.113.9:1"))} {
			scenario{status: tt.status, kind: map[int]string{400: "general_argument_invalid", 404: "user_session_not_found"}[tt.status], header: left(tt.limit, tt.remaining, nextHour)}.check(t, f.do(tt.method, tt.path, h, "{}"))
		}
	}
	f.must(204, "DELETE", "/v1/account/sessions", session(ann), "")
}

func TestAppwriteLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limits Limits
		n      int
		reset  time.Time
	}{{LimitsAppwrite10, 100, nextHour}, {LimitsAppwrite19, 120, nextMinute}} {
		t.Run(tt.limits.String(), func(t *testing.T) {
			f := newFixture(t, func(o *Options) { o.Limits = tt.limits })
			f.signUp("ann")
			f.signUp("bob")
			store, _ := f.signIn("ann")
			bob, _ := f.signIn("bob")
			for i := range tt.n {
				scenario{status: 201, header: left(tt.n, tt.n-1-i, tt.reset)}.check(t, f.do("POST", "/v1/account/jwts", session(store), "{}"))
			}
			wait := strconv.Itoa(int((tt.reset.Sub(start) + time.Second) / time.Second))
			f.run([]scenario{
				{name: "one more", method: "POST", path: "/v1/account/jwts", headers: session(store), status: 429, kind: tooMany, header: spent(tt.n, tt.reset, wait)},
				{name: "by the alias", method: "POST", path: "/v1/account/jwt", headers: session(store), status: 429, kind: tooMany},
				{name: "another user", method: "POST", path: "/v1/account/jwts", headers: session(bob), body: `{"duration":-1}`, status: 400,
					kind: "general_argument_invalid", header: left(tt.n, tt.n-1, tt.reset)},
			})
			f.advance(tt.reset.Sub(start))
			f.must(201, "POST", "/v1/account/jwts", session(store), "{}")
		})
	}
}

func TestCountersAreExactUnderConcurrency(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	codes := make([]int, 40)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() { codes[i] = f.do("POST", "/v1/account", nil, "{}").Code })
	}
	wg.Wait()
	count := map[int]int{}
	for _, code := range codes {
		count[code]++
	}
	if count[400] != 10 || count[429] != 30 {
		t.Errorf("40 requests at once were answered %v, want 10 times 400 and 30 times 429", count)
	}
}

func TestCountersSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	onDisk := func(o *Options) { o.Memory, o.DataDir = false, dir }
	t.Run("first", func(t *testing.T) {
		f := newFixture(t, onDisk)
		for range 10 {
			f.must(400, "POST", "/v1/account", nil, "{}")
		}
	})
	t.Run("second", func(t *testing.T) {
		newFixture(t, onDisk).must(429, "POST", "/v1/account", nil, "{}")
	})
}

// With Dev, those on this machine, who share an address, are not counted by
// it; what is counted by user or e-mail address still is.
func TestDevelopmentOnThisMachine(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Dev = &Dev{Token: "0123456789abcdef"} })
	if got := f.Info().Limits; got != "classic (JWTs valid 15 minutes, 10 creations per 60 minutes per user), none by address for this machine" {
		t.Errorf("Info().Limits = %q", got)
	}
	for i, ip := range []string{"127.0.0.1:1", "[::1]:1", "127.8.8.8:1"} {
		for range 11 {
			a := f.must(400, "POST", "/v1/account", headers{"RemoteAddr": ip}, "{}")
			if got := a.Header().Get("X-RateLimit-Remaining"); got != "9" {
				t.Errorf("%d: X-RateLimit-Remaining = %q, want 9", i, got)
			}
		}
	}
	for range 10 {
		f.must(401, "POST", signInPath, headers{"RemoteAddr": "127.0.0.1:1"}, wrongPassword("ann"))
		f.must(400, "POST", "/v1/account", headers{"RemoteAddr": "192.0.2.9:1"}, "{}")
	}
	f.must(429, "POST", signInPath, headers{"RemoteAddr": "127.0.0.1:1"}, wrongPassword("ann"))
	f.must(429, "POST", "/v1/account", headers{"RemoteAddr": "192.0.2.9:1"}, "{}")
	plain := newFixture(t)
	for range 10 {
		plain.must(400, "POST", "/v1/account", headers{"RemoteAddr": "127.0.0.1:1"}, "{}")
	}
	plain.must(429, "POST", "/v1/account", headers{"RemoteAddr": "127.0.0.1:1"}, "{}")
}

// Projects do not share counters, nor do the buckets say whom they are about.
func TestCountersOfProjects(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Project, o.Projects = "demo", []Project{{ID: "other"}} })
	for range 10 {
		f.must(401, "POST", signInPath, nil, wrongPassword("ann"))
	}
	f.must(429, "POST", signInPath, nil, wrongPassword("ann"))
	f.must(401, "POST", signInPath, headers{"X-Appwrite-Project": "other"}, wrongPassword("ann"))
	c := &call{s: f.Server, ep: endpoint{pattern: "POST /x"}, body: bodyOf(map[string]any{"email": "ann@example.com"})}
	bucket, err := limitEmail.bucket(c)
	if err != nil || len(bucket) != 64 || strings.Contains(bucket, "ann") {
		t.Errorf("the bucket is %q, %v", bucket, err)
	}
}

// Requests that differ in what a rule names have counters of their own.
func TestBucketsDiffer(t *testing.T) {
	t.Parallel()
	both := rule{route: true, param: "email"}
	seen := map[string]string{}
	for _, email := range []string{"a", "b", "", "/a", "a\x00b"} {
		for _, pattern := range []string{"POST /x", "POST /x/a"} {
			c := &call{ep: endpoint{pattern: pattern}, body: bodyOf(map[string]any{"email": email})}
			bucket, err := both.bucket(c)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s %q", pattern, email)
			if before, ok := seen[bucket]; ok {
				t.Errorf("%s and %s share a counter", name, before)
			}
			seen[bucket] = name
		}
	}
}

// Two requests share a counter if, and only if, they are about one account.
func TestBucketsFollowAccounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule        rule
		param, a, b string
		same        bool
	}{
		{limitEmail, "email", "ann@example.com", "ANN@Example.com", true},
		{limitEmail, "email", "ann@example.com", " ann@example.com\t", true},
		{limitEmail, "email", "ann@example.com", "an@example.com", false},
		{limitToken, "userId", "ann", "Ann", false},
	} {
		bucket := func(value string) string {
			c := &call{r: httptest.NewRequest("POST", "/x", nil), body: bodyOf(map[string]any{tt.param: value})}
			b, err := tt.rule.bucket(c)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		if got := bucket(tt.a) == bucket(tt.b); got != tt.same {
			t.Errorf("%q and %q share a counter: %v", tt.a, tt.b, got)
		}
	}
}

// bodyOf are the parameters of a body that was read.
func bodyOf(values map[string]any) *wire.Params {
	p := wire.NewParams(values)
	return &p
}
