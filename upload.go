package isojot

import (
	"context"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/isojot/isojot/internal/args"
	"github.com/isojot/isojot/internal/jsonobj"
)

// ChunkSize is how much of a file a request carries: 5 MiB. A file that is no
// larger goes in one.
const ChunkSize = 5 << 20

// defaultParallel is how many chunks are on their way at once unless Upload says
// how many. Each takes ChunkSize bytes of memory.
const defaultParallel = 4

// Upload is a file to be sent, the value of an operation's parameter file or code.
type Upload struct {
	// Name is the file's name.
	Name string
	// Size is how many bytes it has, which servers want to know first. It may be
	// left out where the Reader tells: by Stat, as an io.Seeker, or by Len.
	Size int64
	// Reader holds the file. Of an io.ReaderAt, such as *os.File, chunks are read
	// where they are needed, and several are sent at once; of anything else, such as
	// a pipe, one after the other. Memory is bounded by the chunks on their way.
	//
	// A plain reader, which is no io.ReaderAt and no io.Seeker, has to be at the
	// file's beginning and to end after Size bytes. Of the others Size bytes are
	// sent, from the beginning, wherever they are.
	//
	// The context ends an upload between two calls of Read, which nothing
	// interrupts: a Reader that waits for long should watch the context itself.
	Reader io.Reader
	// Parallel is how many chunks of an io.ReaderAt are on their way at once: 4
	// unless it says otherwise.
	Parallel int
	// Progress, unless it is nil, is called after each chunk, by one goroutine at
	// a time.
	Progress func(UploadProgress)
	// State, unless it is nil, is what the server has of the file, as far as the
	// upload came. An upload that failed goes on where it was with the same
	// State: what it says is not sent again. A plain reader has to be a new one
	// then, and what it begins with is passed over. A State is one file's, and one
	// upload's at a time.
	State *UploadState
}

// UploadProgress is how much of a file the server has.
type UploadProgress struct {
	// ID is the file's, or the deployment's.
	ID string
	// Percent is 0 to 100.
	Percent int
	// Sent counts bytes.
	Sent                        int64
	ChunksTotal, ChunksUploaded int
}

// Upload performs an operation of Routes that takes a file, by name: values are as
// those of CallJSON, and the file is one of them, an Upload or a pointer to one.
//
//	res, err := client.Upload(ctx, "functions.createDeployment", map[string]any{
//		"functionId": "thumbnails", "activate": true,
//		"code": isojot.Upload{Name: "code.tar.gz", Size: size, Reader: file},
//	})
//
// A file of more than ChunkSize bytes is sent in chunks, each a request with the
// checks, tokens and errors of every call. The answer is that to the last one.
// When the context ends, or a request fails, the others are ended too.
func (c *Client) Upload(ctx context.Context, operation string, values map[string]any) (*Response, error) {
	o, err := known(operation)
	if err != nil {
		return nil, err
	}
	if err := checkFiles(o, values); err != nil {
		return nil, err
	}
	return c.DoUpload(ctx, o, values)
}

// DoUpload is Upload for an operation that need not be one of Routes, as Do is Call.
func (c *Client) DoUpload(ctx context.Context, operation Operation, values map[string]any) (*Response, error) {
	u, err := newUpload(c, operation, values)
	if err != nil {
		return nil, err
	}
	giveBack, err := u.takeState()
	if err != nil {
		return nil, err
	}
	defer giveBack()
	res, err := u.run(ctx)
	if e, ok := errors.AsType[*Error](err); ok {
		e.Operation = operation.Name
	}
	return res, err
}

// upload is an upload on its way.
type upload struct {
	client    *Client
	operation Operation
	field     string // the name of the file's
	file      Upload
	source    *source
	params    Params
	path      string      // of the request
	fields    []args.Pair // before the file's
	more      []args.Pair // and after it
	boundary  string

	mu    sync.Mutex
	state *UploadState
	last  *Response // that says most of the file is there
	final bool      // last says that all of it is
}

// newBoundary is what parts the fields of a form: nothing that a file could hold
// on purpose. The generator is seeded by the system; crypto/rand would add 40 kB
// to the browser build.
func newBoundary() string {
	return "isojot-" + strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
}

// checkFiles refuses files that an operation of Routes does not take.
func checkFiles(o Operation, values map[string]any) error {
	_, rest, takes := strings.Cut(uploads, "\n"+o.Name+" ")
	field, _, _ := strings.Cut(rest, "\n")
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch _, file := fileOf(values[name]); {
		case !file || name == field:
			continue
		case !slices.Contains(o.Params, name):
			return unheard(o, name)
		case takes:
			return refuse(o, name, "takes no file; the operation's is "+field)
		}
		return refuse(o, name, "takes no file, as no parameter of "+o.Name+" does; pass a value to CallJSON")
	}
	return nil
}

// fileOf is the file that a value is, or nil for a nil pointer, and whether it is
// one.
func fileOf(value any) (*Upload, bool) {
	switch file := value.(type) {
	case Upload:
		return &file, true
	case *Upload:
		return file, true
	}
	return nil, false
}

func newUpload(c *Client, operation Operation, values map[string]any) (*upload, error) {
	u := &upload{client: c, operation: operation, boundary: newBoundary()}
	rest := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		file, ok := fileOf(values[name])
		if !ok {
			rest[name] = values[name]
			continue
		}
		if err := u.take(name, file); err != nil {
			return nil, err
		}
	}
	if err := u.checkFile(); err != nil {
		return nil, err
	}
	return u, u.write(rest)
}

// open gets ready to read the file, and finds out its size where that is left out.
func (u *upload) open() error {
	u.source = newSource(u.file.Reader)
	if u.file.Size > 0 {
		return nil
	}
	size, err := u.source.size()
	if err != nil {
		return u.unread(err)
	}
	u.file.Size = size
	return nil
}

// take takes the file of an operation, which has one.
func (u *upload) take(name string, file *Upload) error {
	switch {
	case !slices.Contains(u.operation.Params, name):
		return unheard(u.operation, name)
	case u.operation.InPath(name):
		return refuse(u.operation, name, "takes no file, being part of the path; pass its text")
	case u.field != "":
		return refuse(u.operation, name, "a second file, beside "+u.field+"; send each in a call of its own")
	case file == nil:
		return refuse(u.operation, name, "nil; pass an isojot.Upload")
	}
	u.field, u.file = name, *file
	return nil
}

func (u *upload) checkFile() error {
	switch {
	case u.field == "":
		return refuse(u.operation, "file", "missing; pass an isojot.Upload")
	case u.file.Size < 0:
		return refuse(u.operation, u.field+".Size", "below 0; pass how many bytes the file has")
	case u.file.Reader == nil:
		return refuse(u.operation, u.field+".Reader", "nil; pass what the file is read from")
	case u.file.Name == "":
		return refuse(u.operation, u.field+".Name", "empty; pass the file's name")
	}
	return nil
}

// write writes the other parameters down, in their order.
func (u *upload) write(values map[string]any) error {
	form := u.operation
	form.Params = slices.DeleteFunc(slices.Clone(form.Params), func(name string) bool { return name == u.field })
	params, err := Encode(form, values) // which checks them
	if err != nil {
		return err
	}
	u.params = Params{Path: params.Path, Header: map[string]string{}}
	maps.Copy(u.params.Header, params.Header)
	_, pattern, _ := strings.Cut(u.operation.Pattern, " ")
	path, wrong := u.client.cfg().expand(pattern, params.Path)
	if wrong != nil {
		wrong.Operation = u.operation.Name
		return wrong
	}
	u.path = path
	into := &u.fields
	for _, name := range u.operation.Params {
		switch value := values[name]; {
		case name == u.field:
			into = &u.more
		case !u.operation.InPath(name) && !args.Absent(value):
			pairs, err := args.Form(name, value)
			if err != nil {
				return refuse(u.operation, name, err.Error())
			}
			*into = append(*into, pairs...)
		}
	}
	return nil
}

// chunks is how many requests the file takes.
func (u *upload) chunks() int { return int(max(1, (u.file.Size+ChunkSize-1)/ChunkSize)) }

func (u *upload) run(ctx context.Context) (*Response, error) {
	if err := u.open(); err != nil {
		return nil, err
	}
	if err := u.checkState(); err != nil {
		return nil, err
	}
	left := u.left()
	if len(left) == 0 {
		return nil, refuse(u.operation, u.field+".State", "the server has all of the file: get it by its id "+quote(u.state.ID)+" (State.ID), or pass a new UploadState to send it again")
	}
	if left[0] == 0 { // whose answer has the id of the others
		if err := u.send(ctx, 0); err != nil {
			return nil, err
		}
		left = left[1:]
	}
	if err := u.sendAll(ctx, left); err != nil {
		return nil, err
	}
	return u.last, nil
}

// left are the numbers of the chunks that the server has not.
func (u *upload) left() []int {
	var left []int
	for i := range u.chunks() {
		if !slices.Contains(u.state.Chunks, i) {
			left = append(left, i)
		}
	}
	return left
}

// sendAll sends chunks, several at once where the file can be read so. The first
// error ends the others, and so does the first panic, of Progress or the Reader: it
// goes on in the caller's goroutine, where it can be recovered from.
func (u *upload) sendAll(ctx context.Context, left []int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var first outcome
	queue := make(chan int, len(left))
	for _, i := range left {
		queue <- i
	}
	close(queue)
	var workers sync.WaitGroup
	for range min(u.parallel(), len(left)) {
		workers.Go(func() {
			out := outcome{exited: true}
			defer func() {
				out.panicked = recover()
				if out.exited || out.err != nil {
					u.mu.Lock()
					first = first.or(out)
					u.mu.Unlock()
					cancel()
				}
			}()
			out.err = u.sendQueue(ctx, queue)
			out.exited = false
		})
	}
	workers.Wait()
	return first.goOn()
}

// sendQueue sends the chunks of the queue, up to the first error.
func (u *upload) sendQueue(ctx context.Context, queue <-chan int) error {
	for i := range queue {
		if err := u.send(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// outcome is how a goroutine ended: by an error or nil, a panic, or else by
// runtime.Goexit.
type outcome struct {
	err      error
	panicked any
	exited   bool // it did not return
}

// or is the outcome of both: the first one that did not return, or else the first
// error.
func (o outcome) or(later outcome) outcome {
	if o.exited || o.err != nil && !later.exited {
		return o
	}
	return later
}

// goOn has the calling goroutine end in the same way.
func (o outcome) goOn() error {
	switch {
	case o.panicked != nil:
		panic(o.panicked)
	case o.exited:
		runtime.Goexit()
	}
	return o.err
}

func (u *upload) parallel() int {
	switch {
	case u.source.at == nil:
		return 1
	case u.file.Parallel > 0:
		return u.file.Parallel
	}
	return defaultParallel
}

// send sends a chunk, and takes note of the answer.
func (u *upload) send(ctx context.Context, i int) error {
	if err := ended(ctx); err != nil {
		return err
	}
	start := int64(i) * ChunkSize
	end := min(start+ChunkSize, u.file.Size)
	body, err := u.body(start, end)
	if err := ended(ctx); err != nil { // which a reader may have waited for
		return err
	}
	if err != nil {
		return err
	}
	p := u.params
	p.Body, p.Header = body, maps.Clone(u.params.Header)
	p.Header["content-type"] = "multipart/form-data; boundary=" + u.boundary
	if u.chunks() > 1 {
		p.Header["content-range"] = "bytes " + strconv.FormatInt(start, 10) + "-" + strconv.FormatInt(end-1, 10) + "/" + strconv.FormatInt(u.file.Size, 10)
	}
	if i > 0 {
		p.Header["x-appwrite-id"] = u.state.ID
	}
	res, err := u.client.Do(ctx, u.operation, p)
	if err != nil {
		return err
	}
	return u.note(i, res)
}

// ended is the error of an upload whose context is over, or nil.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &Error{Type: ErrCanceled, Message: "the upload was ended: " + err.Error(), cause: err}
	}
	return nil
}

// body is the form of a request with the bytes from start to end.
func (u *upload) body(start, end int64) ([]byte, error) {
	var head strings.Builder
	u.writeFields(&head, u.fields)
	head.WriteString("--" + u.boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted.Replace(u.field) +
		"\"; filename=\"" + quoted.Replace(u.file.Name) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
	var tail strings.Builder
	tail.WriteString("\r\n")
	u.writeFields(&tail, u.more)
	tail.WriteString("--" + u.boundary + "--\r\n")

	body := make([]byte, head.Len()+int(end-start)+tail.Len())
	n := copy(body, head.String())
	chunk := body[n : n+int(end-start)]
	copy(body[n+len(chunk):], tail.String())
	if u.source.plain() {
		u.state.reader = u.file.Reader
	}
	err := u.source.read(chunk, start)
	if err == nil && end == u.file.Size {
		err = u.source.moreThan(end)
	}
	if err != nil {
		return nil, u.unread(err)
	}
	return body, nil
}

func (u *upload) writeFields(b *strings.Builder, fields []args.Pair) {
	for _, f := range fields {
		b.WriteString("--" + u.boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted.Replace(f.Name) + "\"\r\n\r\n" + f.Text + "\r\n")
	}
}

// quoted is how names stand in a form (HTML, multipart/form-data).
var quoted = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// note takes in that the server has a chunk.
func (u *upload) note(i int, res *Response) error {
	file, err := jsonobj.Parse(string(res.Body))
	id, ok := file.String("$id")
	if err != nil || !ok || id == "" {
		return &Error{Type: ErrBadResponse, Code: res.Status, Response: string(res.Body),
			Message: "the answer to a chunk has no $id: check the endpoint"}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if i == 0 {
		u.state.ID = id
	}
	u.state.Chunks = append(u.state.Chunks, i)
	uploaded, _ := file.Int("chunksUploaded")
	total, known := file.Int("chunksTotal")
	complete := known && uploaded >= total
	if !u.final {
		u.last, u.final = res, complete
	}
	if u.file.Progress != nil {
		u.file.Progress(u.progress())
	}
	return nil
}

func (u *upload) progress() UploadProgress {
	p := UploadProgress{ID: u.state.ID, Percent: 100, ChunksTotal: u.chunks(), ChunksUploaded: len(u.state.Chunks)}
	for _, i := range u.state.Chunks {
		p.Sent += min(ChunkSize, u.file.Size-int64(i)*ChunkSize)
	}
	if u.file.Size > 0 {
		p.Percent = int((p.Sent*200 + u.file.Size) / (2 * u.file.Size)) // rounded
	}
	return p
}
