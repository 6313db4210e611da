package storage_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/services/storage"
)

func newService(t *testing.T, transport isojot.TransportFunc) *storage.Service {
	t.Helper()
	client, err := isojot.NewClient("https://example.com/v1", "demo", isojot.WithJWT("a.b.c"), isojot.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	return storage.New(client)
}

// A file goes up with its name and permissions, and what the server knows of it
// comes back.
func TestCreateFile(t *testing.T) {
	var sent *isojot.Request
	s := newService(t, func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		sent = req
		return &isojot.Response{Status: 201, Header: map[string][]string{"content-type": {"application/json"}},
			Body: []byte(`{"$id":"one","$createdAt":"2026-01-02T03:04:05.678+00:00","name":"a.txt","sizeOriginal":5,"chunksTotal":1,"chunksUploaded":1}`)}, nil
	})
	file, err := s.CreateFile(t.Context(), storage.CreateFile{
		BucketID: "notes", File: isojot.Upload{Name: "a.txt", Size: 5, Reader: strings.NewReader("hello")}, Permissions: []string{`read("any")`},
	})
	if err != nil {
		t.Fatal(err)
	}
	if file.ID != "one" || file.SizeOriginal != 5 || file.CreatedAt.Year() != 2026 {
		t.Errorf("%+v", file)
	}
	for _, part := range []string{"name=\"fileId\"\r\n\r\nunique()\r\n", "filename=\"a.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nhello\r\n", "name=\"permissions[]\"\r\n\r\nread(\"any\")\r\n"} {
		if !strings.Contains(string(sent.Body), part) {
			t.Errorf("the form has no %q:\n%s", part, sent.Body)
		}
	}
	if sent.URL != "https://example.com/v1/storage/buckets/notes/files" || sent.Header["x-appwrite-jwt"] != "a.b.c" {
		t.Errorf("%s by %v", sent.URL, sent.Header)
	}
}

// Counts of bytes have 64 bits, also where an int has 32.
func TestLargeFile(t *testing.T) {
	const size = int64(3 << 30)
	var sent *isojot.Request
	s := newService(t, func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		sent = req
		return &isojot.Response{Status: 200, Header: map[string][]string{"content-type": {"application/json"}},
			Body: []byte(`{"$id":"one","maximumFileSize":3221225472,"totalSize":3221225472,"sizeOriginal":3221225472,"sizeActual":3221225472}`)}, nil
	})
	file, err := s.GetFile(t.Context(), "notes", "one")
	if err != nil {
		t.Fatal(err)
	}
	bucket, err := s.CreateBucket(t.Context(), storage.CreateBucket{Name: "notes", MaximumFileSize: size})
	if err != nil {
		t.Fatal(err)
	}
	if got := [...]int64{file.SizeOriginal, file.SizeActual, bucket.MaximumFileSize, bucket.TotalSize}; got != [...]int64{size, size, size, size} {
		t.Errorf("%v", got)
	}
	if !strings.Contains(string(sent.Body), `"maximumFileSize":3221225472`) {
		t.Errorf("%s", sent.Body)
	}
}

// Content comes as it is, and a page has a URL for it.
func TestPreview(t *testing.T) {
	s := newService(t, func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		if req.Header["accept"] != "image/*" || !req.Stream {
			t.Errorf("%+v", req)
		}
		return &isojot.Response{Status: 200, Header: map[string][]string{"content-type": {"image/webp"}}, Body: []byte("webp")}, nil
	})
	p := storage.GetFilePreview{BucketID: "notes", FileID: "one", Width: 100, Opacity: new(0.0), Output: storage.ImageFormatWebp}
	content, err := s.GetFilePreview(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if text, err := io.ReadAll(content); err != nil || string(text) != "webp" || content.ContentType != "image/webp" {
		t.Errorf("%q, %v", text, err)
	}
	const want = "https://example.com/v1/storage/buckets/notes/files/one/preview?width=100&opacity=0&output=webp&project=demo"
	if url, err := s.FilePreviewURL(p); err != nil || url != want {
		t.Errorf("%s, %v, want %s", url, err, want)
	}
}
