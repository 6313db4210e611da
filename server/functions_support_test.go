package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
)

// seen is what a function was asked last.
type seen struct {
	mu      sync.Mutex
	header  http.Header
	path    string
	method  string
	body    string
	times   int
	changed chan struct{} // one for each time
}

// ServeHTTP answers like the function of the recordings: it says what it was
// asked, fails at /fail, and is a teapot at /teapot.
func (s *seen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	s.header, s.path, s.method, s.body = r.Header.Clone(), r.URL.RequestURI(), r.Method, string(body)
	s.times++
	s.mu.Unlock()
	if s.changed != nil {
		s.changed <- struct{}{}
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("X-Custom", "1")
	switch r.URL.Path {
	case "/fail":
		w.WriteHeader(500)
	case "/teapot":
		w.WriteHeader(418)
	}
	if _, err := w.Write([]byte(r.Method + " " + r.URL.RequestURI())); err != nil {
		panic(err)
	}
}

// get is a header of the last call.
func (s *seen) get(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.header.Get(name)
}

// withFunctions are functions of the server's project.
func withFunctions(list ...Function) func(*Options) {
	return func(o *Options) { o.Functions = append(o.Functions, list...) }
}

// anyone are the roles of functions that everybody may execute.
var anyone = []string{"any"}

// execute executes a function and expects a status.
func (f *fixture) execute(status int, function string, h headers, body string) answer {
	f.t.Helper()
	return f.must(status, "POST", "/v1/functions/"+function+"/executions", h, body)
}

// settled waits until an execution has ended, and returns it as a key sees it.
func (f *fixture) settled(function, id string) answer {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 20*time.Second)
	defer cancel()
	for {
		a := f.must(200, "GET", "/v1/functions/"+function+"/executions/"+id, byTestKey, "")
		if s := a.text("status"); s == store.StatusCompleted || s == store.StatusFailed {
			return a
		}
		select {
		case <-ctx.Done():
			f.t.Fatalf("the execution has not ended: %s", a.Body)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// funcRunner is a runner made of a function.
type funcRunner func(ctx context.Context, req *runner.Request) (*runner.Result, error)

func (f funcRunner) Run(ctx context.Context, req *runner.Request) (*runner.Result, error) {
	return f(ctx, req)
}

func (funcRunner) Close() error { return nil }

// useRunner gives a function of the server's project another runner.
func (f *fixture) useRunner(function string, r runner.Runner) {
	f.config(f.options.Project).functions.Find(function, f.log).Runner = r
}

// headersOf are the headers in an execution.
func headersOf(t *testing.T, a answer, member string) map[string]string {
	t.Helper()
	var all map[string][]headerJSON
	text, err := json.Marshal(map[string]any{member: a.object[member]})
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	h := map[string]string{}
	for _, one := range all[member] {
		h[one.Name] = one.Value
	}
	return h
}

// holds returns the first of the others that a text has, or "".
func holds(text string, parts ...string) string {
	for _, part := range parts {
		if part != "" && strings.Contains(text, part) {
			return part
		}
	}
	return ""
}

// crashes is a runner that answers nothing.
func crashes() runner.Runner {
	return funcRunner(func(context.Context, *runner.Request) (*runner.Result, error) {
		return &runner.Result{}, runner.ErrCrashed
	})
}

// answers is a runner that answers a text, logs one that writes one.
func answers(text string) runner.Runner {
	return funcRunner(func(context.Context, *runner.Request) (*runner.Result, error) {
		return &runner.Result{Status: 200, Body: []byte(text)}, nil
	})
}

func logs(text string) runner.Runner {
	return funcRunner(func(context.Context, *runner.Request) (*runner.Result, error) {
		return &runner.Result{Status: 200, Logs: text}, nil
	})
}
