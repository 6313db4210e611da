// Package idle bounds how long nothing may go over the wire while much goes.
package idle

import (
	"context"
	"io"
	"os"
	"time"
)

// ErrIdle is a connection on which nothing went for the client's timeout. It is a
// net.Error as other time-outs are, and errors.Is finds os.ErrDeadlineExceeded.
var ErrIdle error = timeout{}

type timeout struct{}

func (timeout) Error() string {
	return "no byte came or went for as long as the client's timeout"
}

// Timeout and Temporary implement net.Error.
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func (timeout) Is(target error) bool { return target == os.ErrDeadlineExceeded }

// Watcher ends a request on which nothing goes over the wire for a time.
type Watcher struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	after  time.Duration
	timer  *time.Timer
}

// Watch begins to watch a request. It ends with the Watcher's context.
func Watch(ctx context.Context, after time.Duration) *Watcher {
	w := &Watcher{after: after}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.timer = time.AfterFunc(after, func() { w.cancel(ErrIdle) })
	return w
}

// Context is the request's.
func (w *Watcher) Context() context.Context { return w.ctx }

// End ends the watch, and the request with it.
func (w *Watcher) End() {
	w.timer.Stop()
	w.cancel(nil)
}

// Explain is the error of a request, which may have been ended here.
func (w *Watcher) Explain(err error) error {
	if err != nil && err != io.EOF && context.Cause(w.ctx) == ErrIdle {
		return ErrIdle
	}
	return err
}

// Body watches a body go, the request's or the answer's.
func (w *Watcher) Body(content io.ReadCloser) io.ReadCloser { return &body{content, w} }

type body struct {
	io.ReadCloser
	*Watcher
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	b.timer.Reset(b.after)
	n, err := b.ReadCloser.Read(p)
	b.timer.Reset(b.after)
	return n, b.Explain(err)
}

// Stream watches content for whoever reads it when they like: nobody waits for it
// but in Read. Close ends the watch.
func (w *Watcher) Stream(content io.ReadCloser) io.ReadCloser {
	w.timer.Stop()
	return &stream{body{content, w}}
}

type stream struct{ body }

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	s.timer.Stop()
	return n, err
}

// Close implements io.Closer.
func (s *stream) Close() error {
	err := s.ReadCloser.Close()
	s.End()
	return err
}
