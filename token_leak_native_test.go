//go:build !js

package isojot_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

// TestTenThousandCallsLeaveNothing: no goroutine, listener or connection, of
// calls by a source's tokens, for tokens, and of those that were given up.
func TestTenThousandCallsLeaveNothing(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ada", Email: "ada@example.com"})
	goroutines := runtime.NumGoroutine()

	own := &http.Transport{MaxIdleConnsPerHost: 8}
	base, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithHTTPClient(&http.Client{Transport: own}))
	if err != nil {
		t.Fatal(err)
	}
	session, err := base.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: isojottest.DefaultPassword})
	if err != nil {
		t.Fatal(err)
	}
	c, err := base.With(isojot.WithSession(session.Secret))
	if err != nil {
		t.Fatal(err)
	}
	s := newSource(t, c)
	var changes atomic.Int32
	stop := s.OnChange(func(isojot.Change) { changes.Add(1) })
	for i := range 10_000 {
		ctx, cancel := context.WithCancel(t.Context())
		switch i % 5 {
		case 0:
			_, err = s.TokenClient().Account.Get(ctx)
		case 1:
			cancel()
			if _, err = s.TokenClient().Account.Get(ctx); errors.Is(err, isojot.ErrCanceled) {
				err = nil
			} else {
				t.Fatalf("%v instead of ErrCanceled", err)
			}
		default:
			_, err = s.Token(ctx)
		}
		cancel()
		if err != nil {
			t.Fatal(err)
		}
	}
	stop()
	s.Close()
	own.CloseIdleConnections()
	if changes.Load() == 0 {
		t.Error("no change was told")
	}
	await(t, func() bool { return runtime.NumGoroutine() <= goroutines })
}

// await fails the test if what must come to be does not.
func await(t *testing.T, is func() bool) {
	t.Helper()
	for began := time.Now(); time.Since(began) < time.Minute; runtime.Gosched() {
		if is() {
			return
		}
	}
	stacks := make([]byte, 1<<16)
	t.Fatalf("%d goroutines are left:\n%s", runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}
