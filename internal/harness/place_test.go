//go:build !race

package harness

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
	"github.com/isojot/isojot/server"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // there are many small requests, and little is kept
	os.Exit(pgtest.Main(m))
}

// adminKey is the API key that the tests themselves use.
const adminKey = "the-key-of-the-tests-themselves"

// clock is what the servers of a place read the time from. It stands until it
// is moved, or goes on by a tick with each reading.
type clock struct {
	ms   atomic.Int64
	tick atomic.Int64
}

func (c *clock) now() time.Time       { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) set(t time.Time)      { c.ms.Store(t.UnixMilli()) }
func (c *clock) move(d time.Duration) { c.ms.Add(d.Milliseconds()) }
func (c *clock) read(skew time.Duration) time.Time {
	return time.UnixMilli(c.ms.Add(c.tick.Load())).UTC().Add(skew)
}

// start is where the clocks begin.
var start = time.Date(2026, 8, 21, 12, 10, 2, 0, time.UTC)

// shape is how many servers a place has, and how far their clocks are ahead.
type shape struct {
	name  string
	skews []time.Duration
}

// The shapes. One server has its data in a file, several share PostgreSQL.
var (
	oneServer    = shape{"one server, SQLite in a file", []time.Duration{0}}
	threeServers = shape{"three servers, PostgreSQL", []time.Duration{0, 0, 0}}
	clocksApart  = shape{"three servers, clocks apart", []time.Duration{0, 30 * time.Second, 5 * time.Minute}}

	together = []shape{oneServer, threeServers}
	apart    = []shape{oneServer, clocksApart}
)

// maxSkew is how far any clock is ahead.
const maxSkew = 5 * time.Minute

// place is one server, or some that share a database, with clients.
type place struct {
	*testing.T
	clock   *clock
	skews   []time.Duration
	options server.Options
	servers []*server.Server
	peers   []*peer
	runs    runs
	gate    *gate
	made    atomic.Int64 // people and addresses
}

// inEach runs a test in a place of each shape.
func inEach(t *testing.T, shapes []shape, test func(*place), changes ...func(*server.Options)) {
	t.Helper()
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(newPlace(t, s, changes...))
		})
	}
}

// newPlace starts the servers.
func newPlace(t *testing.T, s shape, changes ...func(*server.Options)) *place {
	t.Helper()
	p := &place{T: t, clock: &clock{}, skews: s.skews, gate: newGate()}
	p.clock.set(start)
	o := server.Options{DataDir: t.TempDir()}
	if len(s.skews) > 1 {
		o = server.Options{DatabaseURL: pgtest.New(t)}
	}
	o.APIKey, o.TrustedProxies, o.Functions = adminKey, []string{"127.0.0.1"}, p.functions()
	o.Outbox = true
	o.PasswordCost = server.PasswordCost{MemoryKiB: 8, Time: 1, Threads: 1}
	for _, change := range changes {
		change(&o)
	}
	p.options = o
	for _, skew := range s.skews {
		o.Now = func() time.Time { return p.clock.read(skew) }
		p.serve(o)
	}
	p.Cleanup(p.gate.open)
	return p
}

// serve starts a server.
func (p *place) serve(o server.Options) {
	p.Helper()
	s, err := server.New(p.Context(), o)
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		if err := s.Close(); err != nil {
			p.Errorf("Close: %v", err)
		}
	})
	web := httptest.NewUnstartedServer(s)
	web.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	web.Start()
	p.Cleanup(web.Close)
	to := &peer{address: web.Listener.Addr().String()}
	p.Cleanup(to.close)
	p.servers, p.peers = append(p.servers, s), append(p.peers, to)
}

// server is one of the servers; there may be fewer than the test counts.
func (p *place) server(n int) *server.Server { return p.servers[n%len(p.servers)] }
func (p *place) peer(n int) *peer            { return p.peers[n%len(p.peers)] }

// ask sends a request to one of the servers.
func (p *place) ask(n int, r request) answer {
	p.Helper()
	a, err := p.peer(n).ask(r)
	if err != nil {
		p.Errorf("%s %s: %v", r.method, r.path, err)
	}
	return a
}

// must is ask by the tests' own key, for steps that prepare or look.
func (p *place) must(status, n int, method, path, body string) answer {
	p.Helper()
	a := p.ask(n, request{method, path, byAdmin, body})
	if a.status != status {
		p.Errorf("%s %s: %d, want %d: %s", method, path, a.status, status, a.body)
	}
	return a
}

// byAdmin are the headers of the tests' own key.
var byAdmin = map[string]string{"X-Appwrite-Project": server.DefaultProject, "X-Appwrite-Key": adminKey}

// number is one that nobody else in the place has.
func (p *place) number() int { return int(p.made.Add(1)) }

// newAddress is an address that nobody else in the place has.
func (p *place) newAddress() string {
	n := p.number()
	return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

// atOnce calls a function so many times at once.
func atOnce(times int, f func(i int)) {
	var all sync.WaitGroup
	for i := range times {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// runs counts how often functions ran, by what their path or user is.
type runs struct {
	mu    sync.Mutex
	count map[string]int
}

func (r *runs) add(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == nil {
		r.count = map[string]int{}
	}
	r.count[what]++
}

func (r *runs) of(what string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count[what]
}

// gate is what the function "gate" waits at.
type gate struct {
	mu      sync.Mutex
	opened  chan struct{}
	entered chan string // the paths of those who come to it
}

func newGate() *gate { return &gate{opened: make(chan struct{}), entered: make(chan string, 1000)} }

// wait waits until the gate is opened.
func (g *gate) wait(path string) {
	g.mu.Lock()
	opened := g.opened
	g.mu.Unlock()
	g.entered <- path
	<-opened
}

// open lets all go on that come until it is shut.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.opened:
	default:
		close(g.opened)
	}
}

// shut makes those wait that come from now on.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened = make(chan struct{})
	for len(g.entered) > 0 {
		<-g.entered
	}
}

// functions are those of a place, for users: "echo" counts its runs by their
// path and answers with its API key, and "gate" waits.
func (p *place) functions() []server.Function {
	count := func(r *http.Request) {
		p.runs.add(r.URL.Path)
		if user := r.Header.Get("X-Appwrite-User-Id"); user != "" {
			p.runs.add("as " + user)
		}
		if r.Header.Get("X-Appwrite-User-Jwt") != "" {
			p.runs.add("with a token at " + r.URL.Path)
		}
	}
	echo := func(w http.ResponseWriter, r *http.Request) {
		count(r)
		_, _ = io.WriteString(w, r.Header.Get("X-Appwrite-Key"))
	}
	wait := func(_ http.ResponseWriter, r *http.Request) {
		count(r)
		p.gate.wait(r.URL.Path)
	}
	users := []string{"users"}
	return []server.Function{
		{ID: "echo", Handler: http.HandlerFunc(echo), Execute: users, Scopes: []string{"users.read", "users.write", "teams.read", "teams.write"}},
		{ID: "gate", Handler: http.HandlerFunc(wait), Execute: users, Timeout: patience},
	}
}

// trimmed is the beginning of a body, for messages.
func trimmed(body []byte) string {
	text := strings.TrimSpace(string(body))
	return text[:min(len(text), 200)]
}
