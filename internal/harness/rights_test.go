//go:build !race

package harness

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
)

// attempt is a request whose caller's right ends while the server waits for the
// body.
type attempt struct {
	event *event
	by    way
	over  transport
	call  call
	who   *person
	held  *held
	wrong string // what is wrong with what came of it; "" for nothing
}

// What a caller may do is decided when it is done: a request whose right ends
// while its body is on the way is answered as one that begins then, and changes
// nothing.
func TestRightsEndWhileABodyIsOnTheWay(t *testing.T) {
	t.Parallel()
	inEach(t, together, func(p *place) {
		for i := range events {
			p.Run(events[i].name, func(t *testing.T) { p.rightsEnd(t, &events[i]) })
		}
	}, userRules)
}

// rightsEnd holds one request of each operation that the event concerns, lets
// it happen, and judges what becomes of them.
func (p *place) rightsEnd(t *testing.T, e *event) {
	all := e.attempts(t)
	each(all, func(a *attempt) { a.begin(p) })
	// A server may answer what needs no body before there is one.
	waiting := slices.DeleteFunc(slices.Clone(all), func(a *attempt) bool { return a.held == nil || a.held.early != nil })
	if t.Logf("%d of %d requests waited for their bodies", len(waiting), len(all)); len(waiting) == 0 {
		t.Fatal("so nothing was tested")
	}
	if e.once != nil {
		e.once(p)
	}
	if e.happens != nil {
		each(waiting, func(a *attempt) { e.happens(a.who) })
	}
	each(waiting, func(a *attempt) { a.wrong = a.judge(p) })
	for _, a := range waiting {
		if a.wrong != "" {
			t.Errorf("%v: %s", a, a.wrong)
		}
	}
}

// each calls a function with all attempts, a few at once.
func each(all []*attempt, f func(*attempt)) {
	places := make(chan struct{}, 8)
	var running sync.WaitGroup
	for _, a := range all {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			f(a)
		})
	}
	running.Wait()
}

// attempts are one for each operation, way and transport.
func (e *event) attempts(t *testing.T) []*attempt {
	var all []*attempt
	fields := mutations(t)
	for i := range operations {
		op := &operations[i]
		for by := bySession; by <= byLink; by <<= 1 {
			if op.ways&e.ways&by == 0 || op.passwordless && e.byPassword {
				continue
			}
			for _, over := range op.over(fields, i) {
				all = append(all, &attempt{event: e, by: by, over: over, call: call{op: op}})
			}
		}
	}
	return all
}

// begin makes the user and begins its request.
func (a *attempt) begin(p *place) {
	op := a.call.op
	a.who = p.newPerson(needs{ways: a.by | a.event.ways&bySession, passwordless: op.passwordless, jwtLife: a.event.jwtLife})
	a.call = a.who.call(op, a.by)
	var err error
	if a.held, err = p.peer(here).begin(a.call.request(a.over), a.who.n%2 == 0); err != nil {
		p.Errorf("%v: %v", a, err)
	}
}

// String tells the attempt.
func (a *attempt) String() string {
	return fmt.Sprintf("%s by %v, %s meanwhile", a.call.name(a.over), a.by, a.event.name)
}

// judge compares the answer of the request that waited with that of one that
// begins now, and what there is with what there was. It returns what is wrong.
func (a *attempt) judge(p *place) string {
	twin := p.ask(elsewhere, a.call.request(a.over))
	want := a.over.status(twin)
	if !refuses(want, 401) {
		return fmt.Sprintf("a request that begins after it is %d, and is to be refused: %s", want, trimmed(twin.body))
	}
	before := a.look(p)
	answer, err := a.held.finish()
	if err != nil {
		return err.Error()
	}
	var wrong []string
	if got := a.over.status(answer); !refuses(got, want) {
		wrong = append(wrong, fmt.Sprintf("%d, want %d", got, want))
	}
	if changed := differ(before, a.look(p)); changed != nil {
		wrong = append(wrong, "it changed "+strings.Join(changed, ", "))
	}
	if left := a.jwtsLeft(p); left != "9" {
		wrong = append(wrong, left+" JWTs are left, want 9")
	}
	return strings.Join(wrong, "; ")
}

// refuses reports whether a status refuses what a request that begins now is
// refused by another one: who has looked for the user first may say that there
// is none.
func refuses(got, want int) bool { return got == want || got == 401 || got == 403 || got == 404 }

// look is all that the request could change, by the tests' own key.
func (a *attempt) look(p *place) map[string]string {
	paths := map[string]string{"user": "/v1/users/" + a.who.id, "sessions": "/v1/users/" + a.who.id + "/sessions"}
	if a.call.op.looks != nil {
		what := "what it makes or ends"
		if a.call.op.users {
			what = "what the user has"
		}
		paths[what] = a.call.op.looks(a.who)
	}
	state := map[string]string{"runs of the function": fmt.Sprint(p.runs.of("/" + a.who.id))}
	for what, path := range paths {
		answer := p.ask(here, request{"GET", path, byAdmin, ""})
		var object map[string]any
		if json.Unmarshal(answer.body, &object) != nil {
			p.Errorf("GET %s: %d %s", path, answer.status, answer.body)
		}
		delete(object, "accessedAt") // which tells of requests that were refused, too
		for name, v := range object {
			state[what+" ("+name+")"] = quote(v)
		}
	}
	return state
}

// differ names what has changed.
func differ(before, after map[string]string) []string {
	all := maps.Clone(before)
	maps.Copy(all, after)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if before[name] != after[name] {
			names = append(names, name)
		}
	}
	return names
}

// jwtsLeft is how many JWTs the user may make after another one, where the
// request was for one and the user is there still; else all but that one.
func (a *attempt) jwtsLeft(p *place) string {
	if a.call.op.name != "account.createJWT" || p.ask(here, request{"GET", "/v1/users/" + a.who.id, byAdmin, ""}).status != 200 {
		return "9"
	}
	p.must(200, here, "PATCH", "/v1/users/"+a.who.id+"/status", `{"status":true}`)
	a.who.session, a.who.sessionID = a.who.newSession()
	return a.who.do(here, "account.createJWT", bySession, args{}).header.Get("X-RateLimit-Remaining")
}
