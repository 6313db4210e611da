package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync"
)

// handler runs a handler of the program itself.
type handler struct {
	serve  http.Handler
	output int
	logs   int
}

// Handler runs h for each call, in the program itself: nothing isolates it. A
// panic is ErrCrashed with status 500, and its stack is in Result.Errors. Go has
// no way to end a goroutine: Run returns when ctx is done, but an h that does
// not look at its request's context goes on, and what it still writes is refused.
func Handler(c Config, h http.Handler) (Runner, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fmt.Errorf("%w: the handler is nil", ErrStart)
	}
	return &handler{h, c.Output, c.Logs}, nil
}

func (h *handler) Close() error { return nil }

func (h *handler) Run(ctx context.Context, req *Request) (*Result, error) {
	if ctx.Err() != nil {
		return &Result{}, contextError(ctx)
	}
	call, err := newCall(ctx, req)
	if err != nil {
		return &Result{}, fmt.Errorf("%w: %w", ErrCrashed, err)
	}
	w := &recorder{req: req, limit: h.output, header: http.Header{}}
	ended := make(chan *Result, 1)
	go h.call(w, call, secretsOf(req), ended)
	select {
	case crashed := <-ended:
		if crashed != nil {
			return crashed, fmt.Errorf("%w: it panicked", ErrCrashed)
		}
		return w.result()
	case <-ctx.Done():
		w.finish()
		return &Result{}, contextError(ctx)
	}
}

// call runs the handler, and tells ended a Result if it panicked, else nil.
func (h *handler) call(w *recorder, call *http.Request, secrets []string, ended chan<- *Result) {
	returned := false
	defer func() {
		if returned {
			ended <- nil
			return
		}
		// A handler that ended its goroutine, by runtime.Goexit, left no value.
		errs := newLogs(h.logs, secrets, func() {})
		fmt.Fprintf(errs, "panic: %v\n\n%s", recover(), debug.Stack())
		ended <- &Result{Status: http.StatusInternalServerError, Errors: errs.text()}
	}()
	h.serve.ServeHTTP(w, call)
	returned = true
}

// newCall is the request as a server would get it.
func newCall(ctx context.Context, req *Request) (*http.Request, error) {
	call, err := http.NewRequestWithContext(ctx, req.Method, "/", bytes.NewReader(req.Body))
	if err != nil {
		return nil, err
	}
	// As a server reads it: "//host" is a path there.
	if call.URL, err = url.ParseRequestURI(req.Path); err != nil {
		return nil, withoutURL(err)
	}
	call.Header = req.Header.Clone()
	if call.Header == nil {
		call.Header = http.Header{}
	}
	call.RequestURI = req.Path
	call.Host = call.Header.Get("Host")
	call.Header.Del("Host")
	call.RemoteAddr = net.JoinHostPort(call.Header.Get("X-Appwrite-Client-Ip"), "0")
	return call, nil
}

// recorder is a bounded http.ResponseWriter. It is locked, since a handler may
// go on after its run is over.
type recorder struct {
	req   *Request
	limit int

	mu       sync.Mutex
	header   http.Header
	sent     http.Header // as it was at WriteHeader
	status   int
	body     []byte
	tooLarge bool
	noRoom   error
	finished bool
}

// errFinished is the error of a write after the run has ended.
var errFinished = errors.New("runner: the function's run is over")

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writeHeader(status)
}

func (r *recorder) writeHeader(status int) {
	// Interim answers, 1xx, go to nobody.
	if r.status == 0 && status >= http.StatusOK {
		r.status, r.sent = status, r.header.Clone()
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writeHeader(http.StatusOK)
	switch {
	case r.finished:
		return 0, errFinished
	case r.tooLarge || len(r.body)+len(p) > r.limit:
		r.tooLarge = true
		return 0, ErrTooLarge
	case r.noRoom != nil:
		return 0, r.noRoom
	}
	if r.body, r.noRoom = r.req.grown(r.body, len(p), r.limit); r.noRoom != nil {
		return 0, r.noRoom
	}
	r.body = append(r.body, p...)
	return len(p), nil
}

// Flush does nothing: an answer goes out whole.
func (r *recorder) Flush() {}

func (r *recorder) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
}

// result is the answer of a handler that returned.
func (r *recorder) result() (*Result, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
	r.writeHeader(http.StatusOK)
	if r.tooLarge {
		return &Result{}, tooLarge("its body", r.limit)
	}
	if r.noRoom != nil {
		return &Result{}, r.noRoom
	}
	if len(r.body) > 0 && r.sent.Values("Content-Type") == nil {
		r.sent.Set("Content-Type", http.DetectContentType(r.body))
	}
	header, err := answerHeader(r.sent)
	if err := errors.Join(checkStatus(r.status), err); err != nil {
		return &Result{Status: http.StatusInternalServerError}, err
	}
	return &Result{Status: r.status, Header: header, Body: r.body}, nil
}
