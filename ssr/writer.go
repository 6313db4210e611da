package ssr

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
)

// noStore is for answers that one visitor may have, and nobody else: a cache
// that kept one would sign others in (RFC 9111 section 5.2.2).
const noStore = "private, no-store"

// writer puts the session's cookie, and what keeps caches away, on the header
// just before it goes out, so that nothing the handler sets later undoes it.
type writer struct {
	http.ResponseWriter
	visitor *Visitor
}

// WriteHeader implements http.ResponseWriter.
func (w *writer) WriteHeader(status int) {
	// Informational answers (RFC 9110 section 15.2) come before the header.
	if status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		w.visitor.seal(w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *writer) Write(p []byte) (int, error) {
	w.visitor.seal(w.Header())
	return w.ResponseWriter.Write(p)
}

// ReadFrom implements io.ReaderFrom, by which net/http sends files.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	w.visitor.seal(w.Header())
	return io.Copy(w.ResponseWriter, r)
}

// Flush implements http.Flusher.
func (w *writer) Flush() {
	_ = w.FlushError() // http.Flusher has no way to tell
}

// FlushError is what http.ResponseController calls. Who sends the header ahead
// streams the rest, and may still ask who the visitor is: caches are told while
// they can be.
func (w *writer) FlushError() error {
	w.visitor.consult()
	w.visitor.seal(w.Header())
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack implements http.Hijacker.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// seal completes a header, once.
func (v *Visitor) seal(h http.Header) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealed {
		return
	}
	v.sealed = true
	for _, cookie := range v.cookies {
		h.Add("Set-Cookie", cookie.String())
	}
	v.complete(h)
	if v.secretive || v.callback != nil || v.sessions.cookie.in(h["Set-Cookie"]) {
		neverStore(h)
	} else if !v.consulted {
		return
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", noStore)
	}
	addVary(h, "Cookie")
}

// neverStore keeps all caches away, also those that have a field of their own
// (RFC 9213).
func neverStore(h http.Header) {
	h.Set("Cache-Control", noStore)
	for name := range h {
		if strings.HasSuffix(name, "Cdn-Cache-Control") || name == "Surrogate-Control" {
			delete(h, name)
		}
	}
}

// addVary adds a field's name to Vary, if it is not there.
func addVary(h http.Header, field string) {
	for _, line := range h.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); strings.EqualFold(name, field) || name == "*" {
				return
			}
		}
	}
	h.Add("Vary", field)
}
