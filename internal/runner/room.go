package runner

import (
	"fmt"
	"io"
)

// firstBuffer is what an answer of unknown length begins with, in bytes.
const firstBuffer = 4 << 10

// grown is buf with room for n bytes more, for which the call is asked before;
// it gets no larger than limit but for those.
func (req *Request) grown(buf []byte, n, limit int) ([]byte, error) {
	if cap(buf)-len(buf) >= n {
		return buf, nil
	}
	larger := max(min(max(2*cap(buf), firstBuffer), limit), len(buf)+n)
	if req.Room != nil {
		if err := req.Room(larger - cap(buf)); err != nil {
			return buf, fmt.Errorf("%w: %w", ErrNoRoom, err)
		}
	}
	return append(make([]byte, 0, larger), buf...), nil
}

// readAll reads an answer of so many bytes, if that is known and not negative,
// and no more than limit and one.
func (req *Request) readAll(r io.Reader, length int64, limit int) (body []byte, err error) {
	if 0 < length && length <= int64(limit) {
		if body, err = req.grown(nil, int(length)+1, limit); err != nil {
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
