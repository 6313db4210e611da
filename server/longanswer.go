package server

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/isojot/isojot/server/internal/wire"
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
	length := len(before) + wire.EscapedLength(text) + len(after)
	h := c.w.Header()
	setJSON(h)
	h.Set("Content-Length", strconv.Itoa(length))
	c.w.WriteHeader(status)
	if _, err = c.w.Write(before); err == nil {
		err = wire.WriteEscaped(c.w, text)
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
