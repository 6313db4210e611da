package ssr_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/isojot/isojot/ssr"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzProxy: whatever path, query and cookie come, the API is asked for
// something below its own path, for the one project, with one cookie at most.
func FuzzProxy(f *testing.F) {
	for _, seed := range []string{
		"/v1/account", "/v1/../x", "/v1/%2e%2e/x", "/v1/a%2fb", "/v1//a", "//host/v1/a", "/v1/a?project=demo", "/v1/a?project=other", "/v1/%61",
	} {
		f.Add(seed, "a_session_demo=abc; a_session_demo=abc; theme=dark")
	}
	f.Fuzz(func(t *testing.T, uri, cookie string) {
		u, err := url.ParseRequestURI(uri)
		if err != nil {
			return
		}
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			at := r.URL.EscapedPath()
			plain, err := url.PathUnescape(at)
			if err != nil || r.URL.Host != "api.example" || !strings.HasPrefix(at, "/base/v1/") || path.Clean(plain) != plain || strings.Contains(plain, `\`) {
				t.Errorf("%q leads to %s", uri, r.URL)
			}
			for _, id := range append(r.URL.Query()["project"], r.Header.Values("X-Appwrite-Project")...) {
				if !strings.EqualFold(id, "demo") {
					t.Errorf("%q names project %q", uri, id)
				}
			}
			if all := r.Cookies(); len(all) > 1 || len(all) == 1 && all[0].Name != "a_session_demo" || len(all) == 0 && r.Header["Cookie"] != nil {
				t.Errorf("%q becomes %q", cookie, r.Header["Cookie"])
			}
			return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		})
		s := sessions(t, client(t, "http://api.example/base/v1", "demo"), ssr.ProxyTransport(transport))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = u
		r.Header["Cookie"] = []string{cookie}
		s.Proxy().ServeHTTP(httptest.NewRecorder(), r)
	})
}
