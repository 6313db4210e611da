package server

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
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
// of JSON, a piece at a time.
func writeEscaped(w io.Writer, text []byte) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for len(text) > 0 {
		n := min(len(text), filePiece)
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		b.Reset()
		if err := enc.Encode(string(text[:n])); err != nil {
			return err
		}
		escaped := bytes.TrimSuffix(b.Bytes(), []byte("\"\n"))
		if _, err := w.Write(escaped[1:]); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
