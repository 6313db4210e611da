//go:build !race

package harness

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server"
)

// list are the ids of the person's sessions, and when they changed last.
func (w *person) list(at int) map[string]string {
	var body struct {
		Sessions []struct {
			ID      string `json:"$id"`
			Updated string `json:"$updatedAt"`
		}
	}
	a := w.place.must(200, at, "GET", "/v1/users/"+w.id+"/sessions", "")
	if err := json.Unmarshal(a.body, &body); err != nil {
		w.place.Error(err)
	}
	all := map[string]string{}
	for _, s := range body.Sessions {
		all[s.ID] = s.Updated
	}
	return all
}

// signIn signs the person in by its password, at a server.
func (w *person) signIn(at int) (id string) {
	return w.do(at, "account.createEmailPasswordSession", byPassword, signsIn(w)).member("$id")
}

// At the limit of sessions the one that was made first ends, whatever the clocks
// said when.
func TestTheOldestSessionEnds(t *testing.T) {
	t.Parallel()
	inEach(t, apart, func(p *place) {
		who := p.newPerson(needs{})
		var made []string
		signIn := func(n int) {
			made = append(made, who.signIn(len(made)))
			there := who.list(here)
			var left, want []int
			for i, id := range made {
				if _, is := there[id]; is {
					left = append(left, i+1)
				}
				if i >= len(made)-10 {
					want = append(want, i+1)
				}
			}
			if !slices.Equal(left, want) {
				p.Errorf("after sign-in %d there are the sessions of %v, want %v", n, left, want)
			}
		}
		for n := range 15 {
			signIn(n + 1)
			p.clock.move(time.Second)
		}
		p.clock.move(-time.Hour)
		for n := range 5 {
			signIn(n + 16)
		}
	})
}

// changes are the setters of a user, by what calls them.
var changes = []struct {
	by   way
	name string
	args func(n int) args
}{
	{bySession, "account.updatePrefs", func(n int) args { return args{"prefs": map[string]any{"n": n}} }},
	{bySession, "account.updateName", func(n int) args { return args{"name": fmt.Sprint(n)} }},
	{bySession, "account.updateEmail", func(n int) args {
		return args{"email": fmt.Sprintf("changed%d@example.com", n), "password": password}
	}},
	{bySession, "account.updatePhone", func(n int) args { return args{"phone": fmt.Sprintf("+1416555%04d", n), "password": password} }},
	{bySession, "account.updatePassword", func(int) args { return args{"password": password, "oldPassword": password} }},
	{byKey, "users.updateName", func(n int) args { return args{"name": fmt.Sprint("b", n)} }},
	{byKey, "users.updateEmail", func(n int) args { return args{"email": fmt.Sprintf("again%d@example.com", n)} }},
	{byKey, "users.updatePhone", func(n int) args { return args{"number": fmt.Sprintf("+1415555%04d", n)} }},
	{byKey, "users.updatePassword", func(int) args { return args{"password": password} }},
	{byKey, "users.updateLabels", func(n int) args { return args{"labels": []string{fmt.Sprint("l", n)}} }},
	{byKey, "users.updatePrefs", func(n int) args { return args{"prefs": map[string]any{"b": n}} }},
	{byKey, "users.updateStatus", func(n int) args { return args{"status": n%2 == 0} }},
	{byKey, "users.updateEmailVerification", func(n int) args { return args{"emailVerification": n%2 == 0} }},
	{byKey, "users.updatePhoneVerification", func(n int) args { return args{"phoneVerification": n%2 == 0} }},
}

// When a user or session changed last never goes back.
func TestUpdatedAtNeverGoesBack(t *testing.T) {
	t.Parallel()
	inEach(t, apart, func(p *place) {
		for i, c := range changes {
			who := p.newPerson(needs{ways: bySession | byKey})
			change := func(n, at int) string {
				a := c.args(10*i + n)
				if c.by == byKey {
					a["userId"] = who.id
				}
				who.do(at, c.name, c.by, a)
				return p.must(200, here, "GET", "/v1/users/"+who.id, "").member("$updatedAt")
			}
			p.neverBack(c.name, change)
		}
		who := p.newPerson(needs{ways: bySession})
		p.neverBack("account.updateSession", func(_, at int) string {
			who.do(at, "account.updateSession", bySession, args{"sessionId": "current"})
			return who.list(here)[who.sessionID]
		})
	})
}

// neverBack makes a change by the clock that is ahead, by another one, and by
// that when it was set back.
func (p *place) neverBack(name string, change func(n, at int) string) {
	first := change(0, len(p.servers)-1)
	second := change(1, here)
	p.clock.move(-time.Hour)
	third := change(2, here)
	p.clock.move(time.Hour)
	if !slices.IsSorted([]string{first, second, third}) || first == "" {
		p.Errorf("%s: it was changed at %s, then at %s, and with the clock set back at %s", name, first, second, third)
	}
}

// A session that has expired is gone: nothing brings it back.
func TestExpiredSessionsStayExpired(t *testing.T) {
	t.Parallel()
	inEach(t, together, func(p *place) {
		for _, over := range []transport{rest, graphQL} {
			for _, late := range []bool{false, true} {
				p.Run(fmt.Sprintf("%s, body held %v", over, late), func(t *testing.T) { p.extendsExpired(t, over, late) })
			}
		}
	}, userRules)
}

// extendsExpired extends a session by another one, after it has expired or
// while it does.
func (p *place) extendsExpired(t *testing.T, over transport, late bool) {
	who := p.newPerson(needs{ways: bySession})
	p.clock.move(sessionLife / 2)
	other := *who
	other.session, other.sessionID = who.newSession()
	c := call{called("account.updateSession"), args{"sessionId": who.sessionID}, other.header(bySession)}
	expire := func() { p.clock.move(sessionLife/2 + time.Second) }
	var a answer
	if late {
		h, err := p.peer(here).begin(c.request(over), true)
		if err != nil {
			t.Fatal(err)
		}
		if h.early != nil {
			return // it was extended before it expired
		}
		expire()
		if a, err = h.finish(); err != nil {
			t.Fatal(err)
		}
	} else {
		expire()
		a = p.ask(here, c.request(over))
	}
	if got := over.status(a); got != 404 {
		t.Errorf("%s of a session that has expired: %d, want 404: %s", c.name(over), got, trimmed(a.body))
	}
	account := request{"GET", "/v1/account", who.header(bySession), ""}
	account.header["X-Appwrite-Project"] = server.DefaultProject
	if a := p.ask(elsewhere, account); a.status != 401 {
		t.Errorf("GET /account by the session that has expired: %d, want 401: %s", a.status, strings.TrimSpace(string(a.body)))
	}
}
