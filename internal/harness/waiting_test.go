//go:build !race

package harness

import (
	"fmt"
	"testing"
	"time"

	"github.com/isojot/isojot/server"
)

// visit is an execution that waits for its place.
type visit struct {
	*attempt
	async bool
	id    string // of an execution that nobody waits for
	want  int    // what a request gets that begins after the event
	err   error
}

// oneSlot lets one execution run at once.
func oneSlot(o *server.Options) { o.FunctionSlots = 1 }

// An execution that waits for its place, while its caller's right ends, does not
// run for that caller: who waits for its answer gets what a request gets that
// begins then.
func TestRightsEndWhileAnExecutionWaits(t *testing.T) {
	t.Parallel()
	inEach(t, together, func(p *place) {
		for i := range events {
			if e := &events[i]; e.ways&(byUser|byKey) != 0 {
				p.Run(e.name, func(t *testing.T) { p.visitsEnd(t, e) })
			}
		}
	}, userRules, oneSlot)
}

// visitsEnd takes the places, lets executions of each kind wait for it and
// the event happen, and gives the places back.
func (p *place) visitsEnd(t *testing.T, e *event) {
	p.gate.shut()
	defer p.gate.open()
	firsts := p.takeSlots(t)
	visits := p.visits(e)
	if e.once != nil {
		e.once(p)
	}
	if e.happens != nil {
		for _, v := range visits {
			e.happens(v.who)
		}
	}
	for _, v := range visits {
		v.want = p.ask(elsewhere, v.call.request(rest)).status
	}
	p.gate.open()
	for _, v := range visits {
		if wrong := v.end(p); wrong != "" {
			t.Errorf("%s by %v, %s while it waits for its place: %s", v.call.name(rest), v.by, e.name, wrong)
		}
	}
	for _, first := range firsts {
		if a, err := first.answer(); err != nil || a.status != 201 {
			t.Errorf("an execution that nothing happened to: %d, %v", a.status, err)
		}
	}
}

// takeSlots lets an execution run in the only place of each server.
func (p *place) takeSlots(t *testing.T) []*held {
	var all []*held
	for at := range p.servers {
		c := call{called("functions.createExecution"), args{"functionId": "gate", "path": "/first"}, byAdmin}
		first, err := p.peer(at).begin(c.request(rest), false)
		if err == nil {
			err = first.release()
		}
		if err != nil {
			t.Fatal(err)
		}
		<-p.gate.entered
		all = append(all, first)
	}
	return all
}

// visits ask for executions, by the operations and ways that the event concerns.
func (p *place) visits(e *event) []*visit {
	var all []*visit
	for i := range operations {
		op := &operations[i]
		if op.name != "functions.createExecution" && op.name != "functions.page" {
			continue
		}
		async := op.as == asynchronous
		for _, by := range []way{bySession, byJWT, byKey} {
			// What was asked for by a JWT and runs later, runs by its session.
			if op.ways&e.ways&by == 0 || async && e.ways&bySession == 0 {
				continue
			}
			all = append(all, p.visit(e, op, by, async))
		}
	}
	return all
}

// visit asks for an execution. What is sent completely is on its way to its
// place, or there already: whoever is first, the outcome is to be the same.
func (p *place) visit(e *event, op *operation, by way, async bool) *visit {
	v := &visit{attempt: &attempt{event: e, by: by, over: rest}, async: async}
	v.who = p.newPerson(needs{ways: by | e.ways&bySession, jwtLife: e.jwtLife})
	v.call = v.who.call(op, by)
	v.call.args["functionId"] = "gate"
	if async {
		a := p.ask(here, v.call.request(rest))
		if v.id = a.member("$id"); a.status != 202 {
			v.err = fmt.Errorf("%d, want 202: %s", a.status, trimmed(a.body))
		}
		return v
	}
	if v.held, v.err = p.peer(here).begin(v.call.request(rest), true); v.err == nil {
		v.err = v.held.release()
	}
	return v
}

// end returns what is wrong with what came of the execution.
func (v *visit) end(p *place) string {
	if v.err != nil {
		return v.err.Error()
	}
	if v.async {
		return v.endLater(p)
	}
	a, err := v.held.answer()
	if err != nil {
		return err.Error()
	}
	runs := p.runs.of("/" + v.who.id)
	if !refuses(a.status, v.want) || !refuses(v.want, 401) || runs != 0 {
		return fmt.Sprintf("%d and %d runs, want %d and none", a.status, runs, v.want)
	}
	return ""
}

// endLater waits until the execution has ended. It may run, but without a token,
// where the user is there as before and only a session has ended
// (docs/functions.md).
func (v *visit) endLater(p *place) string {
	path := "/v1/functions/gate/executions/" + v.id
	for began := time.Now(); ; {
		status := p.must(200, here, "GET", path, "").member("status")
		if status == "completed" || status == "failed" {
			break
		}
		if time.Since(began) > patience {
			return "it is " + status + " still"
		}
		time.Sleep(time.Millisecond)
	}
	switch {
	case p.runs.of("with a token at /"+v.who.id) > 0:
		return "it ran with a token"
	case v.event.userGone && p.runs.of("as "+v.who.id) > 0:
		return "it ran as the user"
	}
	return ""
}
