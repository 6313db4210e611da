//go:build !race

package harness

import (
	"fmt"
	"net/url"
	"time"

	"github.com/isojot/isojot/server"
)

// person is a user, with all by which requests can act for it.
type person struct {
	place *place
	n     int
	id    string
	email string

	session, sessionID string
	jwt                string
	key, keyID         string
	token              string // a one-time token
	link, recovery     string // the secrets of links that were mailed
	address            string

	has *belongings
}

// needs are what a person is made with.
type needs struct {
	ways         way
	passwordless bool
	jwtLife      int // in seconds; 0: 900
}

// keyLife is how long the API keys of people are valid.
const keyLife = 10 * time.Minute

// tokenLife is how long their one-time tokens are, in seconds.
const tokenLife = 60

// newPerson makes a user by the tests' own key.
func (p *place) newPerson(n needs) *person {
	p.Helper()
	who := &person{place: p, n: p.number(), address: p.newAddress()}
	who.id = fmt.Sprintf("u%d", who.n)
	who.has = newBelongings(who)
	if !n.passwordless {
		who.email = who.id + "@example.com"
	}
	who.signUp(password)
	if n.ways&(byUser|byServer) != 0 {
		who.session, who.sessionID = who.newSession()
	}
	if n.ways&byJWT != 0 {
		who.jwt = who.newJWT(here, n.jwtLife)
	}
	if n.ways&byKey != 0 {
		who.newKey()
	}
	if n.ways&byFunction != 0 {
		who.key = p.must(201, here, "POST", "/v1/functions/echo/executions", "{}").member("responseBody")
	}
	if n.ways&(byToken|byKey) != 0 {
		who.token = p.must(201, here, "POST", "/v1/users/"+who.id+"/tokens", fmt.Sprintf(`{"expire":%d}`, tokenLife)).member("secret")
	}
	if n.ways&byLink != 0 {
		who.link = p.must(201, here, "POST", "/v1/account/tokens/magic-url", quote(args{"userId": who.id, "email": who.email, "url": landing})).member("secret")
		who.recovery = p.must(201, here, "POST", "/v1/account/recovery", quote(args{"email": who.email, "url": landing})).member("secret")
	}
	return who
}

// signUp makes the user.
func (w *person) signUp(password string) {
	w.place.Helper()
	user := args{"userId": w.id}
	if w.email != "" {
		user["email"], user["password"] = w.email, password
	}
	w.place.must(201, here, "POST", "/v1/users", quote(user))
}

// newSession makes a session by the tests' own key, which ends no other.
func (w *person) newSession() (session, id string) {
	w.place.Helper()
	a := w.place.must(201, here, "POST", "/v1/users/"+w.id+"/sessions", "")
	return a.member("secret"), a.member("$id")
}

// newJWT makes a JWT of the person's first session, or of none where there is
// none, by the clock of a server.
func (w *person) newJWT(at, seconds int) string {
	w.place.Helper()
	if seconds == 0 {
		seconds = 900
	}
	wanted := args{"duration": seconds}
	if w.sessionID != "" {
		wanted["sessionId"] = w.sessionID
	}
	return w.place.must(201, at, "POST", "/v1/users/"+w.id+"/jwts", quote(wanted)).member("jwt")
}

// newKey gives the person an API key.
func (w *person) newKey() {
	w.place.Helper()
	key, made, err := w.place.server(here).Keys().Create(w.place.Context(), server.DefaultProject, server.NewKey{Expires: keyLife})
	if err != nil {
		w.place.Fatal(err)
	}
	w.key, w.keyID = key, made.ID
}

// header is how the person's requests come in a way: a session by each of the
// three headers that can carry it.
func (w *person) header(by way) map[string]string {
	h := map[string]string{"X-Forwarded-For": w.address}
	const cookie = "a_session_" + server.DefaultProject
	switch {
	case by == byJWT:
		h["X-Appwrite-JWT"] = w.jwt
	case by&byServer != 0:
		h["X-Appwrite-Key"] = w.key
	case by == bySession && w.n%3 == 0:
		h["Cookie"] = cookie + "=" + url.QueryEscape(w.session)
	case by == bySession && w.n%3 == 1:
		h["X-Fallback-Cookies"] = quote(map[string]string{cookie: w.session})
	case by == bySession:
		h["X-Appwrite-Session"] = w.session
	}
	return h
}

// call is an operation that the person asks for.
func (w *person) call(op *operation, by way) call { return call{op, op.args(w), w.header(by)} }

// do asks for an operation by name, and is for steps that must succeed.
func (w *person) do(at int, name string, by way, a args) answer {
	w.place.Helper()
	c := call{called(name), a, w.header(by)}
	answered := w.place.ask(at, c.request(rest))
	if answered.status >= 300 {
		w.place.Errorf("%v by %v: %d: %s", c.op, by, answered.status, trimmed(answered.body))
	}
	return answered
}
