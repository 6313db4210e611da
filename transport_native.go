//go:build !js

package isojot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
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

// RoundTrip implements Transport.
func (t *httpTransport) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	hreq, err := http.NewRequestWithContext(ctx, req.Method, req.URL, bytes.NewReader(req.Body))
	if err != nil {
		return nil, err
	}
	for name, value := range req.Header {
		hreq.Header.Set(name, value)
	}
	hres, err := t.client.Do(hreq)
	if err != nil {
		return nil, err
	}
	defer hres.Body.Close()
	body, err := io.ReadAll(io.LimitReader(hres.Body, MaxResponseBytes+1))
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
