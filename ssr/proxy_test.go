package ssr_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/ssr"
)

// json sends a request as the page's script would.
func (b *browser) json(method, path, body string, headers ...string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.app+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-Appwrite-Project": "demo", "Origin": b.app, "Sec-Fetch-Site": "same-origin",
	} {
		r.Header.Set(name, value)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

const annsLogin = `{"email":"ann@example.com","password":"` + isojottest.DefaultPassword + `"}`

// TestScriptsAndPagesShareOneSession: signed in by either, seen by both.
func TestScriptsAndPagesShareOneSession(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	in := b.json("POST", "/v1/account/sessions/email", annsLogin)
	c := in.setCookies(t)["a_session_demo"]
	if in.status != http.StatusCreated || c == nil || len(in.setCookies(t)) != 1 {
		t.Fatalf("%d %s, %v", in.status, in.body, in.header)
	}
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure || c.MaxAge <= 0 || c.Expires.IsZero() {
		t.Errorf("the cookie is %s", c)
	}
	if in.header.Get("X-Fallback-Cookies") != "" || in.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%v", in.header)
	}
	b.sees("ann")
	if got := b.json("GET", "/v1/account", ""); got.status != http.StatusOK || !strings.Contains(got.body, `"$id":"ann"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	out := b.json("DELETE", "/v1/account/sessions/current", "")
	if out.status != http.StatusNoContent || len(out.setCookies(t)) != 2 || b.cookie() != "" {
		t.Errorf("%d %s, %v", out.status, out.body, out.header)
	}
	if w.sessions.Stats().Sessions != 0 {
		t.Error("a JWT of the session is kept")
	}
	b.sees("")

	b.post("/in", "email", "ann@example.com", "password", isojottest.DefaultPassword)
	if got := b.json("POST", "/v1/account/jwts", ""); got.status != http.StatusCreated {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestProxiedCookieIsSecureForHTTPS(t *testing.T) {
	w := newWorld(t, ssr.PublicOrigin("https://app.example.com"))
	c := w.browser(t).json("POST", "/v1/account/sessions/anonymous", "").setCookies(t)["a_session_demo"]
	if c == nil || !c.Secure || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie is %v", c)
	}
}

// TestWhatTheAPIGets of a browser's request, and what of its answer comes back.
func TestWhatTheAPIGets(t *testing.T) {
	var got *http.Request
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		h := w.Header()
		h.Add("Set-Cookie", "a_session_demo_legacy=abc%3D; path=/; domain=.api.example.com; secure; HttpOnly")
		h.Add("Set-Cookie", "a_session_demo=abc%3D; path=/; domain=.api.example.com; secure; HttpOnly; SameSite=None; Max-Age=60")
		h.Add("Set-Cookie", "a_session_other=abc%3D")
		h.Add("Set-Cookie", "tracking=1")
		h.Add("Set-Cookie", "theme=; Max-Age=0")
		for name, value := range map[string]string{
			"X-Fallback-Cookies": `{"a_session_demo":"abc="}`, "Access-Control-Allow-Origin": "https://evil.example",
			"Access-Control-Allow-Credentials": "true", "Strict-Transport-Security": "max-age=1", "Cache-Control": "public, max-age=60",
			"Cdn-Cache-Control": "max-age=60", "X-RateLimit-Remaining": "9", "Clear-Site-Data": "*",
		} {
			h.Set(name, value)
		}
		fmt.Fprint(w, "hello")
	}))
	defer api.Close()
	base, err := client(t, api.URL+"/appwrite/v1", "demo").With(isojot.WithSession("of-nobody"))
	if err != nil {
		t.Fatal(err)
	}
	s := sessions(t, base)
	r := httptest.NewRequest("POST", "http://app.example.com/v1/account/prefs/x%20y?a=1&project=demo", strings.NewReader("{}"))
	for name, value := range map[string]string{
		"Cookie":        "theme=dark; a_session_demo=" + "ann%3D" + "; a_session_other=x; app_login=secret",
		"Authorization": "Basic c2VjcmV0", "X-Appwrite-JWT": "a.b.c", "X-Appwrite-Locale": "de", "X-SDK-Name": "Web", "X-Custom": "1",
		"Origin": "http://app.example.com", "Referer": "http://app.example.com/secret-page", "User-Agent": "Firefox",
		"X-Fallback-Cookies": `{"a_session_demo":"x"}`, "X-Forwarded-For": "9.9.9.9", "X-Forwarded-Host": "evil.example", "Forwarded": "for=9.9.9.9",
		"Connection": "X-Appwrite-Hop, close", "X-Appwrite-Hop": "1", "Te": "trailers", "Upgrade": "websocket", "Proxy-Authorization": "x",
		"Content-Type": "application/json", "X-Real-Ip": "9.9.9.9",
	} {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	s.Proxy().ServeHTTP(rec, r)
	if got == nil {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if at := got.Host + got.RequestURI; at != strings.TrimPrefix(api.URL, "http://")+"/appwrite/v1/account/prefs/x%20y?a=1&project=demo" {
		t.Errorf("asked for %s", at)
	}
	want := http.Header{
		"Cookie": {"a_session_demo=ann%3D"}, "X-Appwrite-Project": {"demo"}, "X-Appwrite-Jwt": {"a.b.c"}, "X-Appwrite-Locale": {"de"},
		"X-Sdk-Name": {"Web"}, "User-Agent": {"Firefox"}, "Content-Type": {"application/json"}, "Content-Length": {"2"}, "Accept-Encoding": {"gzip"},
		"X-Forwarded-For": {"192.0.2.1"}, "X-Forwarded-Host": {"app.example.com"}, "X-Forwarded-Proto": {"http"},
	}
	if fmt.Sprint(got.Header) != fmt.Sprint(want) {
		t.Errorf("the API got\n%v, want\n%v", got.Header, want)
	}
	h := rec.Header()
	if lines := h["Set-Cookie"]; len(lines) != 1 || lines[0] != "a_session_demo=abc%3D; Path=/; Max-Age=60; HttpOnly; SameSite=Lax" {
		t.Errorf("Set-Cookie: %q", lines)
	}
	for _, name := range []string{
		"X-Fallback-Cookies", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Strict-Transport-Security",
		"Cdn-Cache-Control", "Clear-Site-Data",
	} {
		if h.Get(name) != "" {
			t.Errorf("%s: %s", name, h.Get(name))
		}
	}
	if h.Get("Cache-Control") != "private, no-store" || h.Get("X-Ratelimit-Remaining") != "9" || rec.Body.String() != "hello" {
		t.Errorf("%v %s", h, rec.Body)
	}
}

// TestProxyForwardsWhereItIsAsked: behind another proxy, its peer is not the
// browser.
func TestProxyForwardsWhereItIsAsked(t *testing.T) {
	srv := isojottest.NewServer(t, func(o *server.Options) { o.TrustedProxies = []string{"127.0.0.1"} })
	s := sessions(t, client(t, srv.URL, srv.Project), ssr.PublicOrigin("https://app.example.com"),
		ssr.ForwardAddress(func(r *http.Request) string { return r.Header.Get("Fly-Client-IP") }))
	r := httptest.NewRequest("POST", "/v1/account/sessions/anonymous", nil)
	r.Header.Set("Fly-Client-IP", "2001:db8::7")
	r.Header.Set("X-Forwarded-For", "9.9.9.9")
	rec := httptest.NewRecorder()
	s.Proxy().ServeHTTP(rec, r)
	var session isojot.Session
	if err := json.Unmarshal(rec.Body.Bytes(), &session); err != nil || session.IP != "2001:db8::7" {
		t.Errorf("%d %s: %v", rec.Code, rec.Body, err)
	}
	if c := (answer{header: rec.Header()}).setCookies(t)["a_session_demo"]; c == nil || !c.Secure || c.Domain != "" {
		t.Errorf("the cookie is %v", c)
	}
}

// TestProxyStreams both ways: each part arrives before the next is sent.
func TestProxyStreams(t *testing.T) {
	next := make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			fmt.Fprintf(w, "data: %d\n", i)
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			<-next
		}
	}))
	defer api.Close()
	s := sessions(t, client(t, api.URL+"/v1", "demo"))
	mux := http.NewServeMux()
	mux.Handle(ssr.ProxyPath, s.Proxy())
	app := httptest.NewServer(s.Middleware(mux))
	defer app.Close()
	res, err := http.Get(app.URL + "/v1/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	line := make([]byte, len("data: 0\n"))
	for i := range 3 {
		if _, err := io.ReadFull(res.Body, line); err != nil || string(line) != fmt.Sprintf("data: %d\n", i) {
			t.Fatalf("%q, %v", line, err)
		}
		next <- struct{}{}
	}
}

// TestProxyWhenTheAPIIsDown answers as an API, and sets no cookie.
func TestProxyWhenTheAPIIsDown(t *testing.T) {
	s := sessions(t, client(t, "http://127.0.0.1:1/v1", "demo"))
	rec := httptest.NewRecorder()
	s.Proxy().ServeHTTP(rec, httptest.NewRequest("GET", "/v1/account", nil))
	wantRefusal(t, rec, http.StatusServiceUnavailable, isojot.ErrUnknown)
	if strings.Contains(rec.Body.String(), "127.0.0.1") {
		t.Errorf("it tells of the inside: %s", rec.Body)
	}
}
