//go:build !js

package isojot_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

// The days are simulated in a bubble of synctest: the real server, the clients'
// clocks, cookies and timers all follow its time.
const (
	step       = 20 * time.Second // a call per tab
	navigation = 2 * time.Minute  // each tab leaves its page for another
	day        = 24 * time.Hour
)

// round is what all tabs do at one step: each makes a call at the same moment.
func round(t *testing.T, tabs []*tab, check func(tb *tab, living bool, err error)) {
	living := map[*browser]bool{}
	for _, tb := range tabs {
		living[tb.browser] = living[tb.browser] || tb.tokens.Peek() != nil
	}
	var group sync.WaitGroup
	for _, tb := range tabs {
		group.Go(func() {
			_, err := tb.tokens.TokenClient().Account.Get(t.Context())
			check(tb, living[tb.browser], err)
		})
	}
	group.Wait()
	synctest.Wait()
}

// simulate lets the tabs work for a day.
func simulate(t *testing.T, tabs []*tab, check func(tb *tab, living bool, err error)) {
	t.Helper()
	for at := time.Duration(0); at < day && !t.Failed(); at += step {
		round(t, tabs, check)
		for i, tb := range tabs {
			// One after the other, so that some page always has a token.
			if (at+time.Duration(i)*step)%navigation == 0 {
				tb.reload(t)
			}
		}
		time.Sleep(step)
	}
}

// creations returns when the server made JWTs, and how often it refused to.
func (a *api) creations() (made []time.Time, refused int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.seen {
		switch {
		case s.call != create:
		case s.status == 201:
			made = append(made, s.at)
		default:
			refused++
		}
	}
	return made, refused
}

// TestADayOfThreeTabs stays within the classic budget: no caller meets a limit.
func TestADayOfThreeTabs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newAPI(t, server.LimitsClassic).browser(t, "browser")
		tabs := []*tab{b.open(t), b.open(t), b.open(t)}
		tabs[0].signIn(t, "alice")
		var calls atomic.Int64
		simulate(t, tabs, func(_ *tab, _ bool, err error) {
			if calls.Add(1); err != nil {
				t.Error(err)
			}
		})
		made, refused := b.api.creations()
		for i := 10; i < len(made); i++ {
			if made[i].Sub(made[i-10]) < time.Hour {
				t.Errorf("11 creations in the hour before %v", made[i])
			}
		}
		if refused != 0 || calls.Load() != 3*int64(day/step) {
			t.Errorf("%d calls, %d creations were refused", calls.Load(), refused)
		}
		// A life of 15 minutes, renewed a minute early: 103 in a day.
		if len(made) > 110 {
			t.Errorf("%d creations", len(made))
		}
		t.Logf("%d calls, %d creations", calls.Load(), len(made))
	})
}

// TestADayOfFourDevices needs more than the user's budget: what can be served
// is, and the rest says why and until when.
func TestADayOfFourDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAPI(t, server.LimitsClassic)
		var tabs []*tab
		for _, name := range []string{"phone", "laptop", "tablet", "desktop"} {
			b := a.browser(t, name)
			first := b.open(t)
			first.signIn(t, "alice")
			tabs = append(tabs, first, b.open(t))
		}
		var served, limited atomic.Int64
		simulate(t, tabs, func(tb *tab, living bool, err error) {
			if err == nil {
				served.Add(1)
				return
			}
			limited.Add(1)
			e := failure(t, err)
			if living {
				t.Errorf("%s: a token lives, but: %v", tb.browser.name, err)
			}
			if e.Reason != isojot.ReasonRateLimited || e.RetryAfter <= 0 || e.RetryAfter > time.Hour {
				t.Errorf("%v, reason %s, retry after %v", err, e.Reason, e.RetryAfter)
			}
			if !strings.Contains(err.Error()+e.Reason.Advice(), "shared by all of the user's tabs and devices") {
				t.Errorf("%v does not name the shared budget", err)
			}
		})
		made, refused := a.creations()
		t.Logf("%d calls served, %d limited, %d creations, %d refused", served.Load(), limited.Load(), len(made), refused)
		// 10 tokens of 15 minutes serve 2.5 of 4 devices.
		if all := served.Load() + limited.Load(); limited.Load() == 0 || float64(served.Load()) < 0.55*float64(all) {
			t.Errorf("%d of %d calls were served", served.Load(), all)
		}
		// Who was refused waits: not one refusal for each call.
		if int64(refused) > limited.Load()/10 {
			t.Errorf("%d creations were refused for %d calls", refused, limited.Load())
		}
	})
}
