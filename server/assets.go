package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// pagePath is where the page is. The files beside it are found below it as well
// as below /, so that the page can name them relative to itself.
const pagePath = "/console/"

// noPage is what pagePath answers without a page.
const noPage = "isojot " + version + " is running; its API is at /v1.\nbuilt without the page: run make build\n"

// contentTypes are the types of the page's and the SDK's files. Those of the
// operating system are not asked: browsers compile a stream only of
// application/wasm, and run modules only of a JavaScript type.
var contentTypes = map[string]string{
	".html":  "text/html; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".mjs":   "text/javascript; charset=utf-8",
	".cjs":   "text/javascript; charset=utf-8",
	".json":  "application/json",
	".map":   "application/json",
	".wasm":  "application/wasm",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".txt":   "text/plain; charset=utf-8",
	".ts":    "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// slashScript is the hash of the one script that is written in the page: its
// files are relative to it, wherever a proxy has it, and so its address has to end
// with a slash. The server cannot see to that: a proxy may have taken a prefix
// away, slash and all.
const slashScript = "'sha256-6DIhZY63SDP/o+id7bEDIMwxzyVOWHNtLP73gmg8Zhg='"

// pagePolicy lets the page run its own files and Go compiled to WebAssembly,
// and talk to this server and to services on the same machine.
const pagePolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' " + slashScript + "; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self' http://localhost:* http://127.0.0.1:*; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// encodings are the precompressed variants of a file that are looked for, the
// smallest first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// assets serves the page and the SDK's files.
type assets struct {
	files fs.FS
	page  bool
	// missing answers where there is no such file, or more is asked than files
	// can do.
	missing http.HandlerFunc
	tags    sync.Map // tagKey -> ETag
}

// tagKey names one state of a file.
type tagKey struct {
	name     string
	size     int64
	modified time.Time
}

// newAssets serves the files; nil serves none.
func newAssets(files fs.FS, missing http.HandlerFunc) *assets {
	a := &assets{files: files, missing: missing}
	if files != nil {
		fi, err := fs.Stat(files, "index.html")
		a.page = err == nil && fi.Mode().IsRegular()
	}
	return a
}

// ServeHTTP answers GET and HEAD with files.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		a.missing(w, r)
		return
	}
	switch name := fileName(r.URL.Path); {
	case name == "" && !a.page:
		setFileHeaders(w.Header())
		w.Header().Set("Content-Type", contentTypes[".txt"])
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(noPage))
	case !a.serveFile(w, r, cmp.Or(name, "index.html")):
		a.missing(w, r)
	}
}

// fileName is the name of the file of a path below / or pagePath; "" is the
// page.
func fileName(urlPath string) string {
	clean := path.Clean("/" + urlPath)
	if below, ok := strings.CutPrefix(clean+"/", pagePath); ok {
		clean = below
	}
	return strings.Trim(clean, "/")
}

// setFileHeaders sets the headers of every file.
func setFileHeaders(h http.Header) {
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-cache")
	// The SDK's files are public, and pages elsewhere load them from here.
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// serveFile answers with a file, or with its smallest precompressed variant
// that the client accepts. It returns false when there is none.
func (a *assets) serveFile(w http.ResponseWriter, r *http.Request, name string) bool {
	for _, e := range encodings {
		if accepts(r.Header.Get("Accept-Encoding"), e.name) && a.serveVariant(w, r, name, e.suffix, e.name) {
			return true
		}
	}
	return a.serveVariant(w, r, name, "", "")
}

// serveVariant answers with the file name+suffix, encoded like that.
func (a *assets) serveVariant(w http.ResponseWriter, r *http.Request, name, suffix, encoding string) bool {
	file, tag, err := a.open(name + suffix)
	if err != nil {
		return false
	}
	defer file.Close()
	h := w.Header()
	setFileHeaders(h)
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", tag)
	h.Set("Content-Type", contentType(name))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	http.ServeContent(w, r, "", time.Time{}, file)
	return true
}

// seekable is a file that http.ServeContent can read, without a copy of it.
type seekable interface {
	fs.File
	io.Seeker
}

// open opens a file and tells its ETag. Directories are no files.
func (a *assets) open(name string) (seekable, string, error) {
	if a.files == nil || !fs.ValidPath(name) {
		return nil, "", fs.ErrNotExist
	}
	opened, err := a.files.Open(name)
	if err != nil {
		return nil, "", err
	}
	file, ok := opened.(seekable)
	if !ok {
		return nil, "", errors.Join(errors.New("a file that cannot be sought in"), opened.Close())
	}
	tag, err := a.tag(name, file)
	if err != nil {
		return nil, "", errors.Join(err, file.Close())
	}
	return file, tag, nil
}

// tag is the ETag of a file's state, which is read for it once.
func (a *assets) tag(name string, file seekable) (string, error) {
	fi, err := file.Stat()
	if err != nil {
		return "", err
	}
	if !fi.Mode().IsRegular() {
		return "", errors.New("not a regular file")
	}
	key := tagKey{name, fi.Size(), fi.ModTime()}
	if tag, ok := a.tags.Load(key); ok {
		return tag.(string), nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	tag := `"` + hex.EncodeToString(sum.Sum(nil)[:16]) + `"`
	a.tags.Store(key, tag)
	return tag, nil
}

// contentType is the type of a file by its name.
func contentType(name string) string {
	if t, ok := contentTypes[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}

// accepts reports whether an Accept-Encoding header takes an encoding (RFC 9110
// section 12.5.3): named, and not with a weight of zero.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q := strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		return strings.Trim(q, "0.") != "" || q == ""
	}
	return false
}
