package server

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// files are the page's and the SDK's files of the tests.
func files() fs.FS {
	return fstest.MapFS{
		"index.html":             {Data: []byte("<!doctype html><title>isojot</title>")},
		"page/page.css":          {Data: []byte("body{}")},
		"isojot.js":              {Data: []byte("var isojot")},
		"isojot.mjs":             {Data: []byte("export {}")},
		"isojot.wasm":            {Data: []byte("\x00asm")},
		"isojot.wasm.br":         {Data: []byte("brotli")},
		"isojot.wasm.gz":         {Data: []byte("gzip")},
		"only-compressed.txt.br": {Data: []byte("brotli")},
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Assets = files() })
	if !f.Info().Page {
		t.Error("Info does not know the page")
	}
	file := func(path, kind, body string) scenario {
		return scenario{name: path, method: "GET", path: path, status: 200, want: []string{body}, header: headers{
			"Content-Type": kind, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Content-Encoding": "",
			"Referrer-Policy": "same-origin", "X-Frame-Options": "DENY", "Access-Control-Allow-Origin": "*", "Vary": "Accept-Encoding"}}
	}
	encoded := func(name, accept, encoding, body string) scenario {
		return scenario{name: name, method: "GET", path: "/isojot.wasm", headers: headers{"Accept-Encoding": accept}, status: 200, want: []string{body},
			header: headers{"Content-Type": "application/wasm", "Content-Encoding": encoding, "Vary": "Accept-Encoding"}}
	}
	f.run([]scenario{
		file("/console/", "text/html; charset=utf-8", "<title>isojot</title>"),
		file("/console", "text/html; charset=utf-8", "<title>isojot</title>"),
		file("/console/page/page.css", "text/css; charset=utf-8", "body{}"),
		file("/console/isojot.js", "text/javascript; charset=utf-8", "var isojot"),
		file("/index.html", "text/html; charset=utf-8", "<title>isojot</title>"),
		file("/page/page.css", "text/css; charset=utf-8", "body{}"),
		file("/isojot.js", "text/javascript; charset=utf-8", "var isojot"),
		file("/isojot.mjs", "text/javascript; charset=utf-8", "export {}"),
		file("/isojot.wasm", "application/wasm", "\x00asm"),
		encoded("brotli goes first", "gzip, deflate, br", "br", "brotli"),
		encoded("gzip", "gzip", "gzip", "gzip"),
		encoded("brotli refused", "gzip, br;q=0", "gzip", "gzip"),
		encoded("brotli liked less", "BR; q=0.1", "br", "brotli"),
		encoded("nothing known", "zstd", "", "\x00asm"),
		{name: "only compressed", method: "GET", path: "/only-compressed.txt", headers: headers{"Accept-Encoding": "br"}, status: 200, want: []string{"brotli"}},
		{name: "only compressed, not accepted", method: "GET", path: "/only-compressed.txt", status: 404, kind: "general_route_not_found"},
		{name: "HEAD", method: "HEAD", path: "/isojot.js", status: 200, header: headers{"Content-Length": "10"}, wantNot: []string{"isojot"}},
		{name: "unknown", method: "GET", path: "/nope.js", status: 404, kind: "general_route_not_found",
			message: "Route not found. There is no such file here; the endpoint of the API ends with /v1.", header: headers{"Access-Control-Allow-Origin": "", "Cache-Control": "no-cache, no-store, must-revalidate"}},
		{name: "unknown, for a page", method: "GET", path: "/nope.js", headers: headers{"Origin": "http://localhost:3000"}, status: 404, kind: "general_route_not_found",
			header: headers{"Access-Control-Allow-Origin": "http://localhost:3000"}},
		{name: "preflight", method: "OPTIONS", path: "/isojot.js", headers: headers{"Origin": "http://localhost:3000"}, status: 204,
			header: headers{"Access-Control-Allow-Origin": "http://localhost:3000", "Access-Control-Max-Age": "86400"}},
		{name: "not the page's folder", method: "GET", path: "/consolepage/page.css", status: 404, kind: "general_route_not_found"},
		{name: "above the page", method: "GET", path: "/console/../../etc/passwd", status: 404, kind: "general_route_not_found"},
		{name: "directory", method: "GET", path: "/page/", status: 404, kind: "general_route_not_found", wantNot: []string{"page.css"}},
		{name: "above", method: "GET", path: "/../../etc/passwd", status: 404, kind: "general_route_not_found"},
	})
}

// SDKs whose endpoint lacks /v1 learn of it, whatever they ask.
func TestMethodsOutsideTheAPI(t *testing.T) {
	t.Parallel()
	for name, assets := range map[string]fs.FS{"page": files(), "no page": nil} {
		f := newFixture(t, func(o *Options) { o.Assets = assets })
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"} {
			for _, path := range []string{"/", "/account", "/account/sessions/email", "/isojot.js", "/console/", "/v1x/account", "/_isojot", "/_functions"} {
				f.run([]scenario{{name: name + " " + method + " " + path, method: method, path: path, headers: headers{"Origin": "http://localhost:3000"}, body: "{}",
					status: 404, kind: "general_route_not_found", message: "Route not found. Only files are here, to GET; the endpoint of the API ends with /v1.",
					header: headers{"Access-Control-Allow-Origin": "http://localhost:3000", "Content-Type": "application/json; charset=UTF-8"}}})
			}
		}
	}
}

// / is the page for browsers, and leads others to it: relative to where it is,
// since a proxy may have a prefix before it, and not for ever: the next server on
// the port may be another.
func TestRootLeadsToThePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Assets = files() })
	for _, method := range []string{"GET", "HEAD"} {
		f.run([]scenario{{name: method, method: method, path: "/", status: 301, header: headers{
			"Location": "console/", "Vary": "Accept | Origin", "Cache-Control": "no-cache", "Access-Control-Allow-Methods": corsFixed.Get("Access-Control-Allow-Methods")}}})
	}
}

func TestBrowsersGetThePageAtTheRoot(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Assets = files() })
	const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	f.run([]scenario{{name: "browser", method: "GET", path: "/", headers: headers{"Accept": accept}, status: 200,
		header: headers{"Location": "", "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}}})
}

// The policy lets the page's one script run that is written in it, by its hash.
func TestThePagesOwnScriptMayRun(t *testing.T) {
	t.Parallel()
	html, err := os.ReadFile("../index.html")
	if err != nil {
		t.Fatal(err)
	}
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllSubmatch(html, -1)
	if len(scripts) != 1 {
		t.Fatalf("%d scripts are written in the page", len(scripts))
	}
	sum := sha256.Sum256(scripts[0][1])
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; slashScript != want {
		t.Errorf("the policy has %s, the script is %s", slashScript, want)
	}
	if absolute := regexp.MustCompile(`(?:src|href)="/[^"]*"`).FindAll(html, -1); len(absolute) > 0 {
		t.Errorf("the page names files by absolute paths: %s", absolute)
	}
	if strings.Contains(string(html), "-->") {
		t.Error("a comment ends in the page: its script could not hide the rest")
	}
}

func TestPagePolicy(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Assets = files() })
	policy := f.must(200, "GET", "/console/", nil, "").Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'", "style-src 'self' 'unsafe-inline'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %s: %s", part, policy)
		}
	}
	if strings.Contains(strings.ReplaceAll(policy, "style-src 'self' 'unsafe-inline'", ""), "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
		t.Errorf("the policy allows inline or evaluated scripts: %s", policy)
	}
}

func TestAssetsAreRevalidated(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(o *Options) { o.Assets = files() })
	plain := f.must(200, "GET", "/isojot.wasm", nil, "").Header().Get("ETag")
	brotli := f.must(200, "GET", "/isojot.wasm", headers{"Accept-Encoding": "br"}, "").Header().Get("ETag")
	if plain == "" || plain == brotli {
		t.Errorf("ETags %s and %s: each encoding needs its own", plain, brotli)
	}
	f.must(304, "GET", "/isojot.wasm", headers{"If-None-Match": plain}, "")
	f.must(304, "GET", "/isojot.wasm", headers{"If-None-Match": brotli, "Accept-Encoding": "br"}, "")
	f.must(200, "GET", "/isojot.wasm", headers{"If-None-Match": brotli}, "")
}

// A build without the page has only a placeholder among its files.
func TestWithoutPage(t *testing.T) {
	t.Parallel()
	for name, assets := range map[string]fs.FS{"nil": nil, "placeholder": fstest.MapFS{"placeholder.txt": {Data: []byte("x")}}} {
		f := newFixture(t, func(o *Options) { o.Assets = assets })
		if f.Info().Page {
			t.Errorf("%s: Info says that there is a page", name)
		}
		f.run([]scenario{
			{name: name, method: "GET", path: "/console/", status: 200, want: []string{"built without the page: run make build"}, header: headers{"Content-Type": "text/plain; charset=utf-8"}},
			{name: name + " file", method: "GET", path: "/isojot.js", status: 404, kind: "general_route_not_found"},
			{name: name + " API", method: "GET", path: "/v1/health/version", status: 200},
		})
	}
}
