package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// discarded is an http.ResponseWriter that counts the body.
type discarded struct {
	header         http.Header
	status, length int
}

func (w *discarded) Header() http.Header         { return w.header }
func (w *discarded) WriteHeader(status int)      { w.status = status }
func (w *discarded) Write(p []byte) (int, error) { w.length += len(p); return len(p), nil }

// largeServer is a server with 60 users that have large preferences, and 60
// executions with long logs.
type largeServer struct {
	*Server
	cookie string // of one of the users
}

// chatter is a function with 64 KiB of logs.
func chatter(_ http.ResponseWriter, r *http.Request) {
	_, _ = FunctionLog(r.Context()).Write([]byte(strings.Repeat("a line of a log\n", 4<<10)))
}

func newLarge(b *testing.B) *largeServer {
	s, err := New(b.Context(), Options{DataDir: b.TempDir(), Limits: LimitsOff, PasswordCost: cheap, APIKey: testKey,
		Functions: []Function{{ID: "chatter", Handler: http.HandlerFunc(chatter), Execute: anyone}}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	l := &largeServer{Server: s}
	prefs := `{"prefs":{"a":"` + strings.Repeat("0123456789\\\"abcde", 60<<6) + `"}}`
	for i := range 60 {
		user := fmt.Sprintf("u%d", i)
		l.ask(b, "POST", "/v1/users", `{"userId":"`+user+`","email":"`+user+`@example.com","password":"correct horse"}`, "")
		l.ask(b, "PATCH", "/v1/users/"+user+"/prefs", prefs, "")
		l.ask(b, "POST", "/v1/functions/chatter/executions", `{}`, "")
	}
	signIn, _ := l.ask(b, "POST", "/v1/account/sessions/email", `{"email":"u0@example.com","password":"correct horse"}`, "")
	l.cookie, _, _ = strings.Cut(signIn.Values("Set-Cookie")[1], ";")
	return l
}

// ask sends a request by the API key, or with a session's cookie, and returns
// the header and the length of its answer.
func (l *largeServer) ask(b *testing.B, method, path, body, cookie string) (http.Header, int) {
	return l.askFor(b, method, path, body, cookie, "")
}

// askFor is ask for an answer by encodings that it may be compressed by.
func (l *largeServer) askFor(b *testing.B, method, path, body, cookie, accept string) (http.Header, int) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Appwrite-Project", DefaultProject)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Encoding", accept)
	if cookie == "" {
		r.Header.Set("X-Appwrite-Key", testKey)
	} else {
		r.Header.Set("Cookie", cookie)
	}
	w := &discarded{header: http.Header{}}
	if l.ServeHTTP(w, r); w.status >= http.StatusBadRequest {
		b.Fatalf("%s %s: %d", method, path, w.status)
	}
	return w.header, w.length
}

// pageOf60 is the path of a page of 60.
func pageOf60(path string) string {
	return path + "?queries[]=" + url.QueryEscape(`{"method":"limit","values":[60]}`)
}

// BenchmarkAnswers takes the memory that answers of megabytes take, for clients
// that read slowly: nothing that others have used is there to be used again.
func BenchmarkAnswers(b *testing.B) {
	l := newLarge(b)
	for _, c := range []struct{ name, method, path, query, cookie string }{
		{"GraphQL preferences", "POST", "/v1/graphql", "{" + aliases(50, "accountGetPrefs{data}") + "}", l.cookie},
		{"GraphQL users", "POST", "/v1/graphql", "query($q:[String]){usersList(queries:$q){total users{_id email labels prefs{data}}}}", ""},
		{"GraphQL ids", "POST", "/v1/graphql", "query($q:[String]){" + aliases(2, "usersList(queries:$q){total users{_id}}") + "}", ""},
		{"REST users", "GET", pageOf60("/v1/users"), "", ""},
		{"REST executions", "GET", pageOf60("/v1/functions/chatter/executions"), "", ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			body := ""
			if c.query != "" {
				text, err := json.Marshal(map[string]any{"query": c.query, "variables": map[string]any{"q": `{"method":"limit","values":[60]}`}})
				if err != nil {
					b.Fatal(err)
				}
				body = string(text)
			}
			b.ReportAllocs()
			length := 0
			for b.Loop() {
				b.StopTimer()
				runtime.GC() // empties the pools, at the second time
				runtime.GC()
				b.StartTimer()
				_, length = l.ask(b, c.method, c.path, body, c.cookie)
			}
			b.ReportMetric(float64(length), "bytes")
		})
	}
}

// A GraphQL answer takes its length two or three times: what is read and what is
// written. With the race detector, pools lose things. It is not parallel, since
// what others take counts.
func TestGraphQLAnswersAreNotCopied(t *testing.T) {
	f := newFixture(t, noLimits)
	f.signUp("ann")
	ann, _ := f.signIn("ann")
	f.must(200, "PATCH", "/v1/account/prefs", session(ann), `{"prefs":{"a":"`+strings.Repeat("x", 60_000)+`"}}`)
	r := httptest.NewRequest("POST", "/v1/graphql", strings.NewReader(`{"query":"{`+aliases(50, "accountGetPrefs{data}")+`}"}`))
	for name, value := range session(ann).with(headers{"X-Appwrite-Project": DefaultProject, "Content-Type": "application/json"}) {
		r.Header.Set(name, value)
	}
	w := &discarded{header: http.Header{}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f.ServeHTTP(w, r)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; w.length < 3_000_000 || took > 6*uint64(w.length) {
		t.Errorf("%d bytes are taken for %d", took, w.length)
	}
}

// aliases are a field n times.
func aliases(n int, field string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d:%s ", i, field)
	}
	return b.String()
}
