package ssr_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/isojot/isojot/ssr"
)

// TestAnswersWithTheCookieAreNeverStored, whatever the handler does later.
func TestAnswersWithTheCookieAreNeverStored(t *testing.T) {
	w := newWorld(t)
	in := func(r *http.Request) {
		v, _ := ssr.FromContext(r.Context())
		if _, err := v.SignInAnonymously(r.Context()); err != nil {
			t.Error(err)
		}
	}
	for name, handle := range map[string]http.HandlerFunc{
		"set before": func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Cache-Control", "public, max-age=60")
			in(r)
		},
		"set after": func(rw http.ResponseWriter, r *http.Request) {
			in(r)
			rw.Header().Set("Cache-Control", "public, max-age=60")
			rw.Header().Set("CDN-Cache-Control", "max-age=60")
			rw.Header().Set("Vary", "Accept")
			fmt.Fprint(rw, "hello")
		},
		"other cookies replaced": func(rw http.ResponseWriter, r *http.Request) {
			in(r)
			rw.Header().Set("Set-Cookie", "theme=dark")
			http.Redirect(rw, r, "/", http.StatusSeeOther)
		},
		"flushed": func(rw http.ResponseWriter, r *http.Request) {
			in(r)
			if err := http.NewResponseController(rw).Flush(); err != nil {
				t.Error(err)
			}
		},
		"flushed as of old": func(rw http.ResponseWriter, r *http.Request) { in(r); rw.(http.Flusher).Flush() },
		"copied": func(rw http.ResponseWriter, r *http.Request) {
			in(r)
			if _, err := io.Copy(rw, strings.NewReader("hello")); err != nil {
				t.Error(err)
			}
		},
		"after early hints": func(rw http.ResponseWriter, r *http.Request) {
			rw.WriteHeader(http.StatusEarlyHints)
			in(r)
		},
		"by the handler itself": func(rw http.ResponseWriter, _ *http.Request) {
			http.SetCookie(rw, &http.Cookie{Name: "a_session_demo", Value: "c29tZXRoaW5n"})
			rw.Header().Set("Cache-Control", "public")
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := httptest.NewServer(w.sessions.Middleware(handle))
			defer app.Close()
			b := w.browser(t)
			b.app = app.URL
			b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			got := b.get("/")
			if got.setCookies(t)["a_session_demo"] == nil {
				t.Errorf("no cookie: %v", got.header)
			}
			if got.header.Get("Cache-Control") != "private, no-store" || got.header.Get("CDN-Cache-Control") != "" {
				t.Errorf("%v", got.header)
			}
			if !strings.Contains(strings.Join(got.header.Values("Vary"), ","), "Cookie") {
				t.Errorf("Vary: %v", got.header.Values("Vary"))
			}
		})
	}
}

// TestWhatPagesSayToCaches where no cookie is set.
func TestWhatPagesSayToCaches(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		handle      func(http.ResponseWriter, *ssr.Visitor)
		cache, vary string
	}{
		"depends on nobody": {func(http.ResponseWriter, *ssr.Visitor) {}, "", ""},
		"depends on the visitor": {
			func(_ http.ResponseWriter, v *ssr.Visitor) { v.HasSession() }, "private, no-store", "Cookie",
		},
		"streams, and asks later": {func(rw http.ResponseWriter, v *ssr.Visitor) {
			rw.(http.Flusher).Flush()
			v.HasSession()
		}, "private, no-store", "Cookie"},
		"which the handler knows better": {func(rw http.ResponseWriter, v *ssr.Visitor) {
			v.HasSession()
			rw.Header().Set("Cache-Control", "private, max-age=5")
			rw.Header().Set("Vary", "Accept, cookie")
		}, "private, max-age=5", "Accept, cookie"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			w.sessions.Middleware(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				v, _ := ssr.FromContext(r.Context())
				test.handle(rw, v)
			})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
			cache, vary := rec.Header().Get("Cache-Control"), strings.Join(rec.Header().Values("Vary"), "|")
			if cache != test.cache || vary != test.vary {
				t.Errorf("Cache-Control %q, Vary %q", cache, vary)
			}
		})
	}
}

// TestWriterHijacks, for WebSockets of the program's own.
func TestWriterHijacks(t *testing.T) {
	w := newWorld(t)
	app := httptest.NewServer(w.sessions.Middleware(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		conn, buf, err := rw.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(buf, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nmine!")
		if err := buf.Flush(); err != nil {
			t.Error(err)
		}
	})))
	defer app.Close()
	b := w.browser(t)
	b.app = app.URL
	if got := b.get("/"); got.body != "mine!" {
		t.Errorf("%d %q", got.status, got.body)
	}
}
