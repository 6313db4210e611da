package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
)

// What waits survives the server: it runs once when a server starts again.
func TestWhatWaitsSurvivesTheServer(t *testing.T) {
	t.Parallel()
	f, fn := echo(t, func(o *Options) { o.Memory, o.DataDir = false, t.TempDir() })
	f.signUp("ann")
	ann, annSession := f.signIn("ann")
	scheduled := f.execute(202, "echo", session(ann), `{"async":true,"path":"/b","body":"payload","headers":{"x-a":"b"},"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`).text("$id")
	gone := f.execute(202, "echo", byTestKey, `{"async":true,"path":"/gone","scheduledAt":"2026-08-21T13:00:00.000+00:00"}`).text("$id")
	if _, err := f.db.Execution(t.Context(), DefaultProject, "echo", gone); err != nil {
		t.Fatal(err)
	}
	// As a server leaves it that is killed while a function runs.
	left := store.Execution{ID: "left", FunctionID: "echo", Status: store.StatusProcessing, Trigger: "http", Method: "POST", Path: "/left", CreatedAt: start, UpdatedAt: start}
	err := f.db.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.InsertExecution(t.Context(), DefaultProject, store.NewExecution{Execution: left, Owner: "another", Keep: 10})
	})
	if err != nil {
		t.Fatal(err)
	}
	f = f.restart()
	f.passLease()
	a := f.settled("echo", "left")
	if a.text("status") != "failed" || a.text("errors") != "the server stopped while it ran" || a.object["responseStatusCode"] != 500.0 {
		t.Errorf("what ran is %s", a.Body)
	}
	if fn.times != 0 {
		t.Errorf("it ran %d times too early", fn.times)
	}
	f.advance(time.Hour)
	if a := f.settled("echo", scheduled); a.text("status") != "completed" || a.object["responseStatusCode"] != 200.0 {
		t.Errorf("what was scheduled is %s", a.Body)
	}
	f.settled("echo", gone)
	if fn.times != 2 {
		t.Errorf("it ran %d times", fn.times)
	}
	f = f.restart()
	f.settled("echo", f.execute(202, "echo", session(ann), `{"async":true,"path":"/b","body":"payload","headers":{"x-a":"b"}}`).text("$id"))
	if claims := claimsOf(t, fn.get("X-Appwrite-User-Jwt")); fn.times != 3 || fn.body != "payload" || fn.get("X-A") != "b" || claims.SessionID != annSession {
		t.Errorf("after %d times it was asked %q with %v", fn.times, fn.body, fn.header)
	}
	// Nothing is kept of the request but what is shown.
	var pending int64
	err = f.db.Tx(t.Context(), func(tx *store.Tx) (err error) {
		_, pending, err = tx.Waiting(t.Context(), DefaultProject, "ann")
		return err
	})
	if err != nil || pending != 0 {
		t.Errorf("%d bytes wait, %v", pending, err)
	}
}

// A function that is gone when its turn comes is a failure with the reason.
func TestWhatWaitsForAFunctionThatIsGone(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	id := f.execute(202, "echo", byTestKey, `{"async":true,"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`).text("$id")
	set := func(functions ...Function) {
		t.Helper()
		if err := f.SetProject(t.Context(), Project{ID: DefaultProject, APIKey: testKey, Functions: functions}); err != nil {
			t.Fatal(err)
		}
	}
	set()
	f.must(404, "POST", "/v1/functions/echo/executions", nil, "{}")
	f.advance(time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		e, err := f.db.Execution(ctx, DefaultProject, "echo", id)
		if err != nil {
			t.Fatal(err)
		}
		if e.Status == store.StatusFailed {
			if e.Errors != "the function is gone, disabled or not deployed" {
				t.Errorf("the reason is %q", e.Errors)
			}
			break
		}
		time.Sleep(time.Millisecond)
	}
	set(Function{ID: "echo", Handler: &seen{}, Execute: anyone})
	f.execute(201, "echo", nil, "{}")
}

// block is a function that runs until it is let go.
type block struct{ begun, goOn chan struct{} }

func newBlock() *block { return &block{make(chan struct{}, 200), make(chan struct{})} }

func (b *block) Run(ctx context.Context, _ *runner.Request) (*runner.Result, error) {
	b.begun <- struct{}{}
	select {
	case <-b.goOn:
		return &runner.Result{Status: 200}, nil
	case <-ctx.Done():
		return &runner.Result{}, runner.ErrTimeout
	}
}

func (*block) Close() error { return nil }

// More executions than may run at once wait; more than may wait are refused.
// Those that nobody waits for leave a place to the others.
func TestBoundedConcurrency(t *testing.T) {
	t.Parallel()
	f, _ := echo(t, func(o *Options) { o.FunctionSlots = 4 })
	b := newBlock()
	f.useRunner("echo", b)
	var later []string
	for range 5 {
		later = append(later, f.execute(202, "echo", byTestKey, `{"async":true}`).text("$id"))
	}
	for range 3 {
		<-b.begun
	}
	answers := make(chan answer)
	ask := func(address int) {
		answers <- f.do("POST", "/v1/functions/echo/executions", from(fmt.Sprintf("203.0.113.%d:1", address)), "{}")
	}
	go ask(0)
	<-b.begun // the fourth place
	for i := range MaxQueue + 1 {
		go ask(i + 1)
	}
	// One is too many, of whom nobody has more waiting than the others.
	if full := <-answers; full.Code != 503 || full.text("type") != "isojot_functions_busy" || full.Header().Get("Retry-After") != "1" {
		t.Errorf("it is %d %s", full.Code, full.Body)
	}
	select {
	case <-b.begun:
		t.Fatal("a fifth runs")
	default:
	}
	f.must(200, "GET", "/v1/health/version", nil, "")
	if running := f.must(400, "DELETE", "/v1/functions/echo/executions/"+later[0], byTestKey, ""); running.text("type") != "execution_in_progress" {
		t.Errorf("it is %s", running.Body)
	}
	close(b.goOn)
	for range MaxQueue + 1 {
		if a := <-answers; a.Code != 201 {
			t.Errorf("a caller got %s", a.Body)
		}
	}
	for _, id := range later {
		if a := f.settled("echo", id); a.text("status") != "completed" {
			t.Errorf("it became %s", a.Body)
		}
	}
}

// What waits on the disk is bounded, for each user.
func TestBoundedWaiting(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	f.signUp("bob")
	bob, _ := f.signIn("bob")
	later := `{"async":true,"scheduledAt":"2026-08-21T15:00:00.000+00:00"}`
	for range maxWaiting {
		f.execute(202, "echo", session(bob), later)
	}
	f.execute(503, "echo", session(bob), later)
	f.execute(202, "echo", byTestKey.with(session(bob)), later)
	large := `{"async":true,"scheduledAt":"2026-08-21T15:00:00.000+00:00","body":"` + strings.Repeat("x", maxFunctionBody) + `"}`
	n := 0
	for f.do("POST", "/v1/functions/echo/executions", session(ann), large).Code == 202 {
		n++
	}
	if n != 3 { // of 13 MiB each in base64
		t.Errorf("%d large ones wait", n)
	}
	f.execute(503, "echo", session(ann), later)
}

// from is the header of a caller at an address.
func from(address string) headers { return headers{"RemoteAddr": address} }

// fill has n executions of a user wait for a waiter.
func (f *fixture) fill(user, waiter string, n int) {
	f.t.Helper()
	ctx := f.t.Context()
	err := f.db.Tx(ctx, func(tx *store.Tx) error {
		for i := range n {
			e := store.Execution{ID: fmt.Sprint(waiter, i), UserID: user, FunctionID: "echo", Status: store.StatusScheduled, ScheduledAt: start.Add(time.Hour), CreatedAt: start, UpdatedAt: start}
			n := store.NewExecution{Execution: e, Waiter: waiter, Pending: &store.Pending{}, Keep: keptExecutions}
			if err := tx.InsertExecution(ctx, DefaultProject, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// No address takes the place of all guests, with or without anonymous users,
// nor do all guests take the disk.
func TestBoundedWaitingOfGuests(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	anonymous := func(address string) headers {
		a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
		cookie, _, _ := strings.Cut(a.Header().Get("Set-Cookie"), ";")
		return from(address).with(headers{"Cookie": cookie})
	}
	b := f.busyWith("echo")
	defer close(b.goOn)
	now, one, same, other := `{"async":true}`, "[2001:db8::1]:1", "[2001:db8::2]:2", "[2001:db8:0:1::1]:1"
	f.fill("", "guests of 2001:db8::/64", maxWaiting-1)
	f.execute(202, "echo", from(one), now)
	f.execute(503, "echo", from(same), now)
	f.execute(202, "echo", from(same).with(byTestKey), now)
	f.execute(202, "echo", from(other), now)
	f.fill("some", "anonymous of 2001:db8::/64", maxWaiting-1)
	f.execute(202, "echo", anonymous(one), inAnHour)
	f.execute(503, "echo", anonymous(same), now)
	f.execute(202, "echo", anonymous(other), now)
	f.fill("", "guests of others", maxGuestsWaiting-maxWaiting-2)
	f.execute(202, "echo", from("192.0.2.7:1"), now)
	f.execute(503, "echo", from("192.0.2.8:1"), now)
	f.execute(202, "echo", anonymous("192.0.2.8:1"), now)
	f.execute(202, "echo", byTestKey, now)
}

// Guests cannot schedule, nobody for ever.
func TestBoundedSchedules(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	at := func(name, date string, h headers, status int, kind, message string) scenario {
		return scenario{name: name, method: "POST", path: "/v1/functions/echo/executions", headers: h, body: `{"async":true,"scheduledAt":"` + date + `"}`,
			status: status, kind: kind, message: message}
	}
	f.run([]scenario{
		at("last minute", "2026-09-20T12:42:00.000+00:00", session(ann), 202, "", ""),
		at("too late", "2026-09-20T12:43:00.000+00:00", session(ann), 400, "general_bad_request", describeFarSchedule),
		at("for ever", "9999-12-31T23:59:00.000+00:00", byTestKey, 400, "general_bad_request", describeFarSchedule),
		at("guest", "2026-08-21T13:00:00.000+00:00", nil, 401, "user_unauthorized", "Guests cannot schedule executions: sign in before, or leave out scheduledAt."),
	})
}

// A server that closes lets what runs end.
func TestCloseWaitsForWhatRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, _ := echo(t, func(o *Options) { o.Memory, o.DataDir = false, dir })
	b := newBlock()
	f.useRunner("echo", b)
	id := f.execute(202, "echo", nil, `{"async":true}`).text("$id")
	<-b.begun
	closed := make(chan error)
	go func() { closed <- f.Close() }()
	close(b.goOn)
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	f = f.restart()
	if a := f.settled("echo", id); a.text("status") != "completed" {
		t.Errorf("it became %s", a.Body)
	}
}
