package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
)

// However many sign-ins one client sends, those of another are all answered.
func TestSignInsOfOneClientLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits)
	f.signUp("ann")
	var err error
	// Slow enough that the flood fills the queue.
	if f.hasher, err = password.New(password.OWASP, 1, 16); err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	var refused atomic.Int64
	full := make(chan bool, 1)
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for n := 0; !done.Load(); n++ {
				body := fmt.Sprintf(`{"email":"nobody%d.%d@example.com","password":"correct horse"}`, i, n)
				if f.do("POST", "/v1/account/sessions/email", from("203.0.113.7:1"), body).Code == http.StatusServiceUnavailable {
					refused.Add(1)
					select {
					case full <- true:
					default:
					}
					time.Sleep(time.Millisecond) // as a client does, over the network
				}
			}
		})
	}
	<-full
	for range 6 {
		if a := f.do("POST", "/v1/account/sessions/email", from("192.0.2.1:1"), rightPassword("ann")); a.Code != 201 {
			t.Errorf("an honest sign-in was answered %d: %s", a.Code, a.Body)
		}
	}
	done.Store(true)
	wg.Wait()
	if refused.Load() == 0 {
		t.Error("nobody was refused")
	}
}

// Slow executions of one caller, waited for or not, leave slots to others.
func TestExecutionsOfOneCallerLeaveSlotsToOthers(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		t.Run(fmt.Sprintf("later=%v", later), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, withKey, noLimits, withFunctions(
				Function{ID: "slow", Handler: &seen{}, Execute: anyone, Timeout: maxFunctionTimeout},
				Function{ID: "quick", Handler: &seen{}, Execute: anyone},
			), func(o *Options) { o.FunctionSlots, o.FunctionWait = 4, maxFunctionTimeout })
			b := newBlock()
			f.useRunner("slow", b)
			body := fmt.Sprintf(`{"async":%v}`, later)
			answers := make(chan answer)
			for range 8 {
				go func() { answers <- f.do("POST", "/v1/functions/slow/executions", from("203.0.113.7:1"), body) }()
			}
			for range 2 {
				<-b.begun
			}
			var ids []string
			if later {
				for range 8 {
					ids = append(ids, (<-answers).text("$id"))
				}
				id := f.execute(202, "quick", from("192.0.2.1:1"), body).text("$id")
				f.settled("quick", id)
			}
			f.execute(201, "quick", from("192.0.2.1:1"), "{}")
			select {
			case <-b.begun:
				t.Error("one caller has more than half of the slots")
			default:
			}
			close(b.goOn)
			for range 8 - len(ids) {
				if a := <-answers; a.Code != 201 {
					t.Errorf("a slow one was answered %s", a.Body)
				}
			}
			for _, id := range ids {
				f.settled("slow", id)
			}
		})
	}
}

// What runs later begins in turn, one of each waiter after the other, each
// one's in order; who holds its part is passed over.
func TestExecutionsThatRunLaterTakeTurns(t *testing.T) {
	t.Parallel()
	f, _ := echo(t, func(o *Options) { o.FunctionSlots = 1 })
	b := newBlock()
	f.useRunner("echo", b)
	f.execute(202, "echo", from("203.0.113.1:1"), `{"async":true}`)
	<-b.begun
	order := make(chan string, 7)
	f.useRunner("echo", funcRunner(func(_ context.Context, req *runner.Request) (*runner.Result, error) {
		order <- req.Path
		return &runner.Result{Status: 200}, nil
	}))
	for _, asked := range []string{"1a", "1b", "1c", "2a", "2b", "3a", "2c"} {
		f.execute(202, "echo", from("203.0.113."+asked[:1]+":1"), fmt.Sprintf(`{"async":true,"path":"/%s"}`, asked))
	}
	close(b.goOn)
	for _, want := range []string{"/2a", "/3a", "/1a", "/2b", "/1b", "/2c", "/1c"} {
		if got := <-order; got != want {
			t.Errorf("%s ran, want %s", got, want)
		}
	}
}

// A caller counts for its key, its user or its address.
func TestWaiter(t *testing.T) {
	t.Parallel()
	guest := func(address string) *call { return &call{r: &http.Request{RemoteAddr: address}} }
	with := func(c *call, change func(*call)) *call { change(c); return c }
	for want, c := range map[string]*call{
		"guests of 192.0.2.1":     guest("192.0.2.1:1"),
		"guests of 2001:db8::/64": guest("[2001:db8::7]:1"),
		"anonymous of 192.0.2.1":  with(guest("192.0.2.1:1"), func(c *call) { c.user = &store.User{ID: "ann"} }),
		"ann":                     with(guest("192.0.2.1:1"), func(c *call) { c.user = &store.User{ID: "ann", Email: "ann@example.com"} }),
		"key backend":             with(guest("192.0.2.1:1"), func(c *call) { c.user, c.apiKey = &store.User{ID: "ann"}, &store.Key{ID: "backend"} }),
	} {
		if got := c.waiter(); got != want {
			t.Errorf("it counts for %q, want %q", got, want)
		}
	}
}

// Passwords are hashed by some of what runs at once, and never by all of it
// where there is more than one.
func TestHashesAtOnce(t *testing.T) {
	t.Parallel()
	for procs, want := range map[int]int{1: 1, 2: 1, 3: 1, 4: 2, 6: 4, 8: 6, 9: 6, 16: 12, 64: 48} {
		if got := hashesAtOnce(procs); got != want {
			t.Errorf("of %d it is %d, want %d", procs, got, want)
		}
	}
}
