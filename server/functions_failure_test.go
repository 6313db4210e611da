package server

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot/internal/runner"
)

// Why a function failed is in the server's log, in a line, and without the
// tokens that it was handed.
func TestTheLogSaysWhyAFunctionFailed(t *testing.T) {
	t.Parallel()
	log := &lockedBuffer{}
	f, _ := echo(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(log, nil)) })
	crash := fmt.Errorf("%w: exit status 1", runner.ErrCrashed)
	for name, one := range map[string]struct {
		errors        string
		err           error
		want, wantNot []string
	}{
		"an exception": {"\nError: no database at KEY\n    at line 2\n", nil,
			[]string{"level=WARN", `error="Error: no database at [redacted]"`}, []string{"line 2", "ended="}},
		"a crash":          {"", crash, []string{"level=WARN", `error="the function crashed: exit status 1"`}, []string{"ended="}},
		"a crash it tells": {"begin\nmore", crash, []string{"level=WARN", "error=begin ", `ended="the function crashed: exit status 1"`}, []string{"more"}},
		"a long line":      {strings.Repeat("é", 5000), nil, []string{"level=WARN", "é..."}, []string{strings.Repeat("é", 251), "\uFFFD"}},
		"no word":          {"", nil, []string{"level=WARN", "code=503"}, []string{"error=", "ended="}},
	} {
		var key string
		f.useRunner("echo", funcRunner(func(_ context.Context, req *runner.Request) (*runner.Result, error) {
			key = req.Header.Get("X-Appwrite-Key")
			return &runner.Result{Status: 503, Errors: strings.ReplaceAll(one.errors, "KEY", key)}, one.err
		}))
		before := len(log.String())
		f.execute(201, "echo", nil, "{}")
		line := log.String()[before:]
		for _, want := range one.want {
			if !strings.Contains(line, want) {
				t.Errorf("%s: the log has no %q: %s", name, want, line)
			}
		}
		for _, not := range append(one.wantNot, key) {
			if not == "" || strings.Contains(line, not) {
				t.Errorf("%s: the log has %q: %s", name, not, line)
			}
		}
	}
}

// What timed out names the limit, which is the function's own.
func TestATimeoutNamesItsLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := funcRunner(func(ctx context.Context, _ *runner.Request) (*runner.Result, error) {
			<-ctx.Done()
			return &runner.Result{}, runner.ErrTimeout
		})
		f := newFixture(t, withKey, withFunctions(
			Function{ID: "short", Handler: &seen{}, Execute: anyone, Timeout: 2 * time.Second},
			Function{ID: "long", Handler: &seen{}, Execute: anyone, Timeout: 900 * time.Second}))
		f.useRunner("short", hang)
		f.useRunner("long", hang)
		if a := f.execute(201, "short", byTestKey, "{}"); a.text("errors") != "the function timed out after 2 s (timeout)" {
			t.Errorf("it is kept as %s", a.Body)
		}
		// Here it is the caller's time that is over.
		f.execute(408, "long", nil, "{}")
		if list := f.must(200, "GET", "/v1/functions/long/executions", byTestKey, ""); strings.Contains(list.Body.String(), "900 s") {
			t.Errorf("it is kept as %s", list.Body)
		}
	})
}
