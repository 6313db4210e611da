//go:build !js

package isojot_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

// inBrowser runs a test in a bubble with a browser over a real server.
func inBrowser(t *testing.T, test func(t *testing.T, b *browser)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newAPI(t, server.LimitsClassic).browser(t, "browser")) })
}

const (
	create  = "POST /account/jwts"
	current = "GET /account/sessions/current"
)

func TestTokenSurvivesReload(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tb := b.open(t)
		tb.signIn(t, "alice")
		old := token(t, tb.tokens)
		b.api.calls()
		for range 14 {
			time.Sleep(time.Minute - time.Second)
			tb.reload(t)
			if got := token(t, tb.tokens); got.JWT != old.JWT || got.UserID != "alice" || !got.Expiry.Equal(old.Expiry) {
				t.Fatalf("%+v, want %+v", got, old)
			}
		}
		if got := tb.events.take(); got != "signed-in alice" {
			t.Errorf("the page learns: %s", got)
		}
		if calls := b.api.calls(); calls != "" {
			t.Errorf("reloads asked %s", calls)
		}
		time.Sleep(time.Minute)
		tb.reload(t)
		if got := token(t, tb.tokens); got.JWT == old.JWT {
			t.Error("a token survived its life")
		}
	})
}

// TestReloadTrustsOnlyItsOwn: what does not fit is not taken up.
func TestReloadTrustsOnlyItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		options []isojot.TokenOption
		meddle  func(b *browser, tb *tab)
	}{
		"memory only":        {[]isojot.TokenOption{isojot.TokenStorage(nil)}, func(*browser, *tab) {}},
		"storage was empty":  {nil, func(_ *browser, tb *tab) { tb.session = memory{} }},
		"another's sign-in":  {nil, func(b *browser, _ *tab) { b.local.each(func(string) string { return "2" }) }},
		"nonsense":           {nil, func(_ *browser, tb *tab) { tb.session.each(func(string) string { return "{" }) }},
		"another kind":       {nil, func(_ *browser, tb *tab) { tb.session.each(func(string) string { return `{"epoch":1,"jwt":7}` }) }},
		"life beyond bounds": {nil, func(_ *browser, tb *tab) { tb.session.replace(`"life":900000`, `"life":3600001`) }},
		"made in the future": {nil, func(_ *browser, tb *tab) { tb.session.replace(`"at":`, `"at":9`) }},
		"cut token":          {nil, func(_ *browser, tb *tab) { tb.session.replace(`"jwt":"ey`, `"jwt":"y`) }},
	} {
		inBrowser(t, func(t *testing.T, b *browser) {
			tb := b.open(t, c.options...)
			tb.signIn(t, "alice")
			token(t, tb.tokens)
			tb.tokens.Close()
			synctest.Wait()
			c.meddle(b, tb)
			b.api.calls()
			tb.load(t, c.options...)
			if tb.tokens.Peek() != nil {
				t.Errorf("%s: a token is there", name)
			}
			if token(t, tb.tokens); !strings.Contains(b.api.calls(), create) {
				t.Errorf("%s: no token was made", name)
			}
		})
	}
}

// TestFreshTabTakesAnOffer: instead of the user's budget it spends one request
// that no limit counts.
func TestFreshTabTakesAnOffer(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		a := b.open(t)
		a.signIn(t, "alice")
		jwt := token(t, a.tokens).JWT
		fresh := b.open(t)
		b.api.calls()
		if got := token(t, fresh.tokens); got.JWT != jwt {
			t.Error("it made a token of its own")
		}
		if calls := b.api.calls(); calls != current {
			t.Errorf("it asked %s", calls)
		}
		if got := fresh.events.take(); got != "signed-in alice, token-refreshed alice" {
			t.Errorf("events: %s", got)
		}
		fresh.reload(t)
		if got := token(t, fresh.tokens); got.JWT != jwt || b.api.calls() != "" {
			t.Error("what it took does not survive a reload")
		}
	})
}

func TestFreshTabWithoutOfferCreates(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		first := b.open(t)
		first.signIn(t, "alice")
		first.freeze()
		fresh := b.open(t)
		b.api.calls()
		began := time.Now()
		token(t, fresh.tokens)
		if calls := b.api.calls(); calls != create {
			t.Errorf("it asked %s", calls)
		}
		if waited := time.Since(began); waited > 50*time.Millisecond {
			t.Errorf("it waited %v for an offer", waited)
		}
	})
}

// TestOfferOfAnotherSessionIsNotTaken: the cookie jar, not the other tab, says
// who is signed in.
func TestOfferOfAnotherSessionIsNotTaken(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		a := b.open(t)
		a.signIn(t, "alice")
		token(t, a.tokens)
		// Bob comes by a page that does not use this package.
		elsewhere := b.api.browser(t, "elsewhere").open(t)
		elsewhere.signIn(t, "bob")
		b.jar = elsewhere.browser.jar

		fresh := b.open(t)
		b.api.calls()
		if got := token(t, fresh.tokens); got.UserID != "bob" {
			t.Errorf("bob's tab has a token of %s", got.UserID)
		}
		if calls := b.api.calls(); calls != current+", "+create {
			t.Errorf("it asked %s", calls)
		}
		if got := fresh.events.take(); got != "signed-in bob, token-refreshed bob" {
			t.Errorf("events: %s", got)
		}
	})
}

func TestFreshTabWithNobodySignedIn(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		fresh := b.open(t)
		_, err := fresh.tokens.Token(t.Context())
		if e := failure(t, err); !errors.Is(err, isojot.ErrUnauthorizedScope) || e.Reason != isojot.ReasonNoSession {
			t.Error(err)
		}
		if got := fresh.events.take(); got != "signed-out" {
			t.Errorf("events: %s", got)
		}
	})
}

// TestTabsShareATokenTheyAlreadyKnowTheSessionOf without any request.
func TestTabsShareATokenTheyAlreadyKnowTheSessionOf(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		tabs := []*tab{b.open(t), b.open(t), b.open(t)}
		tabs[0].signIn(t, "alice")
		b.api.calls()
		for round := range 10 {
			for i := range tabs {
				token(t, tabs[(i+round)%len(tabs)].tokens)
				synctest.Wait()
			}
			if calls := b.api.calls(); calls != create {
				t.Errorf("round %d: the tabs asked %s", round, calls)
			}
			time.Sleep(14 * time.Minute)
		}
	})
}

// TestOffersAreTheLongestLived: one that came first and is over is no use.
func TestOffersAreTheLongestLived(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		a := b.open(t)
		a.signIn(t, "alice")
		token(t, a.tokens)
		idle := b.open(t)
		synctest.Wait()
		time.Sleep(20 * time.Minute)
		jwt := token(t, a.tokens).JWT
		synctest.Wait()
		b.api.calls()
		if got := token(t, idle.tokens); got.JWT != jwt || b.api.calls() != current {
			t.Error("it made a token though another tab had one")
		}
	})
}

// TestForceRefreshTakesNoOffer: it promises a new token.
func TestForceRefreshTakesNoOffer(t *testing.T) {
	inBrowser(t, func(t *testing.T, b *browser) {
		a := b.open(t)
		a.signIn(t, "alice")
		jwt := token(t, a.tokens).JWT
		fresh := b.open(t)
		time.Sleep(time.Minute)
		b.api.calls()
		got, err := fresh.tokens.ForceRefresh(t.Context())
		if err != nil || got.JWT == jwt {
			t.Errorf("%v, %v", got, err)
		}
		if calls := b.api.calls(); calls != create {
			t.Errorf("it asked %s", calls)
		}
	})
}
