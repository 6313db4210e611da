package server

import (
	"testing"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
)

// inAnHour schedules an execution an hour after the start.
const inAnHour = `{"async":true,"scheduledAt":"2026-08-21T13:45:00.000+00:00"}`

// Who may not execute a function any more when its turn comes, does not, unless
// a server asked for it.
func TestRolesAreCheckedAgain(t *testing.T) {
	t.Parallel()
	fn := &seen{}
	functions := []Function{{ID: "vip", Handler: fn, Execute: []string{"label:vip"}}, {ID: "verified", Handler: fn, Execute: []string{"users/verified"}},
		{ID: "keys", Handler: fn}, {ID: "echo", Handler: fn, Execute: anyone}}
	f := newFixture(t, withKey, withFunctions(functions...))
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	f.must(200, "PUT", "/v1/users/ann/labels", byTestKey, `{"labels":["vip"]}`)
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":true}`)
	both := byTestKey.with(session(ann))
	want := map[string][2]string{} // function and status
	ask := func(function string, h headers, status string) {
		t.Helper()
		want[f.execute(202, function, h, inAnHour).text("$id")] = [2]string{function, status}
	}
	ask("vip", session(ann), store.StatusFailed)
	ask("verified", session(ann), store.StatusFailed)
	ask("vip", both, store.StatusCompleted)
	ask("keys", byTestKey, store.StatusCompleted)
	ask("keys", both, store.StatusCompleted)
	ask("echo", session(ann), store.StatusCompleted)
	f.must(200, "PUT", "/v1/users/ann/labels", byTestKey, `{"labels":[]}`)
	f.must(200, "PATCH", "/v1/users/ann/verification", byTestKey, `{"emailVerification":false}`)
	f.advance(2 * time.Hour)
	for id, w := range want {
		a := f.settled(w[0], id)
		reason := map[string]string{store.StatusFailed: "whoever asked for it may not execute the function any more"}[w[1]]
		if a.text("status") != w[1] || a.text("errors") != reason {
			t.Errorf("%s became %s", w[0], a.Body)
		}
	}
	if fn.times != 4 {
		t.Errorf("%d ran", fn.times)
	}
}

// busyWith lets a function run so often that what else runs later waits.
func (f *fixture) busyWith(function string) *block {
	f.t.Helper()
	b := newBlock()
	f.useRunner(function, b)
	f.config(DefaultProject).functions.Find(function, f.log).Timeout = maxFunctionTimeout
	for range executions.AsyncSlots(f.options.functionSlots()) {
		f.execute(202, function, byTestKey, `{"async":true}`) // by whom most slots may be taken
		<-b.begun
	}
	return b
}

// A function that was closed or disabled meanwhile runs for servers alone.
func TestFunctionsAreCheckedAgain(t *testing.T) {
	t.Parallel()
	fn := &seen{}
	set := func(f *fixture, change func(*Function)) {
		t.Helper()
		closed := Function{ID: "echo", Handler: fn, Execute: anyone}
		change(&closed)
		if err := f.SetProject(t.Context(), Project{ID: DefaultProject, APIKey: testKey, Functions: []Function{closed}}); err != nil {
			t.Fatal(err)
		}
	}
	for reason, change := range map[string]func(*Function){
		"whoever asked for it may not execute the function any more": func(fn *Function) { fn.Execute = nil },
		"the function is gone, disabled or not deployed":             func(fn *Function) { fn.Disabled = true },
	} {
		f := newFixture(t, withKey, withFunctions(Function{ID: "echo", Handler: fn, Execute: anyone}))
		b := f.busyWith("echo")
		guest, key := f.execute(202, "echo", nil, `{"async":true}`), f.execute(202, "echo", byTestKey, `{"async":true}`)
		set(f, change)
		close(b.goOn)
		if a := f.settled("echo", guest.text("$id")); a.text("status") != store.StatusFailed || a.text("errors") != reason {
			t.Errorf("for a guest it became %s", a.Body)
		}
		if a := f.settled("echo", key.text("$id")); a.text("status") != store.StatusCompleted {
			t.Errorf("for a server it became %s", a.Body)
		}
	}
}

// A schedule ends with the session that made it; what was to run at once runs
// without a token.
func TestSchedulesEndWithTheirSession(t *testing.T) {
	t.Parallel()
	f, fn := echo(t)
	f.signUp("ann")
	ann, id := f.signIn("ann")
	other, _ := f.signIn("ann")
	jwt := f.must(201, "POST", "/v1/users/ann/jwts", byTestKey, `{"sessionId":"`+id+`"}`).text("jwt")
	ended := []string{f.execute(202, "echo", session(ann), inAnHour).text("$id"), f.execute(202, "echo", token(jwt), inAnHour).text("$id")}
	lives := f.execute(202, "echo", session(other), inAnHour).text("$id")
	server := f.execute(202, "echo", byTestKey.with(session(ann)), inAnHour).text("$id")
	own := f.config(DefaultProject).functions.Find("echo", f.log).Runner
	b := f.busyWith("echo")
	now := f.execute(202, "echo", session(ann), `{"async":true}`).text("$id")
	f.must(204, "DELETE", "/v1/account/sessions/current", session(ann), "")
	f.useRunner("echo", own)
	close(b.goOn)
	if a := f.settled("echo", now); a.text("status") != store.StatusCompleted || fn.get("X-Appwrite-User-Id") != "ann" || fn.get("X-Appwrite-User-Jwt") != "" {
		t.Errorf("what was to run at once became %s, with %v", a.Body, fn.header)
	}
	f.advance(2 * time.Hour)
	for _, id := range ended {
		if a := f.settled("echo", id); a.text("status") != store.StatusFailed || a.text("errors") != "the session that it was scheduled by has ended" {
			t.Errorf("after the sign-out it became %s", a.Body)
		}
	}
	for _, id := range []string{lives, server} {
		if a := f.settled("echo", id); a.text("status") != store.StatusCompleted {
			t.Errorf("it became %s", a.Body)
		}
	}
	if fn.times != 3 {
		t.Errorf("%d ran", fn.times)
	}
}
