package server

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/isojot/isojot/internal/ledger"
	"github.com/isojot/isojot/server/internal/reach"
)

// Bounds of what requests hold in memory, all of them together: bodies, what
// is made of them, and answers until they are written.
const (
	// DefaultRequestMemory is what 0 means in Options.RequestMemory, in bytes: an
	// address gets half of it, which is more than the longest body.
	DefaultRequestMemory = 32 << 20
	maxRequestMemory     = 1 << 40
	// freeMemory is what each request may hold without a place: as much as its
	// connection takes. Whoever signs in needs no more, and so never waits for
	// those who hold the rest.
	freeMemory = 4 << 10
	// roomWait is how long a request waits for room.
	roomWait = 5 * time.Second
)

// pace is how slow a client may be: not how long it takes, but whether it goes
// on. Its times are the least; chance adds up to half of them, so that those who
// came at once are not cut off at once, and do not come back at once.
type pace struct {
	// read is how long a client may take for readBytes of a body, or its rest.
	read      time.Duration
	readBytes int
	// write is how long a client may take for a piece of an answer.
	write time.Duration
}

// defaultPace is for the slowest lines there are: 1.6 KB in a second, in both
// directions.
var defaultPace = pace{read: 10 * time.Second, readBytes: 16 << 10, write: 15 * time.Second}

// Answers are written in pieces: large ones of what is in memory already,
// smaller ones of files, since one is copied for each who reads.
const (
	piece     = 16 << 10
	filePiece = 8 << 10
)

// exchange is a request and its answer, paced, with their place in the memory.
// It is an http.ResponseWriter.
type exchange struct {
	http.ResponseWriter
	control *http.ResponseController
	ctx     context.Context
	pace    *pace
	place   *ledger.Place
	// compressible says that the answer may be compressed, and accepts is what its
	// client says of that.
	compressible bool
	accepts      string
}

// begin paces a request. Its place is its address's, which is behind the
// proxies. It needs an end.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) (*exchange, *http.Request) {
	e := &exchange{ResponseWriter: w, control: http.NewResponseController(w), ctx: r.Context(), pace: &s.pace,
		place: s.memory.Open(reach.Network(reach.ClientIP(r)), freeMemory)}
	if r.ContentLength == 0 {
		return e, r
	}
	// net/http looks at the body of its own request after this.
	r = r.WithContext(r.Context())
	r.Body = &pacedBody{ReadCloser: r.Body, e: e}
	e.readBy(after(s.pace.read))
	return e, r
}

// end gives the place back: what was not written until now is no more than
// net/http's own buffer.
func (e *exchange) end() { e.place.Close() }

// Unwrap is for http.ResponseController.
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// readBy and writeBy set deadlines, where the connection has some.
func (e *exchange) readBy(t time.Time) { _ = e.control.SetReadDeadline(t) }
func (e *exchange) writeBy()           { _ = e.control.SetWriteDeadline(after(e.pace.write)) }

// after is the time after a duration, and up to half of it.
func after(d time.Duration) time.Time { return time.Now().Add(d + rand.N(d/2)) }

// WriteHeader implements http.ResponseWriter. The deadline holds for what
// net/http sends after the handler, too.
func (e *exchange) WriteHeader(status int) {
	e.writeBy()
	e.ResponseWriter.WriteHeader(status)
}

// Write writes in pieces, each with its own deadline.
func (e *exchange) Write(p []byte) (n int, err error) {
	for {
		e.writeBy()
		m, err := e.ResponseWriter.Write(p[:min(len(p), piece)])
		n, p = n+m, p[m:]
		if err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// ReadFrom is how http.ServeContent copies a file.
func (e *exchange) ReadFrom(file io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{e}, struct{ io.Reader }{file}, make([]byte, filePiece))
}

// pacedBody is a body that must go on to come.
type pacedBody struct {
	io.ReadCloser
	e   *exchange
	got int
}

// Read implements io.Reader.
func (b *pacedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.got += n
	switch {
	case err == io.EOF:
		// Whether the client is still there, net/http finds out by reading on.
		b.e.readBy(time.Time{})
	case b.got >= b.e.pace.readBytes:
		b.got = 0
		b.e.readBy(after(b.e.pace.read))
	}
	return n, err
}

// holder has a place in the memory.
type holder interface {
	// hold makes the place larger, or waits for room, and fails without.
	hold(bytes int) error
	// holdWhile is hold by another context than the request's.
	holdWhile(ctx context.Context, bytes int) error
	// held is how large the place is.
	held() int
	// tryHold is hold that does not wait; give makes the place smaller.
	tryHold(bytes int) error
	give(bytes int)
}

func (e *exchange) held() int            { return int(e.place.Size()) }
func (e *exchange) hold(bytes int) error { return e.holdWhile(e.ctx, bytes) }
func (e *exchange) holdWhile(ctx context.Context, bytes int) error {
	return e.place.Hold(ctx, int64(bytes))
}
func (e *exchange) tryHold(bytes int) error { return e.place.Try(int64(bytes)) }
func (e *exchange) give(bytes int)          { e.place.Give(int64(bytes)) }

// memory is the place of the call's request.
func (c *call) memory() holder { return c.w.(holder) }

// headerSize is what a request's own lines take, in bytes.
func headerSize(r *http.Request) int {
	n := len(r.RequestURI)
	for name, values := range r.Header {
		for _, value := range values {
			n += len(name) + len(value)
		}
	}
	return n
}
