package isojot_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/isojot/isojot"
)

// statOnly is a file of a file system that tells its size by Stat alone.
func statOnly(t *testing.T, content string) io.Reader {
	t.Helper()
	file, err := fstest.MapFS{"a": {Data: []byte(content)}}.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	return struct{ fs.File }{file}
}

// contents takes the files that are sent, without a look at what they should be.
type contents struct {
	t       *testing.T
	mu      sync.Mutex
	fail    error // of the next request
	sent    [][]byte
	headers []map[string]string
}

func (c *contents) RoundTrip(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fail; err != nil {
		c.fail = nil
		return nil, err
	}
	_, content, _ := bytes.Cut(req.Body, []byte("application/octet-stream\r\n\r\n"))
	content, _, _ = bytes.Cut(content, []byte("\r\n--isojot-"))
	c.sent = append(c.sent, bytes.Clone(content))
	c.headers = append(c.headers, req.Header)
	return answer(201, `{"$id":"one"}`), nil
}

func (c *contents) upload(file isojot.Upload) error {
	_, err := newClient(c.t, isojot.WithTransport(c), isojot.WithKey("k")).Upload(c.t.Context(), "storage.createFile",
		map[string]any{"bucketId": "b", "fileId": "f", "file": file})
	return err
}

// wants reports an error that is not ErrInvalidArgument with a text in it.
func wants(t *testing.T, err error, text string) {
	t.Helper()
	if !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), text) {
		t.Errorf("%v, want %q", err, text)
	}
}

// A second upload sends a Seeker's bytes from the beginning, wherever the first one
// left it, and none of a plain reader that it has begun with.
func TestUploadAgainWithTheSameReader(t *testing.T) {
	c := &contents{t: t, fail: errors.New("busy")}
	seeker := struct{ io.ReadSeeker }{strings.NewReader("hello, all")}
	file := isojot.Upload{Name: "a", Size: 5, Reader: seeker, State: &isojot.UploadState{}}
	if err := c.upload(file); !errors.Is(err, isojot.ErrNetwork) {
		t.Fatal(err)
	}
	if err := c.upload(file); err != nil || string(c.sent[0]) != "hello" {
		t.Errorf("%v, %q", err, c.sent)
	}

	big := sparse{3 * isojot.ChunkSize}
	c = &contents{t: t}
	file = isojot.Upload{Name: "a", Size: big.size, Reader: struct{ io.Reader }{big.reader()}, State: &isojot.UploadState{}}
	file.Progress = func(isojot.UploadProgress) { c.fail = errors.New("busy") }
	if err := c.upload(file); !errors.Is(err, isojot.ErrNetwork) {
		t.Fatal(err)
	}
	file.Progress = nil
	wants(t, c.upload(file), "file.Reader: an earlier upload has read from it")
	if len(c.sent) != 1 {
		t.Fatalf("%d chunks of a reader in the middle of the file", len(c.sent)-1)
	}
	file.Reader = struct{ io.Reader }{big.reader()}
	if err := c.upload(file); err != nil || len(c.sent) != 3 {
		t.Fatalf("%v, %d chunks", err, len(c.sent))
	}
	if err := same(io.MultiReader(bytes.NewReader(c.sent[0]), bytes.NewReader(c.sent[1]), bytes.NewReader(c.sent[2])), big.reader()); err != nil {
		t.Error(err)
	}
}

// A size that is left out is the reader's, where it tells.
func TestUploadSizeOfTheReader(t *testing.T) {
	begun := strings.NewReader("hello")
	if _, err := begun.ReadByte(); err != nil {
		t.Fatal(err)
	}
	for name, reader := range map[string]io.Reader{
		"io.ReaderAt":         strings.NewReader("hello"),
		"one that was read":   begun,
		"io.Seeker":           struct{ io.ReadSeeker }{strings.NewReader("hello")},
		"Len":                 bytes.NewBufferString("hello"),
		"Stat":                statOnly(t, "hello"),
		"an empty one":        strings.NewReader(""),
		"an empty plain one":  struct{ io.Reader }{strings.NewReader("")},
		"an empty io.Seeker":  struct{ io.ReadSeeker }{strings.NewReader("")},
		"an empty file":       statOnly(t, ""),
		"an empty io.Section": sparse{}.reader(),
	} {
		c := &contents{t: t}
		want := "hello"
		if strings.HasPrefix(name, "an empty") {
			want = ""
		}
		var last isojot.UploadProgress
		err := c.upload(isojot.Upload{Name: "a", Reader: reader, Progress: func(p isojot.UploadProgress) { last = p }})
		if err != nil || len(c.sent) != 1 || string(c.sent[0]) != want || last.Sent != int64(len(want)) {
			t.Errorf("%s: %v, %q, %+v", name, err, c.sent, last)
		}
	}
}

// What would cut the file, or leave it without a name, is refused before the server
// has it.
func TestUploadIncomplete(t *testing.T) {
	hello := func() io.Reader { return strings.NewReader("hello") }
	onlyAt := struct {
		io.Reader
		io.ReaderAt
	}{hello(), strings.NewReader("hello")}
	for _, tc := range []struct {
		file isojot.Upload
		want string
	}{
		{isojot.Upload{}, "file.Reader: nil"},
		{isojot.Upload{Name: "a"}, "file.Reader: nil"},
		{isojot.Upload{Size: 5, Reader: hello()}, "file.Name: empty; pass the file's name"},
		{isojot.Upload{Name: "a", Reader: struct{ io.Reader }{hello()}}, "file.Size: the reader has more than 0 bytes"},
		{isojot.Upload{Name: "a", Reader: onlyAt}, "file.Size: the reader has more than 0 bytes"},
		{isojot.Upload{Name: "a", Size: 3, Reader: struct{ io.Reader }{hello()}}, "file.Size: the reader has more than 3 bytes"},
	} {
		c := &contents{t: t}
		wants(t, c.upload(tc.file), tc.want)
		if len(c.sent) > 0 {
			t.Errorf("%s: sent %q", tc.want, c.sent)
		}
	}
}

// waiting is a reader of which nothing comes before its end.
type waiting struct{ begun, end chan struct{} }

func (w waiting) Read([]byte) (int, error) {
	close(w.begun)
	<-w.end
	return 0, io.EOF
}

// An upload whose context ends while its reader waits was ended, whatever the reader
// says then.
func TestUploadEndedInRead(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reader := waiting{make(chan struct{}), make(chan struct{})}
	failed := make(chan error)
	go func() {
		_, err := newClient(t, isojot.WithTransport(&contents{t: t})).Upload(ctx, "storage.createFile",
			map[string]any{"bucketId": "b", "fileId": "f", "file": isojot.Upload{Name: "a", Size: 5, Reader: reader}})
		failed <- err
	}()
	<-reader.begun
	cancel()
	close(reader.end)
	if err := <-failed; !errors.Is(err, isojot.ErrCanceled) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
