package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkRequests takes the time, the allocations and the SQL statements of
// the requests whose cost matters most; make bench runs it.
func BenchmarkRequests(b *testing.B) {
	s, err := New(b.Context(), Options{DataDir: b.TempDir(), Limits: LimitsOff})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	do := func(method, path, body string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("X-Appwrite-Project", DefaultProject)
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	do("POST", "/v1/account", `{"userId":"ada","email":"ada@example.com","password":"correct horse","name":"Ada"}`)
	signIn := do("POST", "/v1/account/sessions/email", `{"email":"ada@example.com","password":"correct horse"}`)
	cookie, _, _ := strings.Cut(signIn.Header().Values("Set-Cookie")[1], ";")
	made := do("POST", "/v1/account/jwts", "", "Cookie", cookie)
	token := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(made.Body.String()), `{"jwt":"`), `"}`)
	for _, c := range []struct {
		name, method, path, header, value string
		status                            int
		accept                            string
	}{
		{"GET account by JWT", "GET", "/v1/account", "X-Appwrite-JWT", token, http.StatusOK, ""},
		{"GET account by JWT, with an encoding", "GET", "/v1/account", "X-Appwrite-JWT", token, http.StatusOK, "gzip, deflate, br, zstd"},
		{"GET account by cookie", "GET", "/v1/account", "Cookie", cookie, http.StatusOK, ""},
		{"POST account jwts", "POST", "/v1/account/jwts", "Cookie", cookie, http.StatusCreated, ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			before := s.db.Statements()
			defer func() { b.ReportMetric(float64(s.db.Statements()-before)/float64(b.N), "statements/op") }()
			for b.Loop() {
				if w := do(c.method, c.path, "", c.header, c.value, "Accept-Encoding", c.accept); w.Code != c.status {
					b.Fatalf("%d: %s", w.Code, w.Body)
				}
			}
		})
	}
}
