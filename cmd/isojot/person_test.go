package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// jwtLimit is how many JWTs a user may make in 60 minutes, which is more than a
// test takes.
const jwtLimit = 10

// state is what a server knows of a person.
type state struct {
	exists   bool
	password string
	prefs    string   // the one preference
	alive    []string // the secrets of the sessions
	unknown  int      // sessions more, whose secrets never arrived
}

// person is a user of a server that is killed at times, and the history of what
// was asked for it. One goroutine at a time acts for a person.
type person struct {
	t  *testing.T
	id string

	known state // by all answers
	// maybe is what holds as well if the last request, which got no answer, was
	// carried out; nil when all were answered.
	maybe *state

	before  string            // the password before the last change
	secrets []string          // of all sessions, those that have ended too
	jwts    map[string]string // JWT -> the secret of its session

	answered int      // JWTs that arrived
	made     int      // those that the server must have counted,
	mayHave  int      // and others that it may have
	history  []string // for people who look for a fault
}

func newPerson(t *testing.T, id string) *person {
	return &person{t: t, id: id, jwts: map[string]string{}}
}

// note keeps what was asked and how it was answered.
func (p *person) note(what string, status int) {
	p.history = append(p.history, fmt.Sprintf("%s: %d", what, status))
}

// does asks for a change that leads to the state next. It reports whether the
// server answered.
func (p *person) does(s *apart, what string, next state, want int, method, path, secret, body string) (reply, bool) {
	got := s.send(method, path, bySession(secret), body)
	p.note(what, got.status)
	switch got.status {
	case 0:
		p.maybe = &next
	case want:
		p.known = next
	default:
		p.t.Errorf("%s: %s is answered by %d %v\n%s", p.id, what, got.status, got.object, strings.Join(p.history, "\n"))
	}
	return got, got.status == want
}

// bySession is the header of a session; none for a guest.
func bySession(secret string) map[string]string {
	if secret == "" {
		return nil
	}
	return map[string]string{"X-Appwrite-Session": secret}
}

func byJWT(jwt string) map[string]string { return map[string]string{"X-Appwrite-JWT": jwt} }

// body is an object of texts as JSON.
func body(pairs ...string) string {
	object := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	text, err := json.Marshal(object)
	if err != nil { // texts always encode
		panic(err)
	}
	return string(text)
}

func (p *person) email() string { return p.id + "@example.com" }

func (p *person) signUp(s *apart) bool {
	password := "password of " + p.id
	next := state{exists: true, password: password}
	_, ok := p.does(s, "sign-up", next, 201, "POST", "/v1/account", "", body("userId", p.id, "email", p.email(), "password", password))
	return ok
}

func (p *person) signIn(s *apart) bool {
	next := p.known
	next.unknown++
	got, ok := p.does(s, "sign-in", next, 201, "POST", "/v1/account/sessions/email", "", body("email", p.email(), "password", p.known.password))
	if ok {
		p.known.unknown--
		p.hasSession(secretOf(p.t, got))
	}
	return ok
}

// hasSession notes a session that was answered.
func (p *person) hasSession(secret string) {
	p.known.alive = append(slices.Clone(p.known.alive), secret)
	p.secrets = append(p.secrets, secret)
}

// secretOf is the secret of the session in an answer.
func secretOf(t *testing.T, got reply) string {
	var cookies map[string]string
	if err := json.Unmarshal([]byte(got.header.Get("X-Fallback-Cookies")), &cookies); err != nil {
		t.Errorf("X-Fallback-Cookies: %v", err)
	}
	return cookies["a_session_demo"]
}

func (p *person) signOut(s *apart, secret string) bool {
	next := p.known
	next.alive = slices.DeleteFunc(slices.Clone(next.alive), func(other string) bool { return other == secret })
	_, ok := p.does(s, "sign-out", next, 204, "DELETE", "/v1/account/sessions/current", secret, "")
	return ok
}

func (p *person) signOutEverywhere(s *apart, secret string) bool {
	next := p.known
	next.alive, next.unknown = nil, 0
	_, ok := p.does(s, "sign-out everywhere", next, 204, "DELETE", "/v1/account/sessions", secret, "")
	return ok
}

// changePassword ends the other sessions, too.
func (p *person) changePassword(s *apart, secret, password string) bool {
	next, old := p.known, p.known.password
	next.password, next.alive, next.unknown = password, []string{secret}, 0
	_, ok := p.does(s, "password "+password, next, 200, "PATCH", "/v1/account/password", secret, body("password", password, "oldPassword", old))
	if ok {
		p.before = old
	}
	return ok
}

func (p *person) setPrefs(s *apart, secret, value string) bool {
	next := p.known
	next.prefs = value
	_, ok := p.does(s, "prefs "+value, next, 200, "PATCH", "/v1/account/prefs", secret, `{"prefs":`+body("value", value)+`}`)
	return ok
}

// makeJWTs asks for several JWTs at once.
func (p *person) makeJWTs(s *apart, secret string, n int) bool {
	replies := make([]reply, n)
	var asking sync.WaitGroup
	for i := range replies {
		asking.Go(func() { replies[i] = s.send("POST", "/v1/account/jwts", bySession(secret), "{}") })
	}
	asking.Wait()
	refused, ok := 0, true
	for _, got := range replies {
		p.note("JWT", got.status)
		switch got.status {
		case 201:
			p.answered++
			p.made++
			p.jwts[got.text("jwt")] = secret
		case 429:
			refused++
		case 0:
			p.mayHave++
			ok = false
		default:
			p.t.Errorf("%s: a JWT is answered by %d %v", p.id, got.status, got.object)
			ok = false
		}
	}
	if p.answered > jwtLimit {
		p.t.Errorf("%s made %d JWTs\n%s", p.id, p.answered, strings.Join(p.history, "\n"))
	}
	if refused > 0 && p.made+p.mayHave < jwtLimit {
		p.t.Errorf("%s was refused a JWT after %d\n%s", p.id, p.made, strings.Join(p.history, "\n"))
	}
	return ok
}
