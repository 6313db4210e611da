package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
)

// maxLarge is how many bodies larger than maxBody may be in memory at once.
const maxLarge = 4

// readBody reads the body of the request, up to a bound in bytes. Of those
// larger than maxBody only a few are held at once, or guests could fill the
// memory; the request gives its place back at its end.
func (c *call) readBody(most int) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	if err == nil && len(body) > maxBody && most > maxBody {
		if err := c.takeLarge(); err != nil {
			return nil, err
		}
		rest := http.MaxBytesReader(c.w, c.r.Body, int64(most-len(body)))
		more := bytes.NewBuffer(body)
		_, err = more.ReadFrom(rest)
		body = more.Bytes()
	}
	switch _, tooLarge := errors.AsType[*http.MaxBytesError](err); {
	case tooLarge || len(body) > most:
		return nil, failf(errBadRequest, "The request body is larger than %d bytes (%d KiB), the most this server reads. Send a smaller body.", most, most>>10)
	case err != nil:
		return nil, failf(errBadRequest, "The request body ended early. Send it completely.")
	}
	return body, nil
}

// takeLarge takes a place for a large body, or refuses it.
func (c *call) takeLarge() error {
	select {
	case c.s.large <- struct{}{}:
		c.atEnd = append(c.atEnd, func() { <-c.s.large })
		return nil
	default:
		return fail(errBusy)
	}
}

// largeParams reads the parameters of a body that may be large: of JSON, texts
// may be, and nothing else, since decoded it would take many times as much.
func largeParams(contentType string, body []byte) (params, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	if err == nil && kind == "application/json" {
		return largeJSON(body), nil
	}
	if len(body) > maxBody {
		return params{}, nil
	}
	return bodyParams(contentType, body)
}

// largeJSON reads an object, member by member.
func largeJSON(body []byte) params {
	if tooDeep(body) || !json.Valid(body) {
		return params{}
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return params{}
	}
	values := map[string]any{}
	for dec.More() && len(values) <= maxMembers {
		var text json.RawMessage
		name, err := dec.Token()
		if err == nil {
			err = dec.Decode(&text)
		}
		if err != nil { // cannot happen: it is valid
			return params{}
		}
		values[name.(string)] = largeValue(text)
	}
	return params{values}
}

// largeValue reads a member. A list, which no parameter of an execution is,
// becomes another one: decoded, it would take many times as much.
func largeValue(text json.RawMessage) any {
	if text[0] == '[' && len(bytes.TrimSpace(text[1:])) > 1 {
		return []any{nil}
	}
	return jsonValue(text)
}

// maxMembers is how many members are read of such an object: there are fewer
// parameters.
const maxMembers = 64
