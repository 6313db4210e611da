//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"strconv"

	"github.com/hack-pad/safejs"

	"github.com/isojot/isojot/internal/ascii"
)

// Request is a call of fetch.
type Request struct {
	Method, URL string
	// Header has names in lower case.
	Header map[string]string
	Body   []byte
	// Credentials is fetch's mode, or "" to leave it unset.
	Credentials string
	// MaxBytes bounds the body of the answer.
	MaxBytes int
}

// Response is the answer to a Request. Its Status is 0 for a redirect that a
// browser does not show.
type Response struct {
	Status int
	// Header has names in lower case.
	Header map[string][]string
	Body   []byte
}

// Fetch performs the request and reads the whole answer. Redirects are not
// followed. When the context ends the request is aborted.
func Fetch(ctx context.Context, req Request) (*Response, error) {
	controller, err := Global("AbortController").New()
	if err != nil {
		return nil, plain(err)
	}
	defer func() {
		if ctx.Err() != nil {
			_, _ = controller.Call("abort") // which cannot fail
		}
	}()
	init := initOf(req, Get(controller, "signal"))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	answer, err := fetch(ctx, req.URL, init)
	if err != nil {
		return nil, err
	}
	return read(ctx, answer, req.MaxBytes)
}

func fetch(ctx context.Context, url string, init *Object) (Value, error) {
	if init.err != nil {
		return Value{}, plain(init.err)
	}
	return wait(ctx, safejs.Global(), "fetch", url, init.value)
}

// wait calls a method that returns a promise, and waits for it.
func wait(ctx context.Context, object Value, method string, args ...any) (Value, error) {
	promise, err := object.Call(method, args...)
	if err != nil {
		return Value{}, plain(err)
	}
	return Await(ctx, promise)
}

// Probe reports whether anything answers at the URL. The browser keeps the
// answer from the program, and so asks nobody's permission.
func Probe(ctx context.Context, url string) bool {
	o := New("Object")
	o.Set("mode", "no-cors")
	o.Set("credentials", "omit")
	o.Set("cache", "no-store")
	_, err := fetch(ctx, url, o)
	return err == nil
}

// initOf makes the second argument of fetch.
func initOf(req Request, signal Value) *Object {
	header := New("Object")
	for name, value := range req.Header {
		header.Set(name, value)
	}
	o := New("Object")
	o.Set("method", req.Method)
	o.Set("headers", header)
	o.Set("redirect", "manual")
	o.Set("signal", signal)
	if req.Credentials != "" {
		o.Set("credentials", req.Credentials)
	}
	if req.Body != nil {
		o.Set("body", bytesToJS(req.Body))
	}
	return o
}

func bytesToJS(b []byte) *Object {
	o := New("Uint8Array", len(b))
	if o.err == nil {
		_, o.err = safejs.CopyBytesToJS(o.value, b)
	}
	return o
}

func read(ctx context.Context, answer Value, max int) (*Response, error) {
	status, err := Get(answer, "status").Int()
	if err != nil {
		return nil, err
	}
	header, err := headerOf(answer)
	if err != nil {
		return nil, plain(err)
	}
	buffer, err := wait(ctx, answer, "arrayBuffer")
	if err != nil {
		return nil, err
	}
	body, err := bytesToGo(buffer, max)
	return &Response{Status: status, Header: header, Body: body}, err
}

func bytesToGo(buffer Value, max int) ([]byte, error) {
	array, err := Global("Uint8Array").New(buffer)
	if err != nil {
		return nil, plain(err)
	}
	n, err := array.Length()
	if err != nil {
		return nil, err
	}
	if n > max {
		return nil, errors.New("the answer has " + strconv.Itoa(n) + " bytes, more than the " + strconv.Itoa(max) + " that are read")
	}
	body := make([]byte, n)
	_, err = safejs.CopyBytesToGo(body, array)
	return body, err
}

// headerOf reads the headers that the platform shows. DOMs that are emulated for
// tests show their names as the server wrote them.
func headerOf(answer Value) (map[string][]string, error) {
	pairs, err := elements(Global("Array").Call("from", Get(answer, "headers")))
	header := make(map[string][]string, len(pairs))
	for _, pair := range pairs {
		name := ascii.Lower(String(Get(pair, "0")))
		header[name] = append(header[name], String(Get(pair, "1")))
	}
	return header, err
}
