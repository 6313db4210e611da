package runner

import (
	"fmt"
	"io"
)

// firstBuffer is the least that an answer of unknown length begins with, in
// bytes.
const firstBuffer = 4 << 10

// buffer returns an empty buffer of that size. It asks the request first for the
// room that it does not have yet.
func (req *Request) buffer(size, has int) ([]byte, error) {
	if req.Room != nil {
		if err := req.Room(size - has); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoRoom, err)
		}
	}
	return make([]byte, 0, size), nil
}

// grown returns buf with room for n more bytes; only those may take it beyond
// limit.
func (req *Request) grown(buf []byte, n, limit int) ([]byte, error) {
	if cap(buf)-len(buf) >= n {
		return buf, nil
	}
	larger, err := req.buffer(max(min(max(2*cap(buf), firstBuffer, req.Expected), limit), len(buf)+n), cap(buf))
	if err != nil {
		return buf, err
	}
	return append(larger, buf...), nil
}

// readAll reads an answer of the given size, negative where it is not known, and
// at most limit+1 bytes.
func (req *Request) readAll(r io.Reader, length int64, limit int) (body []byte, err error) {
	if 0 < length && length <= int64(limit) {
		if body, err = req.buffer(int(length)+1, 0); err != nil {
			return nil, err
		}
	}
	for len(body) <= limit {
		if body, err = req.grown(body, 1, limit+1); err != nil {
			return nil, err
		}
		n, err := r.Read(body[len(body):min(cap(body), limit+1)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return body, nil
}
