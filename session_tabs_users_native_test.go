//go:build !js

package isojot_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

// changeUser signs the user of a tab out and another one in.
func (tb *tab) changeUser(t *testing.T, to string) {
	t.Helper()
	tb.signOut(t)
	tb.signIn(t, to)
}

// TestAnotherUserSignsIn in tab two: the page in tab one learns of it, in
// order, and goes on as the new user.
func TestAnotherUserSignsIn(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := twoTabs(t, b)
		two.changeUser(t, "bob")
		if got := one.events.take(); got != "signed-out alice, signed-in bob" {
			t.Errorf("events: %s", got)
		}
		if got := token(t, one.tokens); got.UserID != "bob" {
			t.Errorf("bob's tab has a token of %s", got.UserID)
		}
		two.events.take()
		if got := token(t, two.tokens); got.JWT != one.tokens.Peek().JWT {
			t.Error("the tabs do not share bob's token")
		}
	})
}

// TestSwitchDuringARenewal: who asked while alice was shown gets no token of
// bob's, whatever crosses.
func TestSwitchDuringARenewal(t *testing.T) {
	for name, c := range map[string]struct{ answered, deaf bool }{
		"made for alice, told": {true, false}, "made for alice, not told": {true, true},
		"made for bob, told": {false, false}, "made for bob, not told": {false, true},
	} {
		inBrowser(t, func(t *testing.T, b *browser) {
			one, two := twoTabs(t, b)
			time.Sleep(15 * time.Minute) // alice's token is over
			one.events.take()
			gate := make(chan struct{})
			wait := func(req *isojot.Request) {
				if strings.HasSuffix(req.URL, "/jwts") {
					<-gate
				}
			}
			if c.answered {
				b.hold(nil, wait)
			} else {
				b.hold(wait, nil)
			}
			type result struct {
				tok *isojot.Token
				err error
			}
			got := make(chan result, 3)
			go func() { tok, err := one.tokens.Token(t.Context()); got <- result{tok, err} }()
			go func() { tok, err := one.tokens.ForceRefresh(t.Context()); got <- result{tok, err} }()
			go func() {
				user, err := one.tokens.TokenClient().Account.Get(t.Context())
				var tok *isojot.Token
				if user != nil {
					tok = &isojot.Token{UserID: user.ID}
				}
				got <- result{tok, err}
			}()
			synctest.Wait()
			if c.deaf {
				one.freeze()
			}
			two.changeUser(t, "bob")
			close(gate)
			for range 3 {
				if r := <-got; !errors.Is(r.err, isojot.ErrSessionChanged) {
					t.Errorf("%s: %+v, %v", name, r.tok, r.err)
				}
			}
			if tok := token(t, one.tokens); tok.UserID != "bob" {
				t.Errorf("%s: then a token of %s", name, tok.UserID)
			}
			if told := one.events.take(); !strings.HasPrefix(told, "signed-out alice, signed-in bob") {
				t.Errorf("%s: events %s", name, told)
			}
		})
	}
}

// TestSwitchThatWasMissed: the first look after it is still alice's.
func TestSwitchThatWasMissed(t *testing.T) {
	for name, ask := range map[string]func(context.Context, *isojot.SessionTokens) error{
		"Token":        func(ctx context.Context, s *isojot.SessionTokens) error { _, err := s.Token(ctx); return err },
		"ForceRefresh": func(ctx context.Context, s *isojot.SessionTokens) error { _, err := s.ForceRefresh(ctx); return err },
		"call": func(ctx context.Context, s *isojot.SessionTokens) error {
			_, err := s.TokenClient().Account.Get(ctx)
			return err
		},
	} {
		inBrowser(t, func(t *testing.T, b *browser) {
			one, two := twoTabs(t, b)
			one.freeze()
			two.changeUser(t, "bob")
			b.api.calls()
			if err := ask(t.Context(), one.tokens); !errors.Is(err, isojot.ErrSessionChanged) {
				t.Errorf("%s: %v", name, err)
			}
			if calls := b.api.calls(); calls != "" {
				t.Errorf("%s: asked %s", name, calls)
			}
			if got := token(t, one.tokens); got.UserID != "bob" {
				t.Errorf("%s: then a token of %s", name, got.UserID)
			}
			if got := one.events.take(); got != "signed-out alice, signed-in bob, token-refreshed bob" {
				t.Errorf("%s: events %s", name, got)
			}
		})
	}
}

// TestRefusedCallIsNotRepeatedAsAnother: alice's call whose token is refused
// after bob signed in does not become bob's.
func TestRefusedCallIsNotRepeatedAsAnother(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		one, two := twoTabs(t, b)
		alices := one.tokens.Peek().JWT
		b.hold(nil, func(req *isojot.Request) {
			if req.Method == "PATCH" && req.Header["x-appwrite-jwt"] == alices {
				two.changeUser(t, "bob")
				token(t, two.tokens)
				synctest.Wait()
			}
		})
		// The server sees the call when the token has just ended.
		b.hold(func(req *isojot.Request) {
			if req.Method == "PATCH" && req.Header["x-appwrite-jwt"] == alices {
				time.Sleep(15 * time.Minute)
			}
		}, b.after)
		_, err := one.tokens.TokenClient().Account.UpdateName(t.Context(), "Alice")
		if !errors.Is(err, isojot.ErrSessionChanged) {
			t.Errorf("%v", err)
		}
		user, err := two.account().Get(t.Context())
		if err != nil || user.ID != "bob" || user.Name == "Alice" {
			t.Errorf("%+v, %v", user, err)
		}
		if _, err := one.tokens.Renew(t.Context(), alices); !errors.Is(err, isojot.ErrSessionChanged) {
			t.Errorf("Renew of alice's token: %v", err)
		}
	})
}

// TestManySwitches: tabs ask in parallel while users change in one of them. A
// caller gets a token of the user whom the tab showed last before it asked, or
// of one who came later than the tab told; never one of who was before.
func TestManySwitches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newAPI(t, server.LimitsOff).browser(t, "browser")
		tabs := []*tab{b.open(t), b.open(t), b.open(t)}
		tabs[0].signIn(t, "alice")
		random := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		b.hold(nil, func(*isojot.Request) { // answers overtake each other
			mu.Lock()
			d := time.Duration(random.IntN(20)) * time.Millisecond
			mu.Unlock()
			time.Sleep(d)
		})
		stop := make(chan struct{})
		var group sync.WaitGroup
		for _, tb := range tabs {
			for range 4 {
				group.Go(func() { askUntil(t, tb, stop) })
			}
		}
		for i := range 30 {
			time.Sleep(100 * time.Millisecond)
			tabs[i%3].signOutQuietly(t)
			time.Sleep(time.Duration(i) * time.Millisecond)
			tabs[(i+1)%3].signInSoon(t, []string{"bob", "alice"}[i%2])
		}
		close(stop)
		group.Wait()
		synctest.Wait()
		for i, tb := range tabs {
			if got := token(t, tb.tokens); got.UserID != "alice" {
				t.Errorf("tab %d ends with %s", i, got.UserID)
			}
			checkAlternation(t, fmt.Sprint("tab ", i), tb.events.all())
		}
	})
}

// askUntil asks for tokens. Within one call no switch may be bridged: if the
// tab shows the same sign-in before and after, the token is that user's.
func askUntil(t *testing.T, tb *tab, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(3 * time.Millisecond):
		}
		before, signIns := tb.events.shown()
		tok, err := tb.tokens.ForceRefresh(t.Context())
		if err != nil {
			tok, err = tb.tokens.Token(t.Context())
		}
		time.Sleep(time.Millisecond) // the page is told by another goroutine, which may not have run yet
		after, later := tb.events.shown()
		if err == nil && before != "" && before == after && signIns == later && tok.UserID != before {
			t.Errorf("the tab shows %s and got a token of %s", before, tok.UserID)
		}
	}
}

// shown is whom the page shows, and how many sign-ins it was told of.
func (c *changes) shown() (user string, signIns int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, change := range c.list {
		switch change.Kind {
		case isojot.SignedIn:
			user, signIns = change.UserID, signIns+1
		case isojot.SignedOut:
			user = ""
		}
	}
	return user, signIns
}

// checkAlternation: between two users there is a sign-out, and every token is
// of who is signed in.
func checkAlternation(t *testing.T, tab string, told []isojot.Change) {
	t.Helper()
	user := ""
	for i, change := range told {
		switch change.Kind {
		case isojot.SignedIn:
			if user != "" {
				t.Errorf("%s, change %d: %s signs in while %s is", tab, i, change.UserID, user)
			}
			user = change.UserID
		case isojot.SignedOut:
			user = ""
		case isojot.TokenRefreshed:
			if change.Token.UserID != user {
				t.Errorf("%s, change %d: a token of %s while %q is signed in", tab, i, change.Token.UserID, user)
			}
		}
	}
	if len(told) < 60 {
		t.Errorf("%s was told of %d changes only", tab, len(told))
	}
}
