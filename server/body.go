package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"os"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/isojot/isojot"
)

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
			return nil, failf(isojot.ErrBadRequest, "The request body is larger than %d bytes (%d KiB), the most this server reads. Send a smaller body.", most, most>>10)
		case err == io.EOF:
			return body, nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, failf(isojot.ErrBadRequest, "The request body came too slowly: this server waits %v for each %d bytes of it. Send it faster.", c.s.pace.read, c.s.pace.readBytes)
		case err != nil:
			return nil, failf(isojot.ErrBadRequest, "The request body ended early. Send it completely.")
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
	c.body, c.sent = &params{}, nil
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

// largeJSON reads an object, whose members stay where they are in the body.
func largeJSON(body []byte) params {
	body = bytes.TrimSpace(body)
	if tooDeep(body) || !json.Valid(body) || body[0] != '{' {
		return params{}
	}
	values := map[string]any{}
	for rest := body[1:]; len(values) <= maxMembers; {
		var name, value json.RawMessage
		if name, rest = cutValue(rest); name == nil {
			return params{values}
		}
		value, rest = cutValue(rest)
		values[jsonValue(name).(string)] = largeValue(value)
	}
	return params{values}
}

// cutValue cuts a name or a value off the rest of an object, which is valid,
// and nil at its end.
func cutValue(rest []byte) (value, after []byte) {
	rest = bytes.TrimLeftFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ':' })
	depth, quoted := 0, false
	for i := 0; i < len(rest); i++ {
		switch b := rest[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case depth == 0 && i == 0 && b == '}':
			return nil, nil
		case depth == 0 && (b == ',' || b == ':' || b == '}'):
			return bytes.TrimSpace(rest[:i:i]), rest[i:]
		case b == '}' || b == ']':
			depth--
		}
	}
	return nil, nil
}

// largeValue is a member, to be read when it is asked for. A list, which no
// parameter of an execution is, becomes another one: decoded, it would take many
// times as much.
func largeValue(text json.RawMessage) any {
	if text[0] == '[' && len(bytes.TrimSpace(text[1:])) > 1 {
		return []any{nil}
	}
	return text
}

// maxMembers is how many members are read of such an object: there are fewer
// parameters.
const maxMembers = 64

// longText is a text that may be large; nil when it is absent. It is decoded where
// it is, in the body, and so needs no memory of its own.
func (c *call) longText(p params, name, description string, most int) ([]byte, error) {
	raw, ok := p.values[name].(json.RawMessage)
	if !ok || raw[0] != '"' {
		text, err := p.optionalText(name, description, func(s string) bool { return utf8.RuneCountInString(s) <= most })
		return []byte(text), err
	}
	if !utf8.Valid(raw) {
		return nil, invalid(name, description)
	}
	delete(p.values, name) // it is not what it was
	text := unescapeJSON(raw[1 : len(raw)-1])
	if utf8.RuneCount(text) > most {
		return nil, invalid(name, description)
	}
	return text, nil
}

// unescapeJSON decodes what is between the quotes of a valid JSON string, in place:
// no escape is shorter than what it stands for. Half a surrogate pair becomes
// U+FFFD, as in encoding/json.
func unescapeJSON(text []byte) []byte {
	to := text[:0]
	for {
		plain := bytes.IndexByte(text, '\\')
		if plain < 0 {
			return append(to, text...)
		}
		to, text = append(to, text[:plain]...), text[plain:]
		if text[1] != 'u' {
			to, text = append(to, unescaped[text[1]]), text[2:]
			continue
		}
		r := hexRune(text)
		if text = text[6:]; utf16.IsSurrogate(r) {
			pair := utf16.DecodeRune(r, hexRune(text))
			if r = pair; r != utf8.RuneError {
				text = text[6:]
			}
		}
		to = utf8.AppendRune(to, r)
	}
}

// unescaped are the characters that have an escape of one.
var unescaped = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hexRune is what \uXXXX at the beginning of a text stands for; -1 where there is
// none.
func hexRune(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil { // cannot happen: it is valid
		return -1
	}
	return rune(n)
}
