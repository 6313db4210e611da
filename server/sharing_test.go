package server

import (
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
)

// slowLease is for tests that beat and look themselves.
func slowLease(o *Options) { o.Lease = time.Hour }

// What an instance runs is left alone as long as it beats, and reported as
// failed once by whoever finds it silent.
func TestInstancesFailWhatTheDeadHaveLeft(t *testing.T) {
	t.Parallel()
	i := newInstances(t, slowLease, withFunctions(Function{ID: "echo", Handler: &seen{}, Execute: anyone}))
	runner, other := i.all[0], i.all[1]
	b, notB := newBlock(), newBlock()
	runner.useRunner("echo", b)
	other.useRunner("echo", notB)
	id := runner.execute(202, "echo", nil, `{"async":true}`).text("$id")
	select {
	case <-b.begun:
	case <-notB.begun:
		runner, other, b = other, runner, notB
	}
	now := start
	step := func(alive bool) {
		t.Helper()
		now = now.Add(other.runs.LookPeriod())
		if alive {
			if err := runner.runs.Beat(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := other.runs.BeatAndLook(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	status := func() string {
		t.Helper()
		return other.must(200, "GET", "/v1/functions/echo/executions/"+id, byTestKey, "").text("status")
	}
	for range 3 * executions.BeatsALease {
		if step(true); status() != store.StatusProcessing {
			t.Fatalf("it is %s although its server beats", status())
		}
	}
	for range executions.BeatsALease - 1 {
		if step(false); status() != store.StatusProcessing {
			t.Fatalf("it is %s before the lease has ended", status())
		}
	}
	step(false)
	if e := other.settled("echo", id); e.text("status") != "failed" || e.text("errors") != executions.StoppedWhileRunning {
		t.Errorf("it is %s", e.Body)
	}
	// It was wrong: the other server lives. What it says now comes too late, and
	// it goes on.
	close(b.goOn)
	next := runner.execute(201, "echo", nil, `{}`).text("$id")
	if e := other.settled("echo", next); e.text("status") != "completed" {
		t.Errorf("the next is %s", e.Body)
	}
	if e := other.settled("echo", id); e.text("status") != "failed" {
		t.Errorf("it became %s", e.Body)
	}
	for range 3 * executions.BeatsALease {
		step(true)
	}
}

// What was claimed or begun here without this server learning of it, because
// the connection broke, is not left under way; what runs is left alone.
func TestInstancesGiveBackWhatTheyLost(t *testing.T) {
	t.Parallel()
	b := newBlock()
	f := newFixture(t, slowLease, withKey, withFunctions(Function{ID: "echo", Handler: &seen{}, Execute: anyone}), func(o *Options) {
		o.Memory, o.DatabaseURL = false, pgtest.New(t)
	})
	f.useRunner("echo", b)
	runs := f.execute(202, "echo", nil, `{"async":true}`).text("$id")
	<-b.begun
	scheduled := f.execute(202, "echo", byTestKey, `{"async":true,"scheduledAt":"2026-08-21T13:00:00.000+00:00"}`).text("$id")
	resume := f.runs.Pause() // which keeps the dispatcher away
	f.advance(time.Hour)
	claimed, err := f.db.Claim(t.Context(), f.runs.Owner())
	resume()
	if err != nil || claimed.ID != scheduled {
		t.Fatal(claimed.ID, err)
	}
	lost := store.Execution{ID: "lost", FunctionID: "echo", Status: store.StatusProcessing, Trigger: "http", Method: "POST", Path: "/", CreatedAt: start, UpdatedAt: start}
	err = f.db.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.InsertExecution(t.Context(), DefaultProject, store.NewExecution{Execution: lost, Owner: f.runs.Owner(), Keep: 10})
	})
	if err != nil {
		t.Fatal(err)
	}
	f.advance(time.Hour)
	// A look that meets the dispatcher at a claim leaves all to the next one.
	for end, begun := time.Now().Add(20*time.Second), false; !begun; {
		if err := f.runs.BeatAndLook(t.Context(), start); err != nil {
			t.Fatal(err)
		}
		select {
		case <-b.begun: // what was claimed
			begun = true
		case <-time.After(20 * time.Millisecond):
			if time.Now().After(end) {
				t.Fatal("what was claimed is not given back")
			}
		}
	}
	if err := f.runs.BeatAndLook(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	close(b.goOn)
	for id, want := range map[string]string{runs: "completed", scheduled: "completed", "lost": "failed"} {
		if e := f.settled("echo", id); e.text("status") != want {
			t.Errorf("%s is %s, want %s", id, e.Body, want)
		}
	}
	if len(b.begun) != 0 {
		t.Errorf("%d ran too often", len(b.begun))
	}
	for _, key := range f.runs.Running() {
		t.Errorf("%v still runs", key)
	}
}

// Each execution runs once, whichever instance takes it.
func TestInstancesRunEachExecutionOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	times := map[string]int{}
	counts := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		times[r.Header.Get("X-Appwrite-Execution-Id")]++
	})
	i := newInstances(t, withFunctions(Function{ID: "echo", Handler: counts, Execute: anyone}))
	const n = 60
	i.want(i.atOnce(n, "POST", "/v1/functions/echo/executions", byTestKey, `{"async":true}`), 202, n)
	list := i.all[0].must(200, "GET", "/v1/functions/echo/executions?queries[0]="+url.QueryEscape(`{"method":"limit","values":[100]}`), byTestKey, "")
	all, _ := list.object["executions"].([]any)
	if len(all) != n {
		t.Fatalf("there are %d", len(all))
	}
	for _, e := range all {
		id, _ := e.(map[string]any)["$id"].(string)
		if got := i.all[1].settled("echo", id); got.text("status") != "completed" {
			t.Errorf("%s is %s", id, got.Body)
		}
		mu.Lock()
		if times[id] != 1 {
			t.Errorf("%s ran %d times", id, times[id])
		}
		mu.Unlock()
	}
}
