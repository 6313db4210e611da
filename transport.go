package isojot

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/isojot/isojot/internal/mask"
)

// Transport carries one request to the endpoint and brings back its answer:
// the seam between the shared client and the platform below it. Natively the
// default is net/http, in the browser and under Node it is fetch.
//
// An implementation must be safe for concurrent use, must not follow
// redirects, must not keep cookies of its own natively, and must return when
// ctx ends. It returns an error only when there was no answer; an answer of
// any status is a Response. An *Error is what the caller gets; any other is
// ErrNetwork.
type Transport interface {
	RoundTrip(ctx context.Context, req *Request) (*Response, error)
}

// Transport returns what carries c's requests, so that a copy of c can wrap it
// (WithTransport).
func (c *Client) Transport() Transport { return c.cfg().transport }

// TransportFunc lets a function be a Transport.
type TransportFunc func(ctx context.Context, req *Request) (*Response, error)

// RoundTrip calls f.
func (f TransportFunc) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	return f(ctx, req)
}

// Request is one call on the wire.
type Request struct {
	// Method is the HTTP method, in upper case.
	Method string
	// URL is absolute.
	URL string
	// Header holds one value a name; names are in lower case.
	Header map[string]string
	// Body is nil when there is none.
	Body []byte
	// Cookies reports whether the platform's cookie jar goes along: the
	// credentials mode of fetch ("include" or "omit"). It is true on the
	// session lane only. Native transports have no jar and ignore it.
	Cookies bool
	// Stream says that the body of a successful answer may come as Stream
	// instead of Body. A transport may pass over it.
	Stream bool
}

// line is the method and the URL for an error, without the values of the query:
// a token for a file may be among them.
func (r *Request) line() string { return r.Method + " " + r.place() }

func (r *Request) place() string {
	place, _, query := strings.Cut(r.URL, "?")
	if query {
		place += "?" + mask.Text
	}
	return place
}

// Response is the answer to a Request.
type Response struct {
	// Status is the HTTP status code.
	Status int
	// Header holds every value of a name; names are in lower case.
	Header map[string][]string
	// Body is complete; it is at most MaxResponseBytes long.
	Body []byte
	// Stream, where it is set, is the body instead of Body: of a 2xx answer to a
	// Request that asked for it. Whoever has it closes it, and it ends with the
	// request's context. Of an answer that is an error it is closed unread.
	Stream io.ReadCloser
}

// MaxResponseBytes bounds the body a transport reads: 64 MiB. The largest
// answer of the API is an execution with a body of 10 MiB, escaped in JSON.
const MaxResponseBytes = 64 << 20

// Get returns the first value of the header with that lower-case name, or "".
func (r *Response) Get(name string) string {
	if v := r.Header[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// answering is a Transport of somebody's own, which may forget to answer.
type answering struct{ Transport }

// RoundTrip implements Transport.
func (a answering) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	res, err := a.Transport.RoundTrip(ctx, req)
	if res == nil && err == nil {
		err = errors.New("the client's Transport returned neither an answer nor an error: have it return one of them")
	}
	return res, err
}
