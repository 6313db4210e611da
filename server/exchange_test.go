package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/isojot/isojot/internal/ledger"
	"github.com/isojot/isojot/server/internal/wire"
)

// listening has the server on a real address. Its own time-outs are those of
// embedders who set none.
func (f *fixture) listening() string {
	web := httptest.NewServer(f.Server)
	f.t.Cleanup(web.Close)
	return web.Listener.Addr().String()
}

// line is a connection with small buffers, on which a test sends what it likes.
type line struct {
	net.Conn
	t    *testing.T
	read *bufio.Reader
}

func (f *fixture) connect(addr string) *line { return f.connectBy(addr, 4<<10) }

// connectBy is connect with a buffer of that size, in bytes.
func (f *fixture) connectBy(addr string, buffer int) *line {
	f.t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		err = conn.(*net.TCPConn).SetReadBuffer(buffer)
	}
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(time.Minute))
	}
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { conn.Close() })
	return &line{conn, f.t, bufio.NewReaderSize(conn, 16)}
}

// send sends the beginning of a request with a body of that length.
func (l *line) send(method, path string, length int, body string) {
	l.t.Helper()
	if err := l.trySend(method, path, length, body); err != nil {
		l.t.Fatal(err)
	}
}

// trySend is send to a server that may refuse the request before all is sent.
func (l *line) trySend(method, path string, length int, body string) error {
	_, err := fmt.Fprintf(l, "%s %s HTTP/1.1\r\nHost: localhost\r\nX-Appwrite-Project: demo\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, path, length, body)
	return err
}

// answer reads an answer.
func (l *line) answer() (status int, body string) {
	l.t.Helper()
	res, err := http.ReadResponse(l.read, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not happen that %s", what)
		}
	}
}

// longSignUp is a sign-up of exactly so many bytes.
func longSignUp(id string, size int) string {
	body := fmt.Sprintf(`{"userId":%q,"email":"%s@example.com","password":"password123","x":"`, id, id)
	return body + strings.Repeat("x", size-len(body)-2) + `"}`
}

// A body must go on to come; then it may take as long as it likes.
func TestSlowBodies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.pace = pace{read: 400 * time.Millisecond, readBytes: 100, write: time.Minute}
	addr := f.listening()

	stalled, dripping, steady, silent := f.connect(addr), f.connect(addr), f.connect(addr), f.connect(addr)
	begun := time.Now()
	stalled.send("POST", "/v1/account", 5000, longSignUp("ann", 5000)[:4000])
	silent.send("DELETE", "/v1/account/sessions/x", 5000, "")
	dripping.send("POST", "/v1/account", 5000, "")
	go func() {
		for {
			if _, err := dripping.Write([]byte("{")); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	body := longSignUp("eve", 1000)
	steady.send("POST", "/v1/account", len(body), "")
	for i := range 10 {
		if _, err := steady.Write([]byte(body[i*100 : i*100+100])); err != nil {
			t.Fatal(err)
		}
		time.Sleep(f.pace.read / 5)
	}
	if status, text := steady.answer(); status != 201 || time.Since(begun) < 2*f.pace.read {
		t.Errorf("after %v the steady one gets %d %s", time.Since(begun), status, text)
	}
	for name, l := range map[string]*line{"stalled": stalled, "dripping": dripping} {
		if status, text := l.answer(); status != 400 || !strings.Contains(text, "came too slowly: this server waits 400ms for each 100 bytes") {
			t.Errorf("the one that is %s gets %d %s", name, status, text)
		}
		if _, err := l.read.ReadByte(); err == nil {
			t.Errorf("the connection of the one that is %s goes on", name)
		}
	}
	// Nobody reads its body, and yet it does not wait for ever.
	if status, text := silent.answer(); status != 401 {
		t.Errorf("the silent one gets %d %s", status, text)
	}
	// What a body leaves behind does not end what comes after it.
	f.pace.read = time.Millisecond
	for range 3 {
		steady.send("GET", "/v1/health/version", 0, "")
		if status, text := steady.answer(); status != 200 {
			t.Fatalf("the next request gets %d %s", status, text)
		}
		time.Sleep(2 * f.pace.read)
	}
}

// A function takes longer than a body may: the client is not taken for gone.
func TestBodiesEndBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withFunctions(Function{ID: "slow", Execute: anyone, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(200 * time.Millisecond)
		fmt.Fprint(w, r.Context().Err())
	})}))
	f.pace.read = 50 * time.Millisecond
	l := f.connect(f.listening())
	l.send("POST", "/_functions/demo/slow/", 2, "{}")
	if status, text := l.answer(); status != 200 || text != "<nil>" {
		t.Errorf("it is %d %s", status, text)
	}
}

// large is a function whose answer is as long as they get.
func large(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	if r.URL.Path == "/small" {
		return
	}
	for range maxFunctionBody / 1024 {
		if _, err := io.WriteString(w, strings.Repeat("0123456789abcde\n", 64)); err != nil {
			return
		}
	}
}

// An answer has its place until it is written; who does not read is cut off, who
// reads slowly is not.
func TestUnreadAnswers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits, withFunctions(Function{ID: "large", Execute: anyone, Handler: http.HandlerFunc(large)}), func(o *Options) { o.FunctionSlots = 1 })
	f.pace.write = 500 * time.Millisecond
	addr := f.listening()
	for name, ask := range map[string]func(*line){
		"page":      func(l *line) { l.send("GET", "/_functions/demo/large/", 0, "") },
		"execution": func(l *line) { l.send("POST", "/v1/functions/large/executions", 2, "{}") },
	} {
		unread, slow := f.connect(addr), f.connectBy(addr, 256<<10)
		ask(unread)
		until(t, "the answer has a place", func() bool { return f.memory.Used() >= maxFunctionBody-freeMemory })
		f.execute(201, "large", nil, `{"path":"/small"}`) // the one slot is free
		if f.memory.Used() < maxFunctionBody-freeMemory {
			t.Errorf("%s: the place is given back before the answer is written", name)
		}
		until(t, "who does not read is cut off", func() bool { return f.memory.Used() == 0 })
		ask(slow)
		until(t, "the answer has a place", func() bool { return f.memory.Used() > 0 })
		begun, got, chunk := time.Now(), 0, make([]byte, maxFunctionBody/20)
		for got < maxFunctionBody {
			n, err := io.ReadFull(slow.read, chunk)
			got += n
			if err != nil {
				t.Fatalf("%s: after %v and %d bytes: %v", name, time.Since(begun), got, err)
			}
			time.Sleep(f.pace.write / 8)
		}
		if took := time.Since(begun); took < 2*f.pace.write {
			t.Errorf("%s: that took %v only", name, took)
		}
		slow.Close()
		until(t, "the place is given back", func() bool { return f.memory.Used() == 0 })
	}
}

// The answer of an execution is what encoding/json makes of it, whole.
func TestLongAnswersAreJSON(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	for _, text := range []string{"", "plain", "\x00\x1f\x7f\"\\/<>&\u2028\u2029é\U0001F600", "\xff\xfe", "a\xffb\xc3", strings.Repeat("é", filePiece) + "\xc3\xc3x" + strings.Repeat("\U0001F600", filePiece),
		strings.Repeat("x", filePiece-1) + "\u2028"} {
		f.useRunner("echo", answers(text))
		want := strings.ToValidUTF8(text, "\uFFFD")
		for version, member := range map[string]string{"": "responseBody", "1.3.0": "response"} {
			a := f.execute(201, "echo", headers{"X-Appwrite-Response-Format": version}, "{}")
			if a.text(member) != want || a.Header().Get("Content-Length") != strconv.Itoa(a.Body.Len()) {
				t.Errorf("%.20q in %q becomes %.20q, of %s bytes", text, version, a.text(member), a.Header().Get("Content-Length"))
			}
		}
	}
}

// holding has the memory for requests full for an address, but for some bytes.
func (f *fixture) holding(address string, but int64) *ledger.Place {
	f.t.Helper()
	p := f.memory.Open(address, 0)
	if err := p.Try(f.memory.Most() - but); err != nil {
		f.t.Fatal(err)
	}
	return p
}

// Who holds all of its address's share keeps nobody from signing in, and no
// other address from sending large bodies: those of the same wait, and are
// refused.
func TestFullMemory(t *testing.T) {
	t.Parallel()
	f, _ := echo(t, noLimits)
	f.memory = ledger.New(DefaultRequestMemory, 50*time.Millisecond)
	f.holding("192.0.2.1", 0)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	f.must(200, "GET", "/v1/account", session(ann), "")
	f.execute(201, "echo", session(ann), `{"body":"small"}`)
	body := `{"body":"` + strings.Repeat("x", wire.MaxBody) + `"}`
	a := f.execute(503, "echo", nil, body)
	if a.text("type") != "isojot_server_busy" || a.Header().Get("Retry-After") != "1" || a.Header().Get("Connection") != "close" {
		t.Errorf("it is %v %s", a.Header(), a.Body)
	}
	f.must(503, "POST", "/v1/account", nil, longSignUp("bob", 20_000))
	f.must(503, "GET", "/v1/account", headers{"X-Long": strings.Repeat("x", 20_000)}, "")
	f.execute(201, "echo", from("192.0.2.2:1"), body)
	f.memory = ledger.New(DefaultRequestMemory, time.Minute)
	full := f.holding("192.0.2.1", 0)
	done := make(chan answer)
	go func() { done <- f.do("POST", echoExecutions, nil, body) }()
	select {
	case a := <-done:
		t.Errorf("without room it is %s", a.Body)
	case <-time.After(50 * time.Millisecond):
	}
	full.Close()
	if a := <-done; a.Code != 201 {
		t.Errorf("it waited for %s", a.Body)
	}
	if f.memory.Used() != 0 {
		t.Errorf("%d bytes are kept", f.memory.Used())
	}
	// The largest there is fits.
	f.execute(201, "echo", nil, `{"body":"`+strings.Repeat(`\n`, 1<<20)+strings.Repeat("x", maxFunctionBody-1<<20)+`"}`)
}

// An answer for which there is no room is 503, and the function's run is told by
// its id.
func TestNoRoomForAnswers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits, withFunctions(Function{ID: "large", Execute: anyone, Handler: http.HandlerFunc(large)}))
	f.memory = ledger.New(DefaultRequestMemory, 0)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/prefs", session(ann), `{"prefs":{"a":"`+strings.Repeat("x", 60_000)+`"}}`)
	f.holding("192.0.2.1", 100_000)
	for _, ask := range []func() answer{
		func() answer { return f.execute(503, "large", nil, "{}") },
		func() answer { return f.must(503, "GET", "/_functions/demo/large/", nil, "") },
	} {
		a := ask()
		id := a.Header().Get("X-Appwrite-Execution-Id")
		if a.text("type") != "isojot_server_busy" || !strings.HasPrefix(a.text("message"), "The function ran, but") {
			t.Errorf("it is %s", a.Body)
		}
		if e := f.must(200, "GET", "/v1/functions/large/executions/"+id, byTestKey, ""); e.text("status") != "failed" || !strings.Contains(e.text("errors"), "no room") {
			t.Errorf("the execution is %s", e.Body)
		}
		// Now it is known how long they are: the next one does not run in vain.
		if a := ask(); a.text("type") != "isojot_server_busy" || a.Header().Get("X-Appwrite-Execution-Id") != "" {
			t.Errorf("the second is %v %s", a.Header(), a.Body)
		}
		f.config(DefaultProject).functions.Find("large", f.log).Answered.Store(0)
	}
	f.must(200, "GET", "/v1/account/prefs", session(ann), "")
	query := `{"query":"{a:accountGetPrefs{data} b:accountGetPrefs{data} c:accountGetPrefs{data}}"}`
	if a := f.must(503, "POST", "/v1/graphql", session(ann), query); a.text("type") != "isojot_server_busy" {
		t.Errorf("it is %s", a.Body)
	}
	f.must(200, "POST", "/v1/graphql", session(ann).with(from("192.0.2.2:1")), query)
	f.must(503, "GET", "/v1/users", byTestKey.with(from("192.0.2.1:1")), "")
	f.must(200, "GET", "/v1/users", byTestKey.with(from("192.0.2.2:1")), "")
}

// A GraphQL answer for which there is no room is refused as a whole: the refusal is
// not taken for what an operation answers.
func TestNoRoomForAnOperationOfGraphQL(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits)
	f.memory = ledger.New(DefaultRequestMemory, 0)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/prefs", session(ann), `{"prefs":{"a":"`+strings.Repeat("x", 60_000)+`"}}`)
	f.holding("192.0.2.1", 30_000)
	a := f.must(503, "POST", "/v1/graphql", session(ann), `{"query":"{accountGetPrefs{data}}"}`)
	if a.text("type") != "isojot_server_busy" {
		t.Errorf("it is %s", a.Body)
	}
}

// heldWriter notes how much requests hold while an answer is written.
type heldWriter struct {
	discarded
	memory *ledger.Ledger
	most   int64
}

func (w *heldWriter) Write(p []byte) (int, error) {
	w.most = max(w.most, w.memory.Used())
	return w.discarded.Write(p)
}

// While a list is read, which may take long, its text alone is held.
func TestListsAreLetGoOf(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	for _, id := range []string{"ann", "bob", "eve"} {
		f.signUp(id)
		f.must(200, "PATCH", "/v1/users/"+id+"/prefs", byTestKey, `{"prefs":{"a":"`+strings.Repeat("x", 60_000)+`"}}`)
	}
	r := httptest.NewRequest("GET", "/v1/users", nil)
	r.Header.Set("X-Appwrite-Project", DefaultProject)
	r.Header.Set("X-Appwrite-Key", testKey)
	w := &heldWriter{discarded: discarded{header: http.Header{}}, memory: f.memory}
	f.ServeHTTP(w, r)
	if w.length < 180_000 || w.most < int64(w.length)-freeMemory || w.most > int64(w.length)+64<<10 {
		t.Errorf("%d bytes are held for %d", w.most, w.length)
	}
}

// Stalled guests hold no place that others need: nothing is kept for what they
// announce.
func TestStalledGuests(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	addr := f.listening()
	for range 64 {
		l := f.connect(addr)
		_ = l.trySend("POST", echoExecutions, maxExecutionBody, `{"body":"`+strings.Repeat("x", wire.MaxBody)) // some are refused
	}
	until(t, "all are read", func() bool { return f.memory.Used() > f.memory.Most()-2<<20 })
	if used := f.memory.Used(); used > f.memory.Most() {
		t.Errorf("one address has %d bytes", used)
	}
	f.execute(201, "echo", nil, `{"body":"`+strings.Repeat("x", 2*wire.MaxBody)+`"}`)
}

// Files are sent as they are: downloads that nobody reads cost next to nothing.
func TestAssetsAreNotCopied(t *testing.T) {
	// Not parallel: the heap is all tests'.
	const size, clients = 4 << 20, 50
	f := newFixture(t, func(o *Options) {
		o.Assets = fstest.MapFS{"large.bin": {Data: make([]byte, size)}, "index.html": {Data: []byte("page")}}
	})
	addr := f.listening()
	f.must(200, "GET", "/large.bin", nil, "")
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	for range clients {
		l := f.connect(addr)
		l.send("GET", "/large.bin", 0, "")
		if _, err := l.read.ReadByte(); err != nil {
			t.Fatal(err)
		}
	}
	if each := (heap() - before) / clients; each > 64<<10 {
		t.Errorf("each of %d takes %d bytes", clients, each)
	}
}

// The logs of guests' executions do not fill the disk.
func TestBoundedLogs(t *testing.T) {
	t.Parallel()
	f, _ := echo(t)
	f.useRunner("echo", logs(strings.Repeat("x", 1<<20)))
	first := f.execute(201, "echo", nil, "{}").text("$id")
	for range 80 {
		f.execute(201, "echo", nil, "{}")
	}
	if a := f.settled("echo", first); a.text("logs") != "[removed: the logs and errors of a project are kept up to 67108864 bytes, the newest]" {
		t.Errorf("the first has %.100s", a.text("logs"))
	}
	kept := 0
	list := f.must(200, "GET", echoExecutions+"?queries[0]="+`%7B%22method%22:%22limit%22,%22values%22:[5]%7D`, byTestKey, "")
	for _, e := range list.object["executions"].([]any) {
		kept += len(e.(map[string]any)["logs"].(string))
	}
	if kept == 0 || list.object["total"] != 81.0 {
		t.Errorf("%d bytes are listed of %v executions", kept, list.object["total"])
	}
}
