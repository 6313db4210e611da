//go:build !js

package storage_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/services/storage"
)

// A service keeps files for the user whose JWT a request brings. A large one goes in
// chunks; what failed is gone on with, and not begun anew.
func Example() {
	base, done := standIn() // isojot.NewClient(endpoint, project), made once
	defer done()
	ctx, jwt := context.Background(), "eyJh.eyJ1c2VySWQiOiJhbm4ifQ.c2ln" // of the request

	client, err := base.With(isojot.WithJWT(jwt))
	if err != nil {
		fmt.Println(err)
		return
	}
	files := storage.New(client)

	photo := strings.NewReader(strings.Repeat("photo ", 1<<21)) // an *os.File, for one
	state := &isojot.UploadState{}
	upload := storage.CreateFile{
		BucketID: "photos",
		File: isojot.Upload{
			Name: "photo.jpg", Size: photo.Size(), Reader: photo, State: state,
			Progress: func(p isojot.UploadProgress) { fmt.Println(p.ChunksUploaded, "of", p.ChunksTotal) },
		},
		Permissions: []string{`read("user:ann")`},
	}
	file, err := files.CreateFile(ctx, upload)
	if err != nil { // sends the chunks that are left
		file, err = files.CreateFile(ctx, upload)
	}
	if err != nil {
		fmt.Println(err)
		return
	}

	preview, err := files.GetFilePreview(ctx, storage.GetFilePreview{BucketID: "photos", FileID: file.ID, Width: 200})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer preview.Close()
	image, err := io.ReadAll(preview) // or io.Copy to whoever asked
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(preview.ContentType, len(image))

	url, err := files.FilePreviewURL(storage.GetFilePreview{BucketID: "photos", FileID: file.ID, Width: 200})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.HasSuffix(url, "/storage/buckets/photos/files/one/preview?width=200&project=demo"))
	// Output:
	// 1 of 3
	// 2 of 3
	// 3 of 3
	// image/jpeg 3
	// true
}

// Bounds are the context's: what is not sent in a minute is ended here.
func ExampleService_CreateFile() {
	base, done := standIn()
	defer done()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	file, err := storage.New(base).CreateFile(ctx, storage.CreateFile{
		BucketID: "notes", File: isojot.Upload{Name: "note.txt", Size: 5, Reader: strings.NewReader("hello")},
	})
	fmt.Println(file.ID, err)
	// Output: one <nil>
}

// standIn is a client of a server that stands in for Appwrite's.
func standIn() (*isojot.Client, func()) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Type", "image/jpeg")
			io.WriteString(w, "jpg")
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			panic(err)
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"$id":"one","name":"photo.jpg"}`)
	}))
	client, err := isojot.NewClient(srv.URL+"/v1", "demo")
	if err != nil {
		panic(err)
	}
	return client, srv.Close
}
