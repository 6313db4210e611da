package isojot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// half is the state, as it is stored, of an upload of which the server has the first
// of three chunks.
func half(t *testing.T) (file sparse, stored string) {
	t.Helper()
	file = sparse{3 * isojot.ChunkSize}
	c := &contents{t: t}
	state := &isojot.UploadState{}
	err := c.upload(isojot.Upload{Name: "a", Size: file.size, Reader: file.reader(), Parallel: 1, State: state,
		Progress: func(isojot.UploadProgress) { c.fail = errors.New("busy") }})
	if !errors.Is(err, isojot.ErrNetwork) {
		t.Fatal(err)
	}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return file, string(text)
}

// restored is the state again.
func restored(t *testing.T, stored string) *isojot.UploadState {
	t.Helper()
	state := &isojot.UploadState{}
	if err := json.Unmarshal([]byte(stored), state); err != nil {
		t.Fatal(err)
	}
	return state
}

// The state of one file is refused for any other, and stays what it is.
func TestUploadStateOfAnotherFile(t *testing.T) {
	file, stored := half(t)
	call := func(c *contents, operation, bucket, name string, size int64, state *isojot.UploadState) error {
		values := map[string]any{"bucketId": bucket, "fileId": "f", "file": isojot.Upload{Name: name, Size: size, Reader: file.reader(), State: state}}
		if operation == "functions.createDeployment" {
			values = map[string]any{"functionId": bucket, "activate": true, "code": values["file"]}
		}
		_, err := newClient(t, isojot.WithTransport(c), isojot.WithKey("k")).Upload(t.Context(), operation, values)
		return err
	}
	for _, tc := range []struct {
		operation, bucket, name string
		size                    int64
		want                    string
	}{
		{"storage.createFile", "b", "a", file.size - 1, `file.State: of another file: its size is "15728640", this one's "15728639"; pass a new UploadState`},
		{"storage.createFile", "b", "b", file.size, `its name is "a", this one's "b"`},
		{"storage.createFile", "c", "a", file.size, `its path is "/storage/buckets/b/files", this one's "/storage/buckets/c/files"`},
		{"functions.createDeployment", "b", "a", file.size, `code.State: of another file: its operation is "storage.createFile"`},
		{"storage.createFile", "b", "a", file.size, ""},
	} {
		c, state := &contents{t: t}, restored(t, stored)
		err := call(c, tc.operation, tc.bucket, tc.name, tc.size, state)
		if tc.want == "" {
			if err != nil || len(c.sent) != 2 || c.headers[0]["x-appwrite-id"] != "one" {
				t.Errorf("the same file: %v, %d chunks", err, len(c.sent))
			}
			continue
		}
		wants(t, err, tc.want)
		if again, err := json.Marshal(state); err != nil || string(again) != stored || len(c.sent) > 0 {
			t.Errorf("%s: %d chunks, %s, %v", tc.want, len(c.sent), again, err)
		}
	}
	wants(t, call(&contents{t: t}, "storage.createFile", "b", "a", file.size, &isojot.UploadState{ID: "one", Chunks: []int{0}}), "file.State: of another file: its operation is \"\"")
}

// Numbers of chunks that the file has not, or twice, are passed over.
func TestUploadStateOutOfRange(t *testing.T) {
	file, stored := half(t)
	c, state := &contents{t: t}, restored(t, strings.Replace(stored, `"chunks":[0]`, `"chunks":[99,1,0,-1,1,3]`, 1))
	var progress []isojot.UploadProgress
	err := c.upload(isojot.Upload{Name: "a", Size: file.size, Reader: file.reader(), State: state, Progress: func(p isojot.UploadProgress) { progress = append(progress, p) }})
	want := isojot.UploadProgress{ID: "one", Percent: 100, Sent: file.size, ChunksTotal: 3, ChunksUploaded: 3}
	if err != nil || len(c.sent) != 1 || !slices.Equal(progress, []isojot.UploadProgress{want}) || !slices.Equal(state.Chunks, []int{0, 1, 2}) {
		t.Errorf("%v, %d chunks, %+v, %+v", err, len(c.sent), progress, state)
	}
}

// A state is one upload's at a time.
func TestUploadStateInUse(t *testing.T) {
	c := &contents{t: t}
	state := &isojot.UploadState{}
	other := sparse{2 * isojot.ChunkSize}
	var second error
	err := c.upload(isojot.Upload{Name: "a", Size: other.size, Reader: other.reader(), State: state, Progress: func(p isojot.UploadProgress) {
		if p.ChunksUploaded == 1 {
			copied := *state // which is nobody's
			second = (&contents{t: t}).upload(isojot.Upload{Name: "a", Size: other.size, Reader: other.reader(), State: state})
			if err := (&contents{t: t}).upload(isojot.Upload{Name: "a", Size: other.size, Reader: other.reader(), State: &copied}); err != nil {
				t.Error(err)
			}
		}
	}})
	if err != nil || len(state.Chunks) != 2 {
		t.Errorf("%v, %+v", err, state)
	}
	wants(t, second, "file.State: in use by another upload")
	wants(t, c.upload(isojot.Upload{Name: "a", Size: other.size, Reader: other.reader(), State: state}), `get it by its id "one" (State.ID)`)
}

// What panics in a Progress, or in a Reader, panics in whoever called.
func TestUploadPanics(t *testing.T) {
	file := sparse{4 * isojot.ChunkSize}
	for _, at := range []int{1, 2} {
		state := &isojot.UploadState{}
		upload := isojot.Upload{Name: "a", Size: file.size, Reader: file.reader(), Parallel: 1, State: state, Progress: func(p isojot.UploadProgress) {
			if p.ChunksUploaded == at {
				panic(fmt.Sprint("chunk ", at))
			}
		}}
		func() {
			defer func() {
				if got := recover(); got != fmt.Sprint("chunk ", at) {
					t.Errorf("chunk %d: recovered %v", at, got)
				}
			}()
			t.Errorf("chunk %d: returned %v", at, (&contents{t: t}).upload(upload))
		}()
		upload.Progress = nil
		if err := (&contents{t: t}).upload(upload); err != nil {
			t.Errorf("after the panic: %v", err)
		}
	}
	// A panic is not lost because a request failed before it.
	arrived, failed := make(chan struct{}), make(chan struct{})
	transport := isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		switch req.Header["content-range"] {
		case "bytes 0-5242879/10485761":
			return answer(201, `{"$id":"one"}`), nil
		case "bytes 5242880-10485759/10485761":
			<-arrived
			return nil, errors.New("busy")
		}
		close(arrived)
		<-ctx.Done() // which the other chunk's failure ends
		close(failed)
		return answer(201, `{"$id":"one"}`), nil
	})
	func() {
		defer func() {
			if got := recover(); got != "late" {
				t.Errorf("recovered %v", got)
			}
		}()
		_, err := newClient(t, isojot.WithTransport(transport), isojot.WithKey("k")).Upload(t.Context(), "storage.createFile", map[string]any{
			"bucketId": "b", "fileId": "f", "file": isojot.Upload{Name: "a", Size: 2*isojot.ChunkSize + 1, Reader: file.reader(), Progress: func(isojot.UploadProgress) {
				select {
				case <-failed:
					panic("late")
				default:
				}
			}},
		})
		t.Errorf("returned %v", err)
	}()
	ended := make(chan bool)
	go func() {
		returned := false
		defer func() { ended <- !returned }()
		(&contents{t: t}).upload(isojot.Upload{Name: "a", Size: file.size, Reader: file.reader(), Progress: func(p isojot.UploadProgress) {
			if p.ChunksUploaded == 2 {
				runtime.Goexit() // as t.FailNow does
			}
		}})
		returned = true
	}()
	if !<-ended {
		t.Error("a Progress that ended its goroutine ended in an answer")
	}
}
