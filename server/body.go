package server

import (
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/wire"
)

// readParams reads the parameters: of the query for GET, of the body
// otherwise, by its content type, and the body as it was sent. A body that
// does not parse has no parameters: SDKs send "{}" and "[]" where there is
// nothing to say (contract section 1).
func (c *call) readParams() (wire.Params, []byte, error) {
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		p, err := wire.QueryParams(c.r.URL.RawQuery)
		return p, nil, err
	}
	body, err := c.readBody(max(c.ep.maxBody, wire.MaxBody))
	if err != nil {
		return wire.Params{}, nil, err
	}
	kind := c.r.Header.Get("Content-Type")
	if c.ep.maxBody > wire.MaxBody {
		p, err := wire.LargeParams(kind, body)
		return p, body, err
	}
	// Read, the parameters take as much again.
	if err := c.memory().hold(len(body)); err != nil {
		return wire.Params{}, nil, err
	}
	p, err := wire.BodyParams(kind, body)
	return p, body, err
}

// firstBuffer is what is made ready for a body, in bytes, whatever length it
// announces.
const firstBuffer = 512

// readBody reads the body of the request, up to a bound in bytes. What is read
// has its place in the memory, which grows with it, and is never more than
// twice as large.
func (c *call) readBody(most int) ([]byte, error) {
	body := make([]byte, 0, min(firstBuffer, c.announced(most)))
	for {
		n, err := c.r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > most:
			return nil, wire.Failf(isojot.ErrBadRequest, "The request body is larger than %d bytes (%d KiB), the most this server reads. Send a smaller body.", most, most>>10)
		case err == io.EOF:
			return body, nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, wire.Failf(isojot.ErrBadRequest, "The request body came too slowly: this server waits %v for each %d bytes of it. Send it faster.", c.s.pace.read, c.s.pace.readBytes)
		case err != nil:
			return nil, wire.Failf(isojot.ErrBadRequest, "The request body ended early. Send it completely.")
		}
		if len(body) == cap(body) {
			larger := min(2*cap(body), c.announced(most))
			if err := c.memory().hold(larger - cap(body)); err != nil {
				return nil, err
			}
			body = append(make([]byte, 0, larger), body...)
		}
	}
}

// announced is the most that a body may take: the length that its request
// announces, if any, and a byte more than is read, which tells that it is too
// long.
func (c *call) announced(most int) int {
	if length := c.r.ContentLength; length >= 0 && length < int64(most) {
		return int(length) + 1
	}
	return most + 1
}

// forget lets go of all that the request holds, but for as many bytes, which are
// used from now on.
func (c *call) forget(but int) {
	m := c.memory()
	m.give(max(0, m.held()-but))
	c.body, c.sent = &wire.Params{}, nil
}
