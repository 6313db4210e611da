//go:build !js

package isojot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/idle"
)

// errTooLarge is a body of more than MaxResponseBytes.
var errTooLarge = errors.New("the answer is larger than 64 MiB")

// platform fills in what differs below the seam: net/http, and no storage, so
// that a client shared by several users remembers nobody.
func platform(c config) config {
	c.transport = &httpTransport{&http.Client{Timeout: defaultTimeout, CheckRedirect: noRedirect}}
	return c
}

// defaultTimeout bounds a call whose context sets no earlier end: 60 s. The
// longest answer of the API, a synchronous execution, takes 30 s.
const defaultTimeout = 60 * time.Second

// WithHTTPClient makes the client use hc's transport and timeout. Its cookie
// jar, if any, is not used: it would send one user's session with another's
// request. Redirects are not followed, since credentials would go along.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		if hc == nil {
			return invalid("HTTP client: nil; leave the option out to use the default")
		}
		own := *hc
		own.Jar = nil
		own.CheckRedirect = noRedirect
		c.transport = &httpTransport{&own}
		return nil
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// httpTransport carries requests by net/http.
type httpTransport struct{ client *http.Client }

// largeBody is the size from which a request's body may rightly take longer than
// the client's timeout: 1 MiB, as chunks of uploads have and little else.
const largeBody = 1 << 20

// RoundTrip implements Transport.
func (t *httpTransport) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	if t.client.Timeout > 0 && (req.Stream || len(req.Body) > largeBody) {
		return t.watched(ctx, req)
	}
	hres, err := carry(ctx, t.client, req, func(body io.ReadCloser) io.ReadCloser { return body })
	if err != nil {
		return nil, err
	}
	if streams(req, hres) {
		return &Response{Status: hres.StatusCode, Header: lowerNames(hres.Header), Stream: hres.Body}, nil
	}
	return whole(hres, hres.Body)
}

// watched is RoundTrip where much goes over the wire: the timeout then bounds the
// time in which nothing does.
func (t *httpTransport) watched(ctx context.Context, req *Request) (*Response, error) {
	client := *t.client
	client.Timeout = 0
	w := idle.Watch(ctx, t.client.Timeout)
	hres, err := carry(w.Context(), &client, req, w.Body)
	if err == nil && streams(req, hres) {
		return &Response{Status: hres.StatusCode, Header: lowerNames(hres.Header), Stream: w.Stream(hres.Body)}, nil
	}
	defer w.End()
	if err != nil {
		return nil, w.Explain(err)
	}
	return whole(hres, w.Body(hres.Body))
}

// carry sends the request; the body goes by way of watch.
func carry(ctx context.Context, client *http.Client, req *Request, watch func(io.ReadCloser) io.ReadCloser) (*http.Response, error) {
	hreq, err := http.NewRequestWithContext(ctx, req.Method, req.URL, bytes.NewReader(req.Body))
	if err != nil {
		return nil, err
	}
	if len(req.Body) > 0 { // else net/http has to know that there is none
		hreq.Body = watch(hreq.Body)
	}
	for name, value := range req.Header {
		hreq.Header.Set(name, value)
	}
	return client.Do(hreq)
}

// withoutURL is what an error of net/http says of its cause: the error itself
// quotes the URL, whose query may hold a token.
func withoutURL(err error) error {
	if of, ok := errors.AsType[*url.Error](err); ok {
		return of.Err
	}
	return err
}

// unquoted is the text of an error without the query of the request's URL, which
// a transport of somebody's own may quote.
func unquoted(text string, req *Request) string {
	return strings.ReplaceAll(text, req.URL, req.place())
}

// streams reports whether the answer is left to be read.
func streams(req *Request, hres *http.Response) bool { return req.Stream && hres.StatusCode/100 == 2 }

// whole reads the answer.
func whole(hres *http.Response, content io.ReadCloser) (*Response, error) {
	defer content.Close()
	body, err := io.ReadAll(io.LimitReader(content, MaxResponseBytes+1))
	if err == nil && len(body) > MaxResponseBytes {
		err = errTooLarge
	}
	if err != nil {
		return nil, err
	}
	return &Response{Status: hres.StatusCode, Header: lowerNames(hres.Header), Body: body}, nil
}

func lowerNames(h http.Header) map[string][]string {
	lower := make(map[string][]string, len(h))
	for name, values := range h {
		lower[strings.ToLower(name)] = values
	}
	return lower
}
