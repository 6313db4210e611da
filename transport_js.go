package isojot

import (
	"context"

	"github.com/isojot/isojot/internal/jsx"
)

// networkHint says what usually is wrong when no answer comes. A page is not
// told which of these it was.
const networkHint = "the server may be down, the endpoint wrong, or this page's origin not allowed there " +
	"(isojot serve --allow-origin URL; in Appwrite, add a web platform)"

// platform fills in what differs below the seam: fetch, and in browsers the
// cookie jar and localStorage.
func platform(c config) config {
	c.transport = fetchTransport{}
	c.jar = jsx.HasCookieJar()
	if c.jar {
		c.storage = jsx.LocalStorage()
	}
	return c
}

// fetchTransport carries requests by the platform's fetch.
type fetchTransport struct{}

// RoundTrip implements Transport.
func (fetchTransport) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	res, err := jsx.Fetch(ctx, jsx.Request{
		Method: req.Method, URL: req.URL, Header: req.Header, Body: req.Body,
		Credentials: credentials(req), MaxBytes: MaxResponseBytes,
	})
	if err != nil {
		return nil, err
	}
	return &Response{Status: res.Status, Header: res.Header, Body: res.Body}, nil
}

// credentials is the credentials mode of fetch. Where there is no cookie jar
// the mode is left unset: some runtimes refuse the member altogether.
func credentials(req *Request) string {
	switch {
	case !jsx.HasCookieJar():
		return ""
	case req.Cookies:
		return "include"
	}
	return "omit"
}
