package isojot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"sync/atomic"
)

// Download is the content that an operation answers with. Whoever has it reads it
// and closes it; it ends with the context of the call. Errors of Read are *Error:
// after Close ErrClosed, and fs.ErrClosed.
type Download struct {
	io.ReadCloser
	// ContentType is the media type, or "" where the answer names none.
	ContentType string
	// Size is how many bytes there are, or -1 where the answer does not say.
	Size int64
}

// Open performs an operation of Routes by name, and leaves the content that it
// answers with to be read: natively as it comes, however large it is. Where Go
// runs in JavaScript, and with a Transport that does not stream, it has been read
// already and is at most MaxResponseBytes long.
func (c *Client) Open(ctx context.Context, operation string, p Params) (*Download, error) {
	o, err := known(operation)
	if err != nil {
		return nil, err
	}
	return c.DoOpen(ctx, o, p)
}

// DoOpen is Open for an operation that need not be one of Routes, as Do is Call.
func (c *Client) DoOpen(ctx context.Context, operation Operation, p Params) (*Download, error) {
	operation.Answer = answerStream
	res, err := c.Do(ctx, operation, asked(operation.Route, p))
	if err != nil {
		return nil, err
	}
	d := &Download{ContentType: res.Get("content-type"), Size: int64(len(res.Body))}
	if res.Stream == nil {
		d.ReadCloser = &download{ReadCloser: io.NopCloser(bytes.NewReader(res.Body)), ctx: ctx, operation: operation.Name}
		return d, nil
	}
	d.ReadCloser = &download{ReadCloser: res.Stream, ctx: ctx, operation: operation.Name}
	if d.Size, err = strconv.ParseInt(res.Get("content-length"), 10, 64); err != nil {
		d.Size = -1
	}
	return d, nil
}

// download reads content whose answer has begun.
type download struct {
	io.ReadCloser
	ctx       context.Context
	operation string
	closed    atomic.Bool
}

// Close implements io.Closer.
func (d *download) Close() error {
	d.closed.Store(true)
	return d.ReadCloser.Close()
}

// Read implements io.Reader.
func (d *download) Read(p []byte) (int, error) {
	if d.closed.Load() {
		return 0, d.afterClose()
	}
	n, err := d.ReadCloser.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	if d.closed.Load() { // while it was read
		return n, d.afterClose()
	}
	e := &Error{Operation: d.operation, Type: ErrNetwork, Reason: ReasonNetwork, cause: err,
		Message: "the content broke off: " + err.Error() + ". Open it again"}
	if own := d.ctx.Err(); own != nil {
		e.Type, e.Reason, e.cause, e.Message = ErrCanceled, ReasonUnknown, own, "the content was not read to its end: "+own.Error()
	} else if known, ok := errors.AsType[*Error](err); ok {
		e = known
	}
	return n, e
}

func (d *download) afterClose() error {
	return &Error{Operation: d.operation, Type: ErrClosed, Reason: ReasonUnknown, cause: fs.ErrClosed,
		Message: "the content was closed before it was read to its end. Open it again"}
}
