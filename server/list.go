package server

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/isojot/isojot/internal/graphql"
	"github.com/isojot/isojot/internal/parts"
	"github.com/isojot/isojot/server/internal/wire"
)

// listJSON is a page of a list whose items can be long. They are encoded one by
// one: a text of megabytes would be made by doubling, in memory that the encoder
// keeps until the client has read it.
type listJSON struct {
	total int
	name  string // of the items, such as users
	items []any
}

// Format implements wire.Formatted.
func (l listJSON) Format(v wire.Version) any {
	items := make([]any, len(l.items))
	for i, item := range l.items {
		items[i] = item.(wire.Formatted).Format(v)
	}
	return listJSON{l.total, l.name, items}
}

// answerList answers with a list. Its items are let go of before it is written.
func (c *call) answerList(status int, l listJSON) {
	b := &parts.Buffer{Hold: c.memory().hold}
	err := l.encode(b)
	switch {
	case b.Err() != nil:
		c.s.writeError(c.w, b.Err())
	case err != nil:
		c.s.notEncoded(c.w, err)
	default:
		c.forget(b.Held())
		c.s.writeParts(c.w, status, b.Parts()...)
	}
}

// encode writes the list as JSON.
func (l listJSON) encode(b *parts.Buffer) error {
	fmt.Fprintf(b, `{"total":%d,%q:[`, l.total, l.name)
	enc := newEncoder(b)
	for i, item := range l.items {
		if i > 0 {
			b.WriteString(",")
		}
		if err := enc.Encode(item); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // the end of the line
	}
	_, err := b.WriteString("]}")
	return err
}

// Member implements graphql.Object.
func (l listJSON) Member(name string) any {
	switch name {
	case "total":
		return json.RawMessage(strconv.Itoa(l.total))
	case l.name:
		items := make([]any, len(l.items))
		for i, item := range l.items {
			items[i] = encoded(item)
		}
		return items
	}
	return nil
}

// encoded is what answers in REST as a value of GraphQL.
func encoded(body any) graphql.Encoded {
	return func(w io.Writer) error {
		if text, ok := body.(json.RawMessage); ok { // preferences, which are stored without blanks
			_, err := w.Write(text)
			return err
		}
		return newEncoder(w).Encode(body)
	}
}
