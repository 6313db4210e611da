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
	init, err := initOf(req, Get(controller, "signal"))
	if err != nil {
		return nil, plain(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	promise, err := safejs.Global().Call("fetch", req.URL, init)
	if err != nil {
		return nil, plain(err)
	}
	answer, err := Await(ctx, promise)
	if err != nil {
		return nil, err
	}
	return read(ctx, answer, req.MaxBytes)
}

// Probe reports whether anything answers at the URL. The browser keeps the
// answer from the program, and so asks nobody's permission.
func Probe(ctx context.Context, url string) bool {
	init, err := Object(map[string]any{"mode": "no-cors", "credentials": "omit", "cache": "no-store"})
	if err != nil {
		return false
	}
	promise, err := safejs.Global().Call("fetch", url, init)
	if err != nil {
		return false
	}
	_, err = Await(ctx, promise)
	return err == nil
}

// initOf makes the second argument of fetch.
func initOf(req Request, signal Value) (Value, error) {
	header := make(map[string]any, len(req.Header))
	for name, value := range req.Header {
		header[name] = value
	}
	members := map[string]any{"method": req.Method, "headers": header, "redirect": "manual", "signal": signal}
	if req.Credentials != "" {
		members["credentials"] = req.Credentials
	}
	init, err := Object(members)
	if err != nil {
		return Value{}, err
	}
	if req.Body == nil {
		return init, nil
	}
	body, err := bytesToJS(req.Body)
	if err != nil {
		return Value{}, err
	}
	return init, init.Set("body", body)
}

func bytesToJS(b []byte) (Value, error) {
	array, err := Global("Uint8Array").New(len(b))
	if err != nil {
		return Value{}, err
	}
	_, err = safejs.CopyBytesToJS(array, b)
	return array, err
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
	promise, err := answer.Call("arrayBuffer")
	if err != nil {
		return nil, plain(err)
	}
	buffer, err := Await(ctx, promise)
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
	pairs, err := Global("Array").Call("from", Get(answer, "headers"))
	if err != nil {
		return nil, err
	}
	n, err := pairs.Length()
	if err != nil {
		return nil, err
	}
	header := make(map[string][]string, n)
	for i := range n {
		pair, err := pairs.Index(i)
		if err != nil {
			return nil, err
		}
		name := ascii.Lower(String(Get(pair, "0")))
		header[name] = append(header[name], String(Get(pair, "1")))
	}
	return header, nil
}
