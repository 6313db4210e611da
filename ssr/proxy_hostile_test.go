package ssr_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

func wantRefusal(t *testing.T, rec *httptest.ResponseRecorder, status int, kind isojot.ErrorType) {
	t.Helper()
	var got struct {
		Message string
		Code    int
		Type    isojot.ErrorType
	}
	err := json.Unmarshal(rec.Body.Bytes(), &got)
	if err != nil || rec.Code != status || got.Code != status || got.Type != kind || got.Message == "" {
		t.Errorf("%d %s (%v), want %d %s", rec.Code, rec.Body, err, status, kind)
	}
	if h := rec.Header(); h.Get("Cache-Control") != "private, no-store" || h["Set-Cookie"] != nil {
		t.Errorf("%v", h)
	}
}

// TestHostileRequestsThroughTheProxy never reach the API.
func TestHostileRequestsThroughTheProxy(t *testing.T) {
	reached := ""
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached = r.Host + r.RequestURI }))
	defer api.Close()
	s := sessions(t, client(t, api.URL+"/v1", "demo"))
	type request struct {
		method, path string
		headers      []string
		status       int
	}
	for name, test := range map[string]request{
		"dot segments":              {"GET", "/v1/../_isojot/clock", nil, 404},
		"encoded dot segments":      {"GET", "/v1/%2e%2e/_isojot/clock", nil, 404},
		"half encoded":              {"GET", "/v1/.%2e/_isojot/clock", nil, 404},
		"one dot":                   {"GET", "/v1/./account", nil, 404},
		"encoded slash":             {"GET", "/v1/account%2f..%2f..%2fconsole", nil, 404},
		"encoded backslash":         {"GET", "/v1/..%5c..%5cconsole", nil, 404},
		"encoded twice":             {"GET", "/v1/%252e%252e/console", nil, 404},
		"empty segment":             {"GET", "/v1//account", nil, 404},
		"another host's":            {"GET", "//evil.example/v1/account", nil, 404},
		"trailing slash":            {"GET", "/v1/account/", nil, 404},
		"path parameter":            {"GET", "/v1/account;x=1/..;/", nil, 404},
		"line break":                {"GET", "/v1/account%0d%0aX-Appwrite-Key:%20k", nil, 404},
		"null":                      {"GET", "/v1/account%00", nil, 404},
		"the prefix encoded":        {"GET", "/%761/account", nil, 404},
		"the prefix alone":          {"GET", "/v1", nil, 404},
		"nothing below":             {"GET", "/v1/", nil, 404},
		"outside":                   {"GET", "/_isojot/clock", nil, 404},
		"another version":           {"GET", "/v10/account", nil, 404},
		"project in the header":     {"GET", "/v1/account", []string{"X-Appwrite-Project", "other"}, 403},
		"project in the query":      {"GET", "/v1/account?project=other", nil, 403},
		"the second of two":         {"GET", "/v1/account?project=demo&project=other", nil, 403},
		"project encoded":           {"GET", "/v1/account?%70roject=other", nil, 403},
		"a query nobody can read":   {"GET", "/v1/account?project=demo;project=other", nil, 403},
		"an API key":                {"GET", "/v1/users", []string{"X-Appwrite-Key", "k"}, 403},
		"post of another site":      {"POST", "/v1/account", []string{"Origin", "https://evil.example"}, 403},
		"delete of another site":    {"DELETE", "/v1/account", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"preflight":                 {"OPTIONS", "/v1/account", []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}, 405},
		"tunnel":                    {"CONNECT", "/v1/account", []string{"Sec-Fetch-Site", "same-origin"}, 405},
		"trace":                     {"TRACE", "/v1/account", []string{"Sec-Fetch-Site", "same-origin"}, 405},
		"a body that says its size": {"POST", "/v1/account", []string{"Sec-Fetch-Site", "same-origin", "size", "17000000"}, 413},
	} {
		t.Run(name, func(t *testing.T) {
			reached = ""
			r := httptest.NewRequest(test.method, "/", nil)
			var err error
			if r.URL, err = url.ParseRequestURI(test.path); err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(test.headers); i += 2 {
				r.Header.Set(test.headers[i], test.headers[i+1])
				if test.headers[i] == "size" {
					r.ContentLength = 17_000_000
				}
			}
			rec := httptest.NewRecorder()
			s.Proxy().ServeHTTP(rec, r)
			kind := map[int]isojot.ErrorType{404: isojot.ErrRouteNotFound, 403: isojot.ErrAccessForbidden, 405: isojot.ErrBadRequest, 413: isojot.ErrBadRequest}[test.status]
			wantRefusal(t, rec, test.status, kind)
			if reached != "" {
				t.Errorf("the API was asked for %s", reached)
			}
		})
	}
}

// TestAbsoluteURIsGoToTheAPI, not to where they point.
func TestAbsoluteURIsGoToTheAPI(t *testing.T) {
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") }))
	defer evil.Close()
	w := newWorld(t)
	r := httptest.NewRequest("GET", evil.URL+"/v1/health/version", nil)
	rec := httptest.NewRecorder()
	w.sessions.Proxy().ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// TestBodyThatGrows past the bound, without having said so.
func TestBodyThatGrows(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if n, err := io.Copy(io.Discard, r.Body); n > ssr.MaxProxyBody || err == nil {
			t.Errorf("the API got %d bytes, %v", n, err)
		}
	}))
	defer api.Close()
	s := sessions(t, client(t, api.URL+"/v1", "demo"))
	r := httptest.NewRequest("POST", "/v1/account", io.LimitReader(zeros{}, ssr.MaxProxyBody+1))
	r.ContentLength = -1
	rec := httptest.NewRecorder()
	s.Proxy().ServeHTTP(rec, r)
	wantRefusal(t, rec, http.StatusRequestEntityTooLarge, isojot.ErrBadRequest)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestTwoUsersCookiesThroughTheProxy are nobody's, as for pages.
func TestTwoUsersCookiesThroughTheProxy(t *testing.T) {
	w := newWorld(t)
	got := w.browser(t).get("/v1/account", "X-Appwrite-Project", "demo",
		"Cookie", "a_session_demo="+w.CreateSession("ann")+"; a_session_demo="+w.CreateSession("bob"))
	if got.status != http.StatusUnauthorized {
		t.Errorf("%d %s", got.status, got.body)
	}
}
