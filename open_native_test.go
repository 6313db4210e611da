//go:build !js

package isojot_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
)

// opened opens a file's content at a server.
func opened(t *testing.T, ctx context.Context, handler http.HandlerFunc, opts ...isojot.Option) (*isojot.Download, error) {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	c, err := isojot.NewClient(srv.URL+"/v1", "demo", append(opts, isojot.WithKey("k"))...)
	if err != nil {
		t.Fatal(err)
	}
	return c.Open(ctx, "storage.getFileView", isojot.Params{Path: map[string]string{"bucketId": "b", "fileId": "f"}})
}

// Content is read as it comes: its beginning before the server has its end.
func TestOpenStreams(t *testing.T) {
	more := make(chan struct{})
	d, err := opened(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/storage/buckets/b/files/f/view" || r.Header.Get("Accept") != "*/*" || r.Header.Get("X-Appwrite-Key") != "k" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", "6")
		io.WriteString(w, "one")
		w.(http.Flusher).Flush()
		<-more
		io.WriteString(w, "two")
	})
	if err != nil {
		t.Fatal(err)
	}
	begin := make([]byte, 3)
	if _, err := io.ReadFull(d, begin); err != nil || string(begin) != "one" || d.ContentType != "image/png" || d.Size != 6 {
		t.Fatalf("%q, %v, %+v", begin, err, d)
	}
	close(more)
	rest, err := io.ReadAll(d)
	if err != nil || string(rest) != "two" {
		t.Errorf("%q, %v", rest, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// There is no bound to how large it is, and it is nowhere kept.
func TestOpenHeap(t *testing.T) {
	file := sparse{isojot.MaxResponseBytes + 100<<20}
	d, err := opened(t, t.Context(), func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, file.reader()) })
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := same(d, file.reader()); err != nil {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if d.Size != -1 || after.HeapAlloc > before.HeapAlloc+16<<20 {
		t.Errorf("a size of %d; the heap had %d MiB and has %d", d.Size, before.HeapAlloc>>20, after.HeapAlloc>>20)
	}
}

// Content ends with the context of its call, and by Close, and the server sees that.
func TestOpenEnds(t *testing.T) {
	for name, end := range map[string]func(context.CancelFunc, *isojot.Download){
		"the context": func(cancel context.CancelFunc, _ *isojot.Download) { cancel() },
		"Close":       func(_ context.CancelFunc, d *isojot.Download) { d.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			gone := make(chan struct{})
			d, err := opened(t, ctx, func(w http.ResponseWriter, r *http.Request) {
				w.(http.Flusher).Flush()
				<-r.Context().Done()
				close(gone)
			})
			if err != nil {
				t.Fatal(err)
			}
			end(cancel, d)
			<-gone
			if _, err := d.Read(make([]byte, 1)); err == nil || err == io.EOF || name == "the context" && !errors.Is(err, isojot.ErrCanceled) {
				t.Errorf("%v", err)
			}
		})
	}
}

// An answer that is none is an error of the call, as ever, and one that breaks off
// is an error of Read.
func TestOpenErrors(t *testing.T) {
	_, err := opened(t, t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(404)
		io.WriteString(w, `{"message":"gone","type":"storage_file_not_found","code":404}`)
	})
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok || e.Code != 404 || e.Type != "storage_file_not_found" || e.Operation != "storage.getFileView" {
		t.Errorf("%v", err)
	}
	d, err := opened(t, t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "one")
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	text, err := io.ReadAll(d)
	if string(text) != "one" || !errors.Is(err, isojot.ErrNetwork) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, %v", text, err)
	}
}

// The timeout of the program's own HTTP client bounds the time in which nothing
// comes, of content and of an answer to a large body.
func TestTimeoutOfWhatIsLarge(t *testing.T) {
	impatient := isojot.WithHTTPClient(&http.Client{Timeout: 50 * time.Millisecond})
	d, err := opened(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, impatient)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Read(make([]byte, 1)); !errors.Is(err, isojot.ErrNetwork) || !strings.Contains(err.Error(), "no byte came or went") {
		t.Errorf("content: %v", err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer srv.Close()
	c, err := isojot.NewClient(srv.URL+"/v1", "demo", isojot.WithKey("k"), impatient)
	if err != nil {
		t.Fatal(err)
	}
	file := sparse{isojot.ChunkSize}
	_, err = c.Upload(t.Context(), "storage.createFile", map[string]any{
		"bucketId": "b", "fileId": "f", "file": isojot.Upload{Name: "a", Size: file.size, Reader: file.reader()},
	})
	if !errors.Is(err, isojot.ErrNetwork) || !strings.Contains(err.Error(), "no byte came or went") {
		t.Errorf("an upload: %v", err)
	}
	if e, ok := errors.AsType[net.Error](err); !ok || !e.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("an upload's timeout is none: %v", err)
	}
}
