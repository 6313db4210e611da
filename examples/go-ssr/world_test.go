package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/isojot-go-ssr/notes"
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/ssr"
)

// world is the example before an auth server of its own.
type world struct {
	auth    *isojottest.Server
	authURL string
	down    atomic.Bool // the auth server
	app     *httptest.Server
	notes   *httptest.Server
}

// authClock is the auth server's clock, so that moving it ages JWTs here too.
type authClock struct {
	*isojottest.Server
	start time.Time
}

func (c authClock) Elapsed() time.Duration { return c.Now().Sub(c.start) }

func newWorld(t *testing.T, opts ...ssr.Option) *world {
	t.Helper()
	w := &world{auth: isojottest.NewServer(t)}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.down.Load() {
			http.Error(rw, "down", http.StatusBadGateway)
			return
		}
		w.auth.Handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(front.Close)
	w.authURL = front.URL + "/v1"
	service, err := notes.NewHandler(w.client(t))
	if err != nil {
		t.Fatal(err)
	}
	w.notes = httptest.NewServer(service)
	t.Cleanup(w.notes.Close)
	pages, err := newHandler(w.client(t), w.notes.URL, opts...)
	if err != nil {
		t.Fatal(err)
	}
	w.app = httptest.NewServer(pages)
	t.Cleanup(w.app.Close)
	return w
}

func (w *world) client(t *testing.T, opts ...isojot.Option) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient(w.authURL, w.auth.Project, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// browser is one without JavaScript: it keeps cookies and follows redirects.
type browser struct {
	t    *testing.T
	app  string
	http http.Client
}

func (w *world) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, app: w.app.URL, http: http.Client{Jar: jar}}
}

// page is what the browser shows after a request.
type page struct {
	status int
	path   string
	body   string
	header http.Header
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, b.app)
}

func (b *browser) post(path string, pairs ...string) page {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, path, form, b.app)
}

func (b *browser) send(method, path string, form url.Values, origin string) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.app+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{res.StatusCode, res.Request.URL.Path, string(body), res.Header}
}

// shows checks a page's status, address and some of its text.
func (p page) shows(t *testing.T, status int, path string, texts ...string) {
	t.Helper()
	if p.status != status || p.path != path {
		t.Errorf("%d at %s, want %d at %s:\n%s", p.status, p.path, status, path, p.body)
	}
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			t.Errorf("%s does not show %q:\n%s", p.path, text, p.body)
		}
	}
}

// signUp makes an account and returns its user's id, as the second service saw
// it.
func (b *browser) signUp(email string) string {
	b.t.Helper()
	p := b.post("/signup", "email", email, "password", "analytical-engine", "name", "The owner of "+email)
	p.shows(b.t, http.StatusOK, "/", "The owner of "+email)
	return p.seenAs()
}

func (p page) seenAs() string {
	_, rest, _ := strings.Cut(p.body, `<code id="seen-as">`)
	id, _, _ := strings.Cut(rest, "</code>")
	return id
}
