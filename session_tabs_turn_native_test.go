//go:build !js

package isojot_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
)

// signedInTabs opens tabs of one session, none of which has a token.
func signedInTabs(t *testing.T, b *browser, n int) []*tab {
	t.Helper()
	tabs := make([]*tab, n)
	for i := range tabs {
		tabs[i] = b.open(t)
	}
	tabs[0].signIn(t, "alice")
	b.api.calls()
	return tabs
}

// outcome is what one tab's Token returned, and how long that took.
type outcome struct {
	token *isojot.Token
	err   error
	took  time.Duration
}

// atOnce calls Token in all tabs at the same moment.
func atOnce(t *testing.T, tabs []*tab) []outcome {
	t.Helper()
	outcomes := make([]outcome, len(tabs))
	var group sync.WaitGroup
	for i, tb := range tabs {
		group.Go(func() {
			began := time.Now()
			token, err := tb.tokens.Token(t.Context())
			outcomes[i] = outcome{token, err, time.Since(began)}
		})
	}
	group.Wait()
	synctest.Wait()
	return outcomes
}

// TestTabsThatCallAtOnceMakeOneToken, also when none is left to serve.
func TestTabsThatCallAtOnceMakeOneToken(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 20)
		for _, pause := range []time.Duration{0, 14 * time.Minute, 20 * time.Minute} {
			time.Sleep(pause)
			outcomes := atOnce(t, tabs)
			for i, o := range outcomes {
				if o.err != nil || o.token.JWT != outcomes[0].token.JWT {
					t.Errorf("after %v, tab %d: %+v", pause, i, o)
				}
			}
			if calls := b.api.calls(); calls != create {
				t.Errorf("after %v: the tabs asked %s", pause, calls)
			}
		}
	})
}

// TestTabsThatOpenAtOnceMakeOneToken: they do not know their session yet.
func TestTabsThatOpenAtOnceMakeOneToken(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		first := b.open(t)
		first.signIn(t, "alice")
		first.tokens.Close()
		tabs := []*tab{b.open(t), b.open(t), b.open(t)}
		b.api.calls()
		for i, o := range atOnce(t, tabs) {
			if o.err != nil || o.token.UserID != "alice" {
				t.Errorf("tab %d: %+v", i, o)
			}
		}
		if calls := b.api.calls(); strings.Count(calls, create) != 1 {
			t.Errorf("the tabs asked %s", calls)
		}
	})
}

func TestLoneTabWaitsForNobody(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 1)
		if o := atOnce(t, tabs)[0]; o.err != nil || o.took != 0 {
			t.Errorf("%+v", o)
		}
	})
}

// TestForceRefreshWaitsForNoTurn: another tab's token will not do.
func TestForceRefreshWaitsForNoTurn(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 2)
		var group sync.WaitGroup
		for _, tb := range tabs {
			group.Go(func() {
				began := time.Now()
				if _, err := tb.tokens.ForceRefresh(t.Context()); err != nil || time.Since(began) != 0 {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		}
		group.Wait()
		if calls := b.api.calls(); calls != create+", "+create {
			t.Errorf("the tabs asked %s", calls)
		}
	})
}

// TestTabsShareALimit: one refusal tells them all, and those that open later.
func TestTabsShareALimit(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 3)
		for range 10 {
			if _, err := tabs[0].tokens.ForceRefresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		time.Sleep(20 * time.Minute)
		b.api.calls()
		tabs = append(tabs, b.open(t))
		for range 2 {
			for i, o := range atOnce(t, tabs) {
				e := failure(t, o.err)
				if !errors.Is(o.err, isojot.ErrRateLimitExceeded) || e.Reason != isojot.ReasonRateLimited || e.RetryAfter.Round(time.Second) != 40*time.Minute {
					t.Errorf("tab %d: %v, retry after %v", i, o.err, e.RetryAfter)
				}
			}
		}
		later := b.open(t)
		synctest.Wait()
		if _, err := later.tokens.Token(t.Context()); !errors.Is(err, isojot.ErrRateLimitExceeded) {
			t.Error(err)
		}
		if calls := b.api.calls(); calls != create {
			t.Errorf("the tabs asked %s", calls)
		}
		time.Sleep(40 * time.Minute)
		for i, o := range atOnce(t, tabs) {
			if o.err != nil {
				t.Errorf("tab %d after the window: %v", i, o.err)
			}
		}
	})
}

// slow makes the first creation take that long.
func slow(b *browser, d time.Duration) {
	var begun atomic.Bool
	b.hold(func(req *isojot.Request) {
		if strings.HasSuffix(req.URL, "/account/jwts") && begun.CompareAndSwap(false, true) {
			time.Sleep(d)
		}
	}, nil)
}

// TestTabsWaitForASlowServer together: asking it again would help nobody.
func TestTabsWaitForASlowServer(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 3)
		slow(b, 30*time.Second)
		for i, o := range atOnce(t, tabs) {
			if o.err != nil || o.took.Truncate(time.Second) != 30*time.Second {
				t.Errorf("tab %d: %+v", i, o)
			}
		}
		if calls := b.api.calls(); calls != create {
			t.Errorf("the tabs asked %s", calls)
		}
	})
}

// TestNobodyWaitsLongForAFrozenTab: it answers nobody, and after 5 s another
// takes its turn.
func TestNobodyWaitsLongForAFrozenTab(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 3)
		slow(b, 30*time.Second)
		go func() {
			if _, err := tabs[0].tokens.Token(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(time.Second)
		tabs[0].freeze()
		for i, o := range atOnce(t, tabs[1:]) {
			if o.err != nil || o.took.Truncate(time.Second) != 4*time.Second {
				t.Errorf("tab %d: %+v", i+1, o)
			}
		}
		time.Sleep(time.Minute)
		if calls := b.api.calls(); calls != create+", "+create {
			t.Errorf("the tabs asked %s", calls)
		}
	})
}

// TestATabThatClosesLeavesItsTurn to the others, at once.
func TestATabThatClosesLeavesItsTurn(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := signedInTabs(t, b, 2)
		slow(b, time.Minute)
		go func() { _, _ = tabs[0].tokens.Token(t.Context()) }() // closed under its feet
		time.Sleep(time.Second)
		go func() {
			time.Sleep(time.Second)
			tabs[0].tokens.Close()
		}()
		if o := atOnce(t, tabs[1:])[0]; o.err != nil || o.took.Truncate(time.Second) != time.Second {
			t.Errorf("%+v", o)
		}
		time.Sleep(time.Minute) // until the server has answered
	})
}

// TestSignOutWhileOthersWait leaves no token, in whichever tab it happens.
func TestSignOutWhileOthersWait(t *testing.T) {
	for which := range 3 {
		inBrowser(t, func(t *testing.T, b *browser) {
			tabs := signedInTabs(t, b, 3)
			slow(b, 2*time.Second)
			go func() {
				time.Sleep(time.Second)
				tabs[which].signOutQuietly(t)
			}()
			for i, o := range atOnce(t, tabs) {
				if o.err == nil || !errors.Is(o.err, isojot.ErrSessionChanged) && !errors.Is(o.err, isojot.ErrUnauthorizedScope) {
					t.Errorf("sign-out in tab %d, tab %d: %+v", which, i, o)
				}
			}
			time.Sleep(time.Minute)
			if b.keeps() {
				t.Errorf("sign-out in tab %d: a token is left", which)
			}
		})
	}
}
