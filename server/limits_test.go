package server

import (
	"strconv"
	"sync"
	"testing"
	"time"
)

// budget are the headers that tell a client what is left.
func budget(remaining int, reset time.Time) headers {
	return headers{"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": strconv.Itoa(remaining),
		"X-RateLimit-Reset": strconv.FormatInt(reset.Unix(), 10)}
}

// limited is a refused creation.
func limited(h headers, retryAfter string) scenario {
	wanted := budget(0, start.Add(time.Hour+time.Second)) // the part of a second rounded up
	wanted["Retry-After"] = retryAfter
	return scenario{method: "POST", path: "/v1/account/jwts", headers: h, body: "{}", status: 429, kind: "general_rate_limit_exceeded",
		message: "Rate limit for the current endpoint has been exceeded. Please try again after some time.", header: wanted}
}

func TestClassicLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	f.signUp("bob")
	first, _ := f.signIn("ann")
	second, _ := f.signIn("ann")
	bob, _ := f.signIn("bob")
	reset := start.Add(time.Hour + time.Second)
	paths := []string{"/v1/account/jwts", "/v1/account/jwt"} // an alias shares the window
	var jwt string
	for i := range 10 {
		a := f.must(201, "POST", paths[i%2], session(first), "{}")
		jwt = a.text("jwt")
		scenario{status: 201, header: budget(9-i, reset)}.check(t, a)
		f.advance(time.Second)
	}
	wait := strconv.Itoa(3600 - 10)
	for name, sc := range map[string]scenario{
		"the 11th":                 limited(session(first), wait),
		"from another session":     limited(session(second), wait),
		"by the alias":             limited(session(first), wait),
		"by JWT":                   limited(token(jwt), wait),
		"the limit comes first":    limited(session(first), wait),
		"whatever the Host header": limited(headers{"X-Appwrite-Session": first, "Host": "127.0.0.1:7519"}, wait),
	} {
		switch name {
		case "by the alias":
			sc.path = paths[1]
		case "the limit comes first":
			sc.body = `{"duration":-1}`
		}
		sc.name = name
		f.run([]scenario{sc})
	}
	f.must(201, "POST", "/v1/account/jwts", session(bob), "{}")
	f.advance(time.Hour - 10*time.Second - time.Millisecond)
	f.must(429, "POST", "/v1/account/jwts", session(first), "{}")
	f.advance(time.Millisecond)
	f.must(201, "POST", "/v1/account/jwts", session(second), "{}") // the first one has left, the others slide
	f.must(429, "POST", "/v1/account/jwts", session(second), "{}")
	f.advance(time.Hour)
	for range 10 {
		f.must(201, "POST", "/v1/account/jwts", session(first), "{}")
	}
}

func TestOnlyCreatedJWTsCount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := f.jwt(store)
	for range 12 {
		f.must(400, "POST", "/v1/account/jwts", session(store), `{"duration":-1}`)
		f.must(403, "POST", "/v1/account/jwts", token(jwt), "{}")
		f.must(401, "POST", "/v1/account/jwts", nil, "{}")
	}
	reset := start.Add(time.Hour + time.Second)
	scenario{status: 400, kind: "general_argument_invalid", header: budget(9, reset)}.
		check(t, f.do("POST", "/v1/account/jwts", session(store), `{"duration":-1}`))
	scenario{status: 201, header: budget(8, reset)}.check(t, f.do("POST", "/v1/account/jwts", session(store), "{}"))
	scenario{status: 401, kind: "general_unauthorized_scope", header: headers{"X-RateLimit-Limit": ""}}.
		check(t, f.do("POST", "/v1/account/jwts", nil, "{}"))
}

func TestLimitIsExactUnderConcurrency(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	stores := make([]string, 5)
	for i := range stores {
		stores[i], _ = f.signIn("ann")
	}
	codes := make([]int, 50)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() { codes[i] = f.do("POST", "/v1/account/jwts", session(stores[i%5]), "{}").Code })
	}
	wg.Wait()
	count := map[int]int{}
	for _, code := range codes {
		count[code]++
	}
	if count[201] != 10 || count[429] != 40 {
		t.Errorf("50 requests at once were answered %v, want 10 times 201 and 40 times 429", count)
	}
}

func TestLimitsOff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Limits = LimitsOff })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	for range 25 {
		a := f.must(201, "POST", "/v1/account/jwts", session(store), "{}")
		// What the limits would be, as Appwrite says it where they are off.
		scenario{status: 201, header: headers{"X-RateLimit-Limit": "120", "X-RateLimit-Remaining": "119"}}.check(t, a)
	}
	for range 12 {
		f.must(401, "POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"wrong-password"}`)
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Limits{"": LimitsClassic, "classic": LimitsClassic, "off": LimitsOff,
		"appwrite-1.0": LimitsAppwrite10, "appwrite-1.9": LimitsAppwrite19} {
		if got, err := ParseLimits(name); err != nil || got != want || name != "" && got.String() != name {
			t.Errorf("ParseLimits(%q) = %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"appwrite-1.8", "Classic", "none"} {
		_, err := ParseLimits(name)
		if err == nil || err.Error() != `server: unknown limits "`+name+`": use classic (JWTs valid 15 minutes, 10 creations per 60 minutes per user), `+
			`appwrite-1.0 (JWTs valid 15 minutes, 100 creations per 60 minutes per user), `+
			`appwrite-1.9 (JWTs valid 15 minutes, 120 creations per 60 seconds per user) or off (JWTs valid 15 minutes, no limits)` {
			t.Errorf("ParseLimits(%q): %v", name, err)
		}
	}
	if got := Limits(9).String(); got != "Limits(9)" {
		t.Errorf("an unknown preset is %q", got)
	}
}
