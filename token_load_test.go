package isojot_test

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/isojot/isojot"
)

// TestThousandCallersCostOneCreation, counted by the server itself: what is
// left of the user's budget is one less than before.
func TestThousandCallersCostOneCreation(t *testing.T) {
	base, err := isojot.NewClient(servers(t).api, "demo")
	if err != nil {
		t.Fatal(err)
	}
	email := "thousand." + runtime.GOOS + "@example.com"
	if _, err := base.Account.Create(t.Context(), isojot.CreateAccount{Email: email, Password: "correct horse"}); err != nil {
		t.Fatal(err)
	}
	session, err := base.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: email, Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := base.With(isojot.WithSession(session.Secret))
	if err != nil {
		t.Fatal(err)
	}
	before := budget(t, c)
	s := newSource(t, c)
	var group sync.WaitGroup
	var distinct sync.Map
	var got atomic.Int32
	start := make(chan struct{})
	for range 1000 {
		group.Go(func() {
			<-start
			tok, err := s.Token(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			got.Add(1)
			distinct.Store(tok.JWT, true)
		})
	}
	close(start)
	group.Wait()
	tokens := 0
	distinct.Range(func(any, any) bool { tokens++; return true })
	if got.Load() != 1000 || tokens != 1 {
		t.Errorf("%d callers got %d different tokens", got.Load(), tokens)
	}
	if left := budget(t, c); left != before-2 { // this question counts as well
		t.Errorf("%d creations for 1,000 callers", before-1-left)
	}
	if user, err := s.TokenClient().Account.Get(t.Context()); err != nil || user.ID != session.UserID {
		t.Errorf("%+v, %v", user, err)
	}
}

// budget asks the server, by one more creation, how many are left after it.
func budget(t *testing.T, c *isojot.Client) int {
	t.Helper()
	res, err := c.Call(context.Background(), "account.createJWT", isojot.Params{})
	if err != nil {
		t.Fatal(err)
	}
	left, err := strconv.Atoi(strings.TrimSpace(res.Get("x-ratelimit-remaining")))
	if err != nil {
		t.Fatalf("X-RateLimit-Remaining: %v", err)
	}
	return left
}
