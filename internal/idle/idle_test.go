package idle

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a body of which a byte comes each time that as much time has gone by.
type slow struct {
	ctx  context.Context
	each time.Duration
	left int
}

func (s *slow) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	s.left--
	select {
	case <-time.After(s.each):
		return copy(p, "x"), nil
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}

func (*slow) Close() error { return nil }

// What goes, however slowly, goes on; what stands still ends.
func TestBody(t *testing.T) {
	t.Parallel()
	for each, want := range map[time.Duration]error{59 * time.Second: nil, 61 * time.Second: ErrIdle} {
		for name, watched := range map[string]func(*Watcher, io.ReadCloser) io.ReadCloser{"body": (*Watcher).Body, "stream": (*Watcher).Stream} {
			synctest.Test(t, func(t *testing.T) {
				w := Watch(t.Context(), time.Minute)
				defer w.End()
				text, err := io.ReadAll(watched(w, &slow{w.Context(), each, 10}))
				if !errors.Is(err, want) || want == nil && len(text) != 10 {
					t.Errorf("%s, a byte each %v: %d bytes, %v", name, each, len(text), err)
				}
			})
		}
	}
}

// Whoever has a stream may take their time between two reads; a request that waits
// for its answer may not.
func TestWhoMayWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := Watch(t.Context(), time.Minute)
		s := w.Stream(&slow{w.Context(), time.Second, 2})
		for range 2 {
			if _, err := s.Read(make([]byte, 1)); err != nil {
				t.Error(err)
			}
			<-time.After(time.Hour)
		}
		if err := s.Close(); err != nil || w.Context().Err() == nil {
			t.Errorf("%v; the request goes on after Close: %v", err, w.Context().Err())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := Watch(t.Context(), time.Minute)
		if _, err := w.Body(&slow{w.Context(), time.Second, 1}).Read(make([]byte, 1)); err != nil {
			t.Error(err)
		}
		<-time.After(2 * time.Minute)
		if context.Cause(w.Context()) != ErrIdle || w.Explain(context.Canceled) != ErrIdle {
			t.Errorf("%v after a body that nobody answers", context.Cause(w.Context()))
		}
	})
}

// An error that has another cause stays what it is.
func TestExplain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w := Watch(ctx, time.Minute)
	defer w.End()
	cancel()
	for _, err := range []error{nil, io.EOF, context.Canceled} {
		if got := w.Explain(err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

// Programs tell a time-out as they do any other.
func TestErrIdleIsATimeout(t *testing.T) {
	t.Parallel()
	e, ok := errors.AsType[net.Error](ErrIdle)
	if !ok || !e.Timeout() || !errors.Is(ErrIdle, os.ErrDeadlineExceeded) || errors.Is(ErrIdle, io.EOF) {
		t.Errorf("%#v", ErrIdle)
	}
}
