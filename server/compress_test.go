package server

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	ops "github.com/isojot/isojot/internal/operations"
)

// opened is a body without its encoding.
func opened(t *testing.T, encoding string, body []byte) string {
	t.Helper()
	var r io.Reader
	var err error
	switch encoding {
	case "":
		return string(body)
	case "gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		r, err = zlib.NewReader(bytes.NewReader(body))
	case "zstd":
		r, err = zstd.NewReader(bytes.NewReader(body))
	}
	if err != nil {
		t.Fatalf("%s: %v", encoding, err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", encoding, err)
	}
	return string(text)
}

// longPrefs is a server with a user whose preferences are longer than what is
// compressed at least.
func longPrefs(t *testing.T, changes ...func(*Options)) (*fixture, headers) {
	f := newFixture(t, append([]func(*Options){noLimits, withKey}, changes...)...)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	h := session(store)
	f.must(200, "PATCH", "/v1/account/prefs", h, `{"prefs":{"a":"`+strings.Repeat("<x>", 1000)+`"}}`)
	return f, h
}

func TestAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	f, h := longPrefs(t)
	for accept, want := range map[string]string{
		"gzip": "gzip", "deflate": "deflate", "zstd": "zstd", "gzip, br": "gzip", "gzip, deflate, br, zstd": "zstd", "GZIP": "gzip", "deflate;q=0.5": "deflate",
		"": "", "br": "", "identity": "", "*": "", "gzip;q=0": "", "zstd;q=0.000, gzip": "gzip", "gzipped": "",
	} {
		for _, path := range []string{"/v1/account", "/v1/account/prefs", "/v1/users", "/v1/locale/countries"} {
			asked := h
			if path == "/v1/users" {
				asked = byTestKey
			}
			plain := f.must(200, "GET", path, asked, "")
			a := f.must(200, "GET", path, asked.with(headers{"Accept-Encoding": accept}), "")
			got := a.Header().Get("Content-Encoding")
			if text := opened(t, got, a.Body.Bytes()); got != want || text != plain.Body.String() {
				t.Errorf("%s by %q is encoded by %q, want %q: %.80q", path, accept, got, want, text)
			}
			if n := a.Header().Get("Content-Length"); n != strconv.Itoa(a.Body.Len()) || want != "" && a.Body.Len() >= plain.Body.Len() {
				t.Errorf("%s by %q is said to be %s bytes long, and is %d of %d", path, accept, n, a.Body.Len(), plain.Body.Len())
			}
			if vary := a.Header().Values("Vary"); !slices.Contains(vary, "Accept-Encoding") || !slices.Contains(vary, "Origin") {
				t.Errorf("%s varies by %q", path, vary)
			}
		}
	}
	get := f.must(200, "GET", "/v1/account/prefs", h.with(headers{"Accept-Encoding": "gzip"}), "").Header()
	if head := f.must(200, "HEAD", "/v1/account/prefs", h.with(headers{"Accept-Encoding": "gzip"}), "").Header(); head.Get("Content-Length") != get.Get("Content-Length") || head.Get("Content-Encoding") != "gzip" {
		t.Errorf("HEAD is answered %v, GET %v", head, get)
	}
	f.must(200, "PATCH", "/v1/account/prefs", h, `{"prefs":{}}`)
	if a := f.must(200, "GET", "/v1/account", h.with(headers{"Accept-Encoding": "gzip"}), ""); a.Header().Get("Content-Encoding") != "" || slices.Contains(a.Header().Values("Vary"), "Accept-Encoding") {
		t.Errorf("a short answer: %v", a.Header())
	}
	if a := f.must(204, "DELETE", "/v1/account/sessions", h.with(headers{"Accept-Encoding": "gzip"}), ""); a.Header().Get("Content-Encoding") != "" || a.Body.Len() > 0 {
		t.Errorf("nothing: %v", a.Header())
	}
}

// Errors are answers, too.
func TestErrorsAreCompressed(t *testing.T) {
	t.Parallel()
	f, _ := longPrefs(t)
	a := f.must(400, "GET", listPath(q("equal", strings.Repeat("n", 2000), `"x"`)), byTestKey.with(headers{"Accept-Encoding": "zstd"}), "")
	if text := opened(t, a.Header().Get("Content-Encoding"), a.Body.Bytes()); a.Header().Get("Content-Encoding") != "zstd" || !strings.Contains(text, "Attribute not found in schema: nnn") {
		t.Errorf("%v %q", a.Header(), text)
	}
}

// What holds secrets is not, in REST as in GraphQL, nor is what any page can ask
// for by an address; nor what functions answer.
func TestSecretsAreNotCompressed(t *testing.T) {
	t.Parallel()
	fn := &seen{}
	f, h := longPrefs(t, withFunctions(Function{ID: "echo", Handler: fn, Execute: anyone}))
	for range 3 {
		f.signIn("ann")
	}
	wide := "p:accountGetPrefs{data}"
	for i, r := range []struct{ method, path, body string }{
		{"GET", "/v1/account/sessions", ""},
		{"POST", "/v1/graphql", quotedQuery("{" + wide + " accountListSessions{sessions{_id}}}")},
		{"POST", "/v1/graphql", "[" + quotedQuery("{accountListSessions{sessions{_id}}}") + "," + quotedQuery("{"+wide+"}") + "]"},
		{"POST", "/v1/graphql/mutation", quotedQuery(`mutation{accountCreateJWT{jwt} accountUpdateName(name:"x"){prefs{data}}}`)},
		{"GET", "/v1/graphql?query=" + url.QueryEscape("{"+wide+"}"), ""},
		{"POST", "/v1/functions/echo/executions", `{"path":"/` + strings.Repeat("x", 2000) + `"}`},
		{"GET", "/_functions/demo/echo/" + strings.Repeat("x", 1500), ""},
	} {
		asked := h.with(headers{"Accept-Encoding": "gzip, zstd"})
		if strings.HasPrefix(r.path, "/_functions") {
			asked = headers{"Accept-Encoding": "gzip, zstd"}
		}
		a := f.do(r.method, r.path, asked, r.body)
		if a.Code >= 300 || a.Body.Len() < compressFrom || a.Header().Get("Content-Encoding") != "" {
			t.Errorf("%d: %.80s: %d, %d bytes, %v", i, r.path, a.Code, a.Body.Len(), a.Header())
		}
	}
	a := f.must(200, "POST", "/v1/graphql", h.with(headers{"Accept-Encoding": "gzip"}), quotedQuery("{"+wide+"}"))
	if a.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(opened(t, "gzip", a.Body.Bytes()), `{"data":{"p":{"data":"`) {
		t.Errorf("preferences by GraphQL: %v", a.Header())
	}
}

// Whoever adds an operation whose answer holds a secret adds its type to
// secretAnswers: those types are looked through here by the names of their members.
func TestSecretAnswersAreKnown(t *testing.T) {
	t.Parallel()
	api, err := newGraphQLAPI()
	if err != nil {
		t.Fatal(err)
	}
	schema := api.schema
	for _, o := range ops.All() {
		if o.Answer == "" || o.Endpoint == nil || slices.Contains(secretAnswers, o.Answer) {
			continue
		}
		names := map[string]bool{}
		addTypes(names, schema, o.Answer)
		for name := range names {
			for member := range schema.Fields(name) {
				if strings.Contains(strings.ToLower(member), "secret") || strings.Contains(member, "Token") || member == "jwt" || member == "recoveryCodes" {
					t.Errorf("%s answers with %s, which has the member %s of %s", o.Name, o.Answer, member, name)
				}
			}
		}
	}
}

// Where all compressors are in use, or there is no room, an answer goes out as it
// is.
func TestCompressionIsBounded(t *testing.T) {
	t.Parallel()
	f, h := longPrefs(t)
	zipped := h.with(headers{"Accept-Encoding": "gzip"})
	for range cap(f.compressors.free) {
		defer func(c compressor) { f.compressors.free <- c }(<-f.compressors.free)
	}
	a := f.must(200, "GET", "/v1/account/prefs", zipped, "")
	if a.Header().Get("Content-Encoding") != "" || !strings.Contains(a.Body.String(), "<x><x>") {
		t.Errorf("without a compressor: %v", a.Header())
	}
	f.compressors.free <- compressor{}
	a = f.must(200, "GET", "/v1/account/prefs", zipped, "")
	if text := opened(t, a.Header().Get("Content-Encoding"), a.Body.Bytes()); a.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(text, "<x><x>") {
		t.Errorf("with one again: %v", a.Header())
	}
	<-f.compressors.free
	for _, c := range answerEncodings {
		full := errors.New("full")
		if err := (compressor{}).write(failing{full}, c, [][]byte{bytes.Repeat([]byte("abc"), 1<<20)}); err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("%s without room: %v", c.name, err)
		}
	}
}

// failing is a writer without room.
type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

// BenchmarkCompressed takes what compressing a page of users costs, beside the page
// as it is, and an account, which is too short to be compressed.
func BenchmarkCompressed(b *testing.B) {
	l := newLarge(b)
	for _, path := range []string{pageOf60("/v1/users"), "/v1/locale/countries", "/v1/account"} {
		for _, accept := range []string{"", "gzip", "deflate", "zstd"} {
			name, _, _ := strings.Cut(path, "?")
			b.Run(name+" by "+accept, func(b *testing.B) {
				b.ReportAllocs()
				cookie := ""
				if path == "/v1/account" {
					cookie = l.cookie
				}
				length := 0
				for b.Loop() {
					_, length = l.askFor(b, http.MethodGet, path, "", cookie, accept)
				}
				b.ReportMetric(float64(length), "bytes")
			})
		}
	}
}
