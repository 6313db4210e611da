package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/ledger"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// writeError answers with an error. What is no refusal is logged and
// answered as general_unknown: nothing internal leaks.
func (s *Server) writeError(w http.ResponseWriter, err error) {
	refusal := s.refusal(err)
	if m, ok := w.(holder); ok {
		m.give(m.held()) // nothing else is answered, and an error needs no place
	}
	h := w.Header()
	if refusal.Status() == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryBusy)
	}
	if refusal.Kind == isojot.ErrServerBusy {
		h.Set("Connection", "close") // what is left of the body is not waited for
	}
	h.Set("Cache-Control", "no-cache, no-store, must-revalidate")
	h.Set("Expires", "0")
	h.Set("Pragma", "no-cache")
	s.writeJSON(w, refusal.Status(), refusal.Body())
}

// refusal is the refusal that an error is answered by; faults are logged.
func (s *Server) refusal(err error) *wire.Refusal {
	refusal, ok := refusalOf(err)
	if !ok {
		refusal = wire.Fail(isojot.ErrUnknown)
	}
	if !ok || refusal.Kind == isojot.ErrDatabaseUnavailable {
		s.logFault(err)
	}
	return refusal
}

// retryBusy is when to try again what is refused because too many others wait,
// or because the database is away, in seconds.
const retryBusy = "1"

// refusalOf is the refusal that an error is answered by, if it is no fault.
func refusalOf(err error) (*wire.Refusal, bool) {
	switch {
	case errors.Is(err, fair.ErrBusy):
		return wire.Fail(isojot.ErrPasswordsBusy), true
	case errors.Is(err, ledger.ErrBusy):
		return wire.Fail(isojot.ErrServerBusy), true
	case store.Unavailable(err):
		return wire.Fail(isojot.ErrDatabaseUnavailable), true
	}
	return errors.AsType[*wire.Refusal](err)
}

// logFault logs an error that no caller gets to see.
func (s *Server) logFault(err error) {
	if errors.Is(err, context.Canceled) {
		s.log.Debug("the caller went away", "error", err)
		return
	}
	s.log.Error("a request failed", "error", err)
}

// Headers of bodies of JSON. The values are shared between answers.
var (
	noStore  = []string{"no-store"}
	typeJSON = []string{"application/json; charset=UTF-8"}
)

// writeJSON answers with a body of JSON. It is complete before the first byte
// is sent, so that a fault can still be an error.
func (s *Server) writeJSON(w http.ResponseWriter, status int, body any) {
	a := &jsonAnswer{s: s, w: w, status: status}
	switch err := newEncoder(a).Encode(body); {
	case a.refused != nil:
		s.writeError(w, a.refused)
	case err != nil:
		s.notEncoded(w, err)
	}
}

// notEncoded answers that an answer does not encode.
func (s *Server) notEncoded(w http.ResponseWriter, err error) {
	s.log.Error("an answer does not encode", "error", err)
	http.Error(w, wire.Message(isojot.ErrUnknown), http.StatusInternalServerError)
}

// newEncoder encodes JSON as it is answered, each value by one Write.
func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

// jsonAnswer writes the one text that an encoder hands it, from the encoder's
// own memory: long answers are not copied.
type jsonAnswer struct {
	s      *Server
	w      http.ResponseWriter
	status int
	// refused is why there was no room for the text.
	refused error
}

// Write implements io.Writer.
func (a *jsonAnswer) Write(text []byte) (int, error) {
	if h, ok := a.w.(holder); ok {
		if a.refused = h.hold(len(text)); a.refused != nil {
			return 0, a.refused
		}
	}
	a.s.writeParts(a.w, a.status, bytes.TrimRight(text, "\n"))
	return len(text), nil
}

// writeParts answers with JSON that is there in parts, compressed where it may be.
func (s *Server) writeParts(w http.ResponseWriter, status int, parts ...[]byte) {
	setJSON(w.Header())
	s.write(w, status, s.compressed(w, parts)...)
}

// setJSON sets the headers of a body of JSON.
func setJSON(h http.Header) {
	if h.Get("Cache-Control") == "" {
		h["Cache-Control"] = noStore
	}
	h["Content-Type"] = typeJSON
}

// write sends a body, whose type is set already.
func (s *Server) write(w http.ResponseWriter, status int, parts ...[]byte) {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			s.log.Debug("the caller did not read its answer", "error", err)
			return
		}
	}
}

// noContent answers that it is done. The type, of nothing, is what Appwrite
// sends (contract section 13.6): SDKs look at it, and JSON would be parsed.
func noContent(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusNoContent)
}

// answer answers with a body of JSON, in the form the client asks for.
func (c *call) answer(status int, body any) {
	body = c.formatted(body)
	if w, ok := c.w.(*capture); ok {
		w.status, w.body = status, body
		return
	}
	if list, ok := body.(listJSON); ok {
		c.answerList(status, list)
		return
	}
	c.s.writeJSON(c.w, status, body)
}

// formatted is a body in that form.
func (c *call) formatted(body any) any {
	if f, ok := body.(wire.Formatted); ok {
		if v := wire.ParseFormat(c.r.Header.Get("X-Appwrite-Response-Format")); v != wire.Newest {
			return f.Format(v)
		}
	}
	return body
}
