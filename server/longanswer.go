package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// answerAround answers with JSON that has a marker where a long text belongs,
// which is put there while it is written: whole, it would be there two or three
// times. The text has a place already.
func (c *call) answerAround(status int, body any, marker string, text []byte) error {
	whole, err := c.encode(body)
	if err != nil {
		return err
	}
	before, after, _ := bytes.Cut(whole, []byte(marker))
	if !utf8.Valid(text) {
		if err := c.memory().hold(2 * len(text)); err != nil {
			return err
		}
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	length := counter(len(before) + len(after))
	if err := writeEscaped(&length, text); err != nil {
		return err
	}
	h := c.w.Header()
	setJSON(h)
	h.Set("Content-Length", strconv.Itoa(int(length)))
	c.w.WriteHeader(status)
	if _, err = c.w.Write(before); err == nil {
		err = writeEscaped(c.w, text)
	}
	if err == nil {
		_, err = c.w.Write(after)
	}
	if err != nil {
		c.s.log.Debug("the caller did not read its answer", "error", err)
	}
	return nil
}

// encode is a body as JSON.
func (c *call) encode(body any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(c.formatted(body))
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// counter counts what is written.
type counter int

func (n *counter) Write(p []byte) (int, error) {
	*n += counter(len(p))
	return len(p), nil
}

// writeEscaped writes a text, which is valid UTF-8, as it is between the quotes
// of JSON, as encoding/json does but for what only HTML needs, a piece at a time.
func writeEscaped(w io.Writer, text []byte) error {
	piece := make([]byte, 0, filePiece)
	for len(text) > 0 {
		piece = piece[:0]
		for len(text) > 0 && len(piece) <= filePiece-maxEscaped {
			n := min(escape(text), filePiece-maxEscaped-len(piece)+1)
			if n > 0 {
				piece, text = append(piece, text[:n]...), text[n:]
				continue
			}
			piece, text = appendEscaped(piece, text)
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// maxEscaped is what an escaped character takes at most.
const maxEscaped = len(`\u2028`)

// escape is where in a text the first byte is that may have to be escaped.
func escape(text []byte) int {
	for i, b := range text {
		if b < ' ' || b == '"' || b == '\\' || b == lineSeparator[0] {
			return i
		}
	}
	return len(text)
}

// lineSeparator is U+2028; U+2029, which differs in the last byte, is escaped
// too: JavaScript once took them for ends of lines.
const lineSeparator = "\u2028"

// appendEscaped cuts such a byte off a text, or the character that it begins.
func appendEscaped(piece, text []byte) (longer, rest []byte) {
	b := text[0]
	if name := strings.IndexByte("\"\\\b\f\n\r\t", b); name >= 0 {
		return append(piece, '\\', `"\bfnrt`[name]), text[1:]
	}
	if b < ' ' {
		return fmt.Appendf(piece, `\u%04x`, b), text[1:]
	}
	if len(text) > 2 && text[1] == lineSeparator[1] && text[2]&^1 == lineSeparator[2] {
		return fmt.Appendf(piece, `\u202%d`, 8+text[2]&1), text[3:]
	}
	return append(piece, b), text[1:]
}
