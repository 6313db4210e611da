package ssr_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

// canned answers every call with a JWT, without a network.
func canned(tb testing.TB) *isojot.Client {
	enc := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"userId":"ann","sessionId":"0123456789abcdef0123","exp":%d}`, time.Now().Add(15*time.Minute).Unix())
	jwt := enc([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + enc([]byte(claims)) + "." + strings.Repeat("s", 43)
	body := `{"jwt":"` + jwt + `"}`
	base, err := client(tb, "http://127.0.0.1:1/v1", "demo").With(isojot.WithTransport(isojot.TransportFunc(
		func(context.Context, *isojot.Request) (*isojot.Response, error) {
			header := map[string][]string{"content-type": {"application/json"}}
			return &isojot.Response{Status: http.StatusCreated, Header: header, Body: []byte(body)}, nil
		})))
	if err != nil {
		tb.Fatal(err)
	}
	return base
}

// secret is a session as long as a server's.
func secret(i int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"id":"0123456789abcdef0123","secret":"%0256x"}`, i))
}

// BenchmarkTokenEntry reports the memory that a session's JWT takes.
func BenchmarkTokenEntry(b *testing.B) {
	const n = 5000
	s := sessions(b, canned(b))
	ask := func(i int) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", "a_session_demo="+secret(i))
		s.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			v, _ := ssr.FromContext(r.Context())
			if _, err := v.Token(r.Context()); err != nil {
				b.Fatal(err)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
	ask(n) // what is made once
	before := heap()
	for i := range n {
		ask(i)
	}
	b.ReportMetric(float64(heap()-before)/n, "B/entry")
	b.ReportMetric(0, "ns/op")
	if got := s.Stats().Sessions; got != n+1 {
		b.Fatalf("%d sessions", got)
	}
}

// BenchmarkRequest is what a request costs beside its calls: a visitor, a client
// and a JWT that is in hand.
func BenchmarkRequest(b *testing.B) {
	s := sessions(b, canned(b))
	h := s.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		if _, err := v.Token(r.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := v.Client(); err != nil {
			b.Fatal(err)
		}
	}))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Cookie", "a_session_demo="+secret(0))
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// heap is what is in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
