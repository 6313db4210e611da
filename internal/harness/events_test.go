//go:build !race

package harness

import (
	"time"

	"github.com/isojot/isojot/server"
)

// The servers that a test uses: the request waits at one, the event comes by
// another, and a third one is asked what is right.
const (
	here = iota
	there
	elsewhere
)

// event is what happens while a request waits for its body.
type event struct {
	name string
	// ways are those whose right it ends.
	ways way
	// jwtLife is how long the JWTs live, in seconds; 0: 900.
	jwtLife int
	// userGone: no execution runs as the user from then on. Where only a session
	// has ended, one that nobody waits for runs without a token.
	userGone bool
	// byPassword: it needs a user who has one.
	byPassword bool
	// once happens to all, then happens to each.
	once    func(*place)
	happens func(*person)
}

// sessionLife and sessionsKept are the rules of the place.
const (
	sessionLife  = 30 * time.Minute
	sessionsKept = 2
)

// functionKeyLife is how long a function's API key lives: its time-out and a
// minute (docs/functions.md).
const functionKeyLife = 15*time.Second + time.Minute

// userRules are what the events need.
func userRules(o *server.Options) {
	o.Projects = []server.Project{{ID: server.DefaultProject, Rules: server.Rules{SessionDuration: sessionLife, MaxSessions: sessionsKept}}}
}

// events are all that ends a right.
var events = []event{
	{name: "session ended", ways: byUser, happens: func(w *person) { w.do(there, "account.deleteSession", bySession, args{"sessionId": "current"}) }},
	{name: "all sessions ended", ways: byUser, happens: func(w *person) { w.do(there, "account.deleteSessions", bySession, nil) }},
	{name: "session ended by API key", ways: byUser, happens: func(w *person) {
		w.place.must(204, there, "DELETE", "/v1/users/"+w.id+"/sessions/"+w.sessionID, "")
	}},
	{name: "all sessions ended by API key", ways: byUser, happens: func(w *person) {
		w.place.must(204, there, "DELETE", "/v1/users/"+w.id+"/sessions", "")
	}},
	{name: "session ended by newer ones", ways: byUser, byPassword: true, once: func(p *place) { p.clock.move(time.Second) }, happens: func(w *person) {
		for range sessionsKept {
			w.do(there, "account.createEmailPasswordSession", byPassword, signsIn(w))
		}
	}},
	{name: "password changed in another session", ways: byUser, happens: func(w *person) {
		other := *w
		other.session, other.sessionID = w.newSession()
		change := args{"password": another}
		if w.email != "" {
			change["oldPassword"] = password
		}
		other.do(there, "account.updatePassword", bySession, change)
	}},
	{name: "password set by API key", ways: byUser | byPassword | byLink, happens: func(w *person) {
		w.place.must(200, there, "PATCH", "/v1/users/"+w.id+"/password", quote(args{"password": another}))
	}},
	{name: "address changed by API key", ways: byLink, happens: func(w *person) {
		w.place.must(200, there, "PATCH", "/v1/users/"+w.id+"/email", quote(args{"email": "moved-" + w.email}))
	}},
	{name: "user blocked", userGone: true, ways: byUser | byPassword | byToken | byLink, happens: func(w *person) {
		w.place.must(200, there, "PATCH", "/v1/users/"+w.id+"/status", `{"status":false}`)
	}},
	{name: "user blocked by itself", userGone: true, ways: byUser, happens: func(w *person) { w.do(there, "account.updateStatus", bySession, nil) }},
	{name: "user deleted", userGone: true, ways: byUser | byPassword | byToken | byLink, happens: func(w *person) {
		w.place.must(204, there, "DELETE", "/v1/users/"+w.id, "")
	}},
	{name: "user deleted by itself", userGone: true, ways: byUser, happens: func(w *person) { w.do(there, "account.delete", bySession, nil) }},
	{name: "user deleted and another made with its id", userGone: true, ways: byUser | byPassword | byToken | byLink, happens: func(w *person) {
		w.place.must(204, there, "DELETE", "/v1/users/"+w.id, "")
		w.signUp(another)
	}},
	{name: "signing keys revoked", ways: byJWT, once: func(p *place) {
		if _, err := p.server(there).Keys().Rotate(p.Context(), server.DefaultProject, server.Rotation{Revoke: true}); err != nil {
			p.Error(err)
		}
	}},
	{name: "JWT expired", ways: byJWT, once: func(p *place) { p.clock.move(15*time.Minute + time.Second) }},
	{name: "session expired", ways: byUser, jwtLife: 3600, once: func(p *place) { p.clock.move(sessionLife + time.Second) }},
	{name: "API key revoked", ways: byKey, happens: func(w *person) {
		if err := w.place.server(there).Keys().Revoke(w.place.Context(), server.DefaultProject, w.keyID); err != nil {
			w.place.Error(err)
		}
	}},
	{name: "API key expired", ways: byKey, once: func(p *place) { p.clock.move(keyLife + time.Second) }},
	{name: "function's API key expired", ways: byFunction, once: func(p *place) { p.clock.move(functionKeyLife + time.Second) }},
	{name: "token expired", ways: byToken, once: func(p *place) { p.clock.move(tokenLife*time.Second + time.Second) }},
	{name: "link expired", ways: byLink, once: func(p *place) { p.clock.move(time.Hour + time.Second) }},
	{name: "recovery by another", ways: byLink, happens: func(w *person) { w.do(there, "account.updateRecovery", byLink, recovers(w)) }},
	{name: "token redeemed by another", ways: byToken, happens: func(w *person) { w.do(there, "account.createSession", byToken, redeems(w)) }},
}
