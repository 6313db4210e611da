package ssr_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/ssr"
)

// crowd are users with a session each, many of whom ask for pages at once.
type crowd struct {
	*world
	users   map[string]string // their sessions
	handler http.Handler
}

func newCrowd(t *testing.T, users int, opts ...ssr.Option) *crowd {
	t.Helper()
	w := newWorld(t)
	// No more connections than a machine has.
	transport := &http.Transport{MaxConnsPerHost: 100, MaxIdleConnsPerHost: 100}
	t.Cleanup(transport.CloseIdleConnections)
	base, err := w.base.With(isojot.WithHTTPClient(&http.Client{Transport: transport, Timeout: 5 * time.Minute}))
	if err != nil {
		t.Fatal(err)
	}
	opts = append([]ssr.Option{ssr.TokenOptions(isojot.TokenClock(newClock(w.Server)))}, opts...)
	w.sessions = sessions(t, base, opts...)
	mux := http.NewServeMux()
	pages(mux)
	c := &crowd{world: w, users: map[string]string{}, handler: w.sessions.Middleware(mux)}
	for i := range users {
		id := fmt.Sprintf("user%d", i)
		w.Seed(isojottest.User{ID: id, Email: id + "@example.com"})
		c.users[id] = w.CreateSession(id)
	}
	return c
}

// atOnce is how many sessions ask at once, each with all of its requests. With
// all of them, a slow machine would not answer within the minute that the making
// of a JWT may take.
const atOnce = 8

// visit has every user ask for their page so many times at once. It returns how
// many different JWTs were seen.
func (c *crowd) visit(t *testing.T, times int) int {
	t.Helper()
	var all sync.WaitGroup
	var jwts sync.Map
	slots := make(chan struct{}, atOnce)
	for user, session := range c.users {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			var own sync.WaitGroup
			for range times {
				own.Go(func() { jwts.Store(c.page(t, user, session), true) })
			}
			own.Wait()
		})
	}
	all.Wait()
	distinct := 0
	jwts.Range(func(any, any) bool { distinct++; return true })
	return distinct
}

// page asks for a user's page, checks whose it is, and returns its JWT.
func (c *crowd) page(t *testing.T, user, session string) string {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/me", nil)
	r.Header.Set("Cookie", "a_session_demo="+url.QueryEscape(session))
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, r)
	jwt, ok := strings.CutPrefix(rec.Body.String(), user+" "+user+" ")
	claims, bad := isojot.Decode(jwt)
	if !ok || bad != nil || claims.UserID != user {
		t.Errorf("%s got %d %s", user, rec.Code, rec.Body)
	}
	return jwt
}

// TestCrowdSeesItsOwnPages: 200 sessions, 50 parallel requests of each. In each
// life of a JWT, every session costs one creation.
func TestCrowdSeesItsOwnPages(t *testing.T) {
	const users = 200
	c := newCrowd(t, users)
	for life, times := range []int{50, 2, 2} {
		if jwts := c.visit(t, times); jwts != users {
			t.Errorf("life %d: %d JWTs for %d sessions", life, jwts, users)
		}
		want := ssr.Stats{Sessions: users, Created: uint64(users * (life + 1))}
		if got := c.sessions.Stats(); got != want || c.api.creations.Load() != int64(want.Created) {
			t.Errorf("life %d: %+v, want %+v; the API made %d", life, got, want, c.api.creations.Load())
		}
		c.Advance(15 * time.Minute)
	}
}

// TestCrowdUnderPressure: with room for fewer sessions than there are, each
// still sees its own, and what that costs is counted.
func TestCrowdUnderPressure(t *testing.T) {
	const users, times, room = 200, 10, atOnce / 2
	c := newCrowd(t, users, ssr.TokenEntries(room))
	jwts := c.visit(t, times)
	got := c.sessions.Stats()
	if got.Sessions != room || got.Evicted < users-room || got.Created != got.Evicted+room {
		t.Errorf("%+v", got)
	}
	if made := c.api.creations.Load(); uint64(made) != got.Created || made > users*times || jwts > int(made) {
		t.Errorf("the API made %d, the counter says %d, %d were seen", made, got.Created, jwts)
	}
}

// TestNothingIsLeftRunning when the requests are over.
func TestNothingIsLeftRunning(t *testing.T) {
	before := goroutines()
	t.Run("a crowd", func(t *testing.T) { newCrowd(t, 20, ssr.TokenEntries(5)).visit(t, 10) })
	// Servers and connections end on their own time.
	for deadline := time.Now().Add(time.Minute); goroutines() > before && time.Now().Before(deadline); {
		runtime.Gosched()
		time.Sleep(10 * time.Millisecond)
	}
	if after := goroutines(); after > before {
		var stacks strings.Builder
		if err := pprof.Lookup("goroutine").WriteTo(&stacks, 1); err != nil {
			t.Error(err)
		}
		t.Errorf("%d goroutines, %d before:\n%s", after, before, stacks.String())
	}
}

func goroutines() int {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return runtime.NumGoroutine()
}
