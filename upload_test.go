package isojot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/isojot/isojot"
)

// sparse is a file of any size, of which no byte is kept: each says where it is.
type sparse struct{ size int64 }

// rows are 256 bytes each, of which a MiB of the file repeats one.
var rows = func() (rows [256][256]byte) {
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = byte(i) ^ byte(j)
		}
	}
	return rows
}()

func (s sparse) ReadAt(p []byte, start int64) (int, error) {
	n := int(min(int64(len(p)), max(0, s.size-start)))
	for done := 0; done < n; {
		at := start + int64(done)
		done += copy(p[done:n], rows[byte(at>>20)][at&255:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s sparse) reader() *io.SectionReader { return io.NewSectionReader(s, 0, s.size) }

// The ways in which a file can be read.
var readers = map[string]func(sparse) io.Reader{
	"io.ReaderAt": func(s sparse) io.Reader { return s.reader() },
	"io.Seeker":   func(s sparse) io.Reader { return struct{ io.ReadSeeker }{s.reader()} },
	"io.Reader":   func(s sparse) io.Reader { return struct{ io.Reader }{s.reader()} },
}

// bucket is a server that takes files in chunks, and its transport.
type bucket struct {
	t      *testing.T
	file   sparse
	before func(start int64) error // called before a chunk is taken

	mu      sync.Mutex
	taken   map[int64]int64 // the ends of chunks by their starts
	twice   int
	headers []map[string]string
	fields  []string // of the last form
	peak    uint64
}

func (b *bucket) RoundTrip(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	start, end := int64(0), b.file.size
	if chunk := req.Header["content-range"]; chunk != "" {
		var size int64
		if _, err := fmt.Sscanf(chunk, "bytes %d-%d/%d", &start, &end, &size); err != nil || size != b.file.size {
			b.t.Errorf("content-range: %q, %v", chunk, err)
		}
		end++
	}
	if b.before != nil {
		if err := b.before(start); err != nil {
			return nil, err
		}
	}
	b.checkForm(req, start, end)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.peak = max(b.peak, m.HeapAlloc)
	b.headers = append(b.headers, req.Header)
	if b.taken == nil {
		b.taken = map[int64]int64{}
	}
	if _, again := b.taken[start]; again {
		b.twice++
	}
	b.taken[start] = end
	total := max(1, (b.file.size+isojot.ChunkSize-1)/isojot.ChunkSize)
	answer := `{"$id":"one","chunksTotal":` + strconv.FormatInt(total, 10) + `,"chunksUploaded":` + strconv.Itoa(len(b.taken)) + `}`
	return &isojot.Response{Status: 201, Header: map[string][]string{"content-type": {"application/json"}}, Body: []byte(answer)}, nil
}

// checkForm reads the form, and compares the chunk with the file.
func (b *bucket) checkForm(req *isojot.Request, start, end int64) {
	kind, params, err := mime.ParseMediaType(req.Header["content-type"])
	if err != nil || kind != "multipart/form-data" {
		b.t.Errorf("content-type: %q, %v", req.Header["content-type"], err)
		return
	}
	var fields []string
	for form := multipart.NewReader(bytes.NewReader(req.Body), params["boundary"]); ; {
		part, err := form.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.t.Error(err)
			return
		}
		if part.FileName() == "" {
			text, err := io.ReadAll(part)
			fields = append(fields, part.FormName()+"="+string(text))
			if err != nil {
				b.t.Error(err)
			}
			continue
		}
		fields = append(fields, part.FormName()+": "+part.FileName())
		want := io.NewSectionReader(b.file, start, end-start)
		if err := same(part, want); err != nil {
			b.t.Errorf("the chunk at %d: %v", start, err)
		}
	}
	b.mu.Lock()
	b.fields = fields
	b.mu.Unlock()
}

// same compares two readers, in little memory.
func same(got, want io.Reader) error {
	a, b := make([]byte, 32<<10), make([]byte, 32<<10)
	for at := 0; ; {
		n, err := io.ReadFull(got, a)
		m, _ := io.ReadFull(want, b)
		if n != m || !bytes.Equal(a[:n], b[:m]) {
			return fmt.Errorf("%d and %d bytes that differ at %d or later", n, m, at)
		}
		at += n
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// upload sends the file to the bucket.
func (b *bucket) upload(ctx context.Context, file isojot.Upload) (*isojot.Response, error) {
	file.Name, file.Size = "a.bin", b.file.size
	c := newClient(b.t, isojot.WithTransport(b), isojot.WithKey("k"))
	return c.Upload(ctx, "storage.createFile", map[string]any{
		"bucketId": "photos", "fileId": "unique()", "file": file, "permissions": []string{`read("any")`, `write("users")`},
	})
}

// A file of at most a chunk goes in one request that says nothing of chunks, any
// other in chunks of 5 MiB that name the file by the id of the first answer.
func TestUploadInChunks(t *testing.T) {
	for _, size := range []int64{0, 1, isojot.ChunkSize, isojot.ChunkSize + 1, 53_000_000} {
		for name, reader := range readers {
			t.Run(fmt.Sprintf("%d bytes of an %s", size, name), func(t *testing.T) {
				b := &bucket{t: t, file: sparse{size}}
				var progress []isojot.UploadProgress
				res, err := b.upload(t.Context(), isojot.Upload{Reader: reader(b.file), Progress: func(p isojot.UploadProgress) { progress = append(progress, p) }})
				if err != nil {
					t.Fatal(err)
				}
				total := int(max(1, (size+isojot.ChunkSize-1)/isojot.ChunkSize))
				if len(b.taken) != total || b.twice > 0 || len(b.headers) != total {
					t.Fatalf("%d chunks in %d requests, %d of them again; want %d", len(b.taken), len(b.headers), b.twice, total)
				}
				for i, header := range b.headers {
					_, ranged := header["content-range"]
					if id := header["x-appwrite-id"]; ranged != (total > 1) || (id != "") != (i > 0) || i > 0 && id != "one" || header["accept"] != "application/json" {
						t.Errorf("request %d has %v", i, header)
					}
				}
				if want := "fileId=unique(), file: a.bin, permissions[]=read(\"any\"), permissions[]=write(\"users\")"; strings.Join(b.fields, ", ") != want {
					t.Errorf("%q, want %q", b.fields, want)
				}
				last := progress[len(progress)-1]
				want := isojot.UploadProgress{ID: "one", Percent: 100, Sent: size, ChunksTotal: total, ChunksUploaded: total}
				if len(progress) != total || last != want || !strings.Contains(string(res.Body), `"chunksUploaded":`+strconv.Itoa(total)) {
					t.Errorf("%d times %+v, want %+v; the answer is %s", len(progress), last, want, res.Body)
				}
			})
		}
	}
}

// Memory is bounded by the chunks on their way, however large the file is.
func TestUploadHeap(t *testing.T) {
	const most = 4*2*isojot.ChunkSize + 64<<20
	for _, size := range []int64{53_000_000, 600_000_000} {
		runtime.GC()
		b := &bucket{t: t, file: sparse{size}}
		if _, err := b.upload(t.Context(), isojot.Upload{Reader: b.file.reader()}); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d bytes: at most %d MiB of heap", size, b.peak>>20)
		if b.peak > most {
			t.Errorf("%d bytes took %d MiB of heap, more than %d", size, b.peak>>20, most>>20)
		}
	}
}

// An upload that is ended in the middle, or that the server fails, goes on with what
// is left.
func TestUploadGoesOn(t *testing.T) {
	const size = 53_000_000
	const chunks = (size + isojot.ChunkSize - 1) / isojot.ChunkSize
	broken := errors.New("the connection broke")
	for name, reader := range readers {
		for _, end := range []string{"the context", "the server"} {
			t.Run(name+" ended by "+end, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				b := &bucket{t: t, file: sparse{size}}
				two := make(chan struct{}) // chunks that the server has
				b.before = func(start int64) error {
					if start != 4*isojot.ChunkSize {
						return nil
					}
					<-two
					if end == "the context" {
						cancel()
						return ctx.Err()
					}
					return broken
				}
				state := &isojot.UploadState{}
				_, err := b.upload(ctx, isojot.Upload{Reader: reader(b.file), State: state, Progress: func(p isojot.UploadProgress) {
					if p.ChunksUploaded == 2 {
						close(two)
					}
				}})
				cancel()
				e, ok := errors.AsType[*isojot.Error](err)
				if !ok || e.Operation != "storage.createFile" || errors.Is(err, context.Canceled) != (end == "the context") || errors.Is(err, broken) != (end == "the server") {
					t.Fatalf("%v", err)
				}
				had := len(b.taken)
				if state.ID != "one" || len(state.Chunks) != had || had < 2 || had >= chunks || slices.Contains(state.Chunks, 4) {
					t.Fatalf("%+v, and the server has %d chunks", state, had)
				}
				b.before = nil
				if _, err := b.upload(t.Context(), isojot.Upload{Reader: reader(b.file), State: state}); err != nil {
					t.Fatal(err)
				}
				if len(b.taken) != chunks || b.twice > 0 || len(b.headers) != chunks {
					t.Errorf("%d chunks in %d requests, %d of them again", len(b.taken), len(b.headers), b.twice)
				}
				_, err = b.upload(t.Context(), isojot.Upload{Reader: reader(b.file), State: state})
				if !errors.Is(err, isojot.ErrInvalidArgument) {
					t.Errorf("what is there already is sent again: %v", err)
				}
			})
		}
	}
}

// What fails in the first chunk begins anew: no other could name the file.
func TestUploadBeginsAnew(t *testing.T) {
	b := &bucket{t: t, file: sparse{2 * isojot.ChunkSize}, before: func(int64) error { return errors.New("no") }}
	state := &isojot.UploadState{}
	if _, err := b.upload(t.Context(), isojot.Upload{Reader: b.file.reader(), State: state}); !errors.Is(err, isojot.ErrNetwork) {
		t.Fatal(err)
	}
	b.before = nil
	if _, err := b.upload(t.Context(), isojot.Upload{Reader: b.file.reader(), State: state}); err != nil || len(b.taken) != 2 {
		t.Errorf("%v, %d chunks", err, len(b.taken))
	}
}

// A token that is refused in the middle is renewed, as in every call.
func TestUploadRenewsTheToken(t *testing.T) {
	b := &bucket{t: t, file: sparse{3 * isojot.ChunkSize}}
	refused, made := 0, 0
	transport := isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		if strings.HasSuffix(req.URL, "/account/jwts") {
			made++
			jwt := tokenOf("ann") + strings.Repeat("A", made)
			return &isojot.Response{Status: 201, Header: map[string][]string{"content-type": {"application/json"}}, Body: []byte(`{"jwt":"` + jwt + `"}`)}, nil
		}
		if req.Header["x-appwrite-id"] != "" && refused == 0 {
			refused++
			return &isojot.Response{Status: 401, Header: map[string][]string{"content-type": {"application/json"}},
				Body: []byte(`{"message":"no","type":"user_jwt_invalid","code":401}`)}, nil
		}
		return b.RoundTrip(ctx, req)
	})
	tokens, err := newClient(t, isojot.WithTransport(transport), isojot.WithSession("s")).Account.TokenSource()
	if err != nil {
		t.Fatal(err)
	}
	defer tokens.Close()
	_, err = tokens.TokenClient().Upload(t.Context(), "storage.createFile", map[string]any{
		"bucketId": "photos", "fileId": "one", "file": isojot.Upload{Name: "a.bin", Size: b.file.size, Reader: b.file.reader(), Parallel: 1},
	})
	if err != nil || refused != 1 || len(b.taken) != 3 {
		t.Errorf("%v, %d refused, %d chunks", err, refused, len(b.taken))
	}
}

// What cannot be sent is refused before anything is, and says what to do.
func TestUploadArguments(t *testing.T) {
	rec := &recorder{}
	c := newClient(t, isojot.WithTransport(rec), isojot.WithKey("k"))
	file := isojot.Upload{Name: "a", Size: 1, Reader: strings.NewReader("a")}
	for want, values := range map[string]map[string]any{
		"file: missing; pass an isojot.Upload":    {"bucketId": "b", "fileId": "f"},
		"file.Size: below 0":                      {"bucketId": "b", "fileId": "f", "file": isojot.Upload{Size: -1}},
		"file.Reader: nil":                        {"bucketId": "b", "fileId": "f", "file": isojot.Upload{Size: 1}},
		"fileId: missing; pass a value":           {"bucketId": "b", "file": file},
		"nope: no parameter of storage.create":    {"bucketId": "b", "fileId": "f", "file": file, "nope": 1},
		"file.Size: the reader ends before 2 byt": {"bucketId": "b", "fileId": "f", "file": isojot.Upload{Name: "a", Size: 2, Reader: strings.NewReader("a")}},
	} {
		_, err := c.Upload(t.Context(), "storage.createFile", values)
		e, ok := errors.AsType[*isojot.Error](err)
		if !ok || !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(e.Message, want) || e.Operation != "storage.createFile" {
			t.Errorf("%v, want %q", err, want)
		}
	}
	var none *isojot.Upload
	for _, tc := range []struct {
		operation, want string
		values          map[string]any
	}{
		{"storage.createFile", "permissions: takes no file; the operation's is file", map[string]any{"bucketId": "b", "fileId": "f", "file": file, "permissions": &file}},
		{"storage.createFile", "bucketId: takes no file; the operation's is file", map[string]any{"bucketId": file, "fileId": "f"}},
		{"storage.createFile", "file: nil; pass an isojot.Upload", map[string]any{"bucketId": "b", "fileId": "f", "file": none}},
		{"oauth2.createToken", "code: takes no file, as no parameter of oauth2.createToken does", map[string]any{"grantType": "g", "code": file}},
		{"account.create", "avatar: no parameter of account.create", map[string]any{"userId": "u", "email": "e", "password": "p", "avatar": file}},
	} {
		_, err := c.Upload(t.Context(), tc.operation, tc.values)
		wants(t, err, tc.want)
	}
	own := isojot.Operation{Name: "own.send", Route: isojot.Route{Pattern: "POST /own/{id}", Lanes: []isojot.Lane{isojot.LaneKey}, Params: []string{"id", "a", "b"}}}
	for want, values := range map[string]map[string]any{
		"b: a second file, beside a; send each":       {"id": "i", "a": file, "b": file},
		"id: takes no file, being part of the path":   {"id": file, "a": "", "b": ""},
		"c: no parameter of own.send, which has id, ": {"id": "i", "a": "", "b": "", "c": file},
	} {
		_, err := c.DoUpload(t.Context(), own, values)
		wants(t, err, want)
	}
	if _, err := c.Upload(t.Context(), "storage.nope", nil); !errors.Is(err, isojot.ErrInvalidArgument) {
		t.Errorf("an operation that is none: %v", err)
	}
	if len(rec.requests) > 0 {
		t.Errorf("%d requests were sent", len(rec.requests))
	}
}

// A pointer to a file is one.
func TestUploadPointer(t *testing.T) {
	b := &contents{t: t}
	_, err := newClient(t, isojot.WithTransport(b), isojot.WithKey("k")).Upload(t.Context(), "functions.createDeployment", map[string]any{
		"functionId": "f", "activate": true, "code": &isojot.Upload{Name: "a", Size: 5, Reader: strings.NewReader("hello")},
	})
	if err != nil || len(b.sent) != 1 || string(b.sent[0]) != "hello" {
		t.Errorf("%v, %q", err, b.sent)
	}
}
