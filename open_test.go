package isojot_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// A transport that does not stream gives the same.
func TestOpenWithoutAStream(t *testing.T) {
	asked := false
	c := newClient(t, isojot.WithTransport(isojot.TransportFunc(func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		asked = req.Stream
		return &isojot.Response{Status: 200, Header: map[string][]string{"content-type": {"image/gif"}}, Body: []byte("gif")}, nil
	})))
	d, err := c.Open(t.Context(), "avatars.getQR", isojot.Params{RawQuery: "text=a"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(d)
	if err != nil || string(text) != "gif" || d.Size != 3 || d.ContentType != "image/gif" || !asked || d.Close() != nil {
		t.Errorf("%q, %v, %+v", text, err, d)
	}
}

// stream is content that waits until it is closed.
type stream struct{ begun, closed chan struct{} }

func newStream() stream { return stream{make(chan struct{}), make(chan struct{})} }

func (s stream) Read([]byte) (int, error) {
	close(s.begun)
	<-s.closed
	return 0, errors.New("read on closed body")
}

func (s stream) Close() error {
	close(s.closed)
	return nil
}

// opening opens a file's content that comes with a status, as a stream or whole.
func opening(t *testing.T, status int, content io.ReadCloser) (*isojot.Download, error) {
	t.Helper()
	c := newClient(t, isojot.WithTransport(isojot.TransportFunc(func(context.Context, *isojot.Request) (*isojot.Response, error) {
		return &isojot.Response{Status: status, Body: []byte("whole"), Stream: content}, nil
	})))
	return c.Open(t.Context(), "avatars.getQR", isojot.Params{RawQuery: "text=a"})
}

// Who closes content, and reads on, is told so: the network is not to blame.
func TestOpenReadAfterClose(t *testing.T) {
	isClosed := func(err error) bool {
		e, ok := errors.AsType[*isojot.Error](err)
		return ok && e.Type == isojot.ErrClosed && errors.Is(err, fs.ErrClosed) && e.Operation == "avatars.getQR"
	}
	for name, content := range map[string]io.ReadCloser{"a stream": newStream(), "whole": nil} {
		d, err := opening(t, 200, content)
		if err != nil || d.Close() != nil {
			t.Fatal(err)
		}
		if n, err := d.Read(make([]byte, 1)); n > 0 || !isClosed(err) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	content := newStream()
	d, err := opening(t, 200, content)
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error)
	go func() {
		_, err := d.Read(make([]byte, 1))
		failed <- err
	}()
	<-content.begun
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; !isClosed(err) {
		t.Errorf("closed while it is read: %v", err)
	}
}

// A stream that comes with an error is closed: nobody else could.
func TestOpenClosesWhatIsAnError(t *testing.T) {
	content := newStream()
	if _, err := opening(t, 404, content); !errors.Is(err, isojot.ErrBadResponse) {
		t.Error(err)
	}
	select {
	case <-content.closed:
	default:
		t.Error("the stream of an error is open")
	}
}

// A transport that says nothing is the program's fault, and no panic.
func TestTransportThatReturnsNothing(t *testing.T) {
	c := newClient(t, isojot.WithTransport(isojot.TransportFunc(func(context.Context, *isojot.Request) (*isojot.Response, error) { return nil, nil })))
	if _, err := c.Open(t.Context(), "avatars.getQR", isojot.Params{}); !errors.Is(err, isojot.ErrNetwork) || !strings.Contains(err.Error(), "Transport returned neither") {
		t.Error(err)
	}
}
