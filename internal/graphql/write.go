package graphql

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// Encoded writes JSON, at once, when it is wanted.
type Encoded func(io.Writer) error

// Object is an object whose members are values.
type Object interface {
	// Member is the value of a member, nil for none.
	Member(name string) any
}

// quotedJSON is JSON that is answered as a text.
type quotedJSON json.RawMessage

// MarshalText implements encoding.TextMarshaler.
func (t quotedJSON) MarshalText() ([]byte, error) { return t, nil }

// textObject is an object that has one member.
type textObject struct {
	member string
	text   json.RawMessage
}

func (o textObject) Member(name string) any {
	if name == o.member {
		return quotedJSON(o.text)
	}
	return nil
}

// key writes the name of the i-th member of an object, which needs no escapes.
func (r *run) key(i int, name string) {
	if i > 0 {
		r.WriteString(",")
	}
	r.WriteString(`"`)
	r.WriteString(name)
	r.WriteString(`":`)
}

// write writes a value of a type, of which those fields are wanted, by the type of
// the object.
func (r *run) write(t *ast.Type, v any, wanted map[string][]group) error {
	if r.Len() > r.room {
		return errTooLong
	}
	switch v := v.(type) {
	case nil:
		r.WriteString("null")
	case json.RawMessage:
		return r.writeJSON(t, v, wanted)
	case Encoded:
		return v(encodedWriter{r, t, wanted})
	case quotedJSON:
		return r.writeQuoted(v)
	case Object:
		name := t.Name()
		return r.writeObject(name, wanted[name], func(i int) any { return v.Member(wanted[name][i].member) })
	case []any:
		return writeList(r, slices.Values(v), func(v any) error { return r.write(t.Elem, v, wanted) })
	default:
		return fmt.Errorf("graphql: a field has a value that is a %T", v)
	}
	return r.Err()
}

// encodedWriter writes what of JSON is wanted that an Encoded writes.
type encodedWriter struct {
	*run
	t      *ast.Type
	wanted map[string][]group
}

// Write implements io.Writer. The encoder's memory has a place, which is there
// for the next Encoded, too.
func (w encodedWriter) Write(text []byte) (int, error) {
	if more := len(text) - w.encoder; more > 0 {
		if err := w.Hold(more); err != nil {
			return 0, err
		}
		w.encoder = len(text)
	}
	return len(text), w.writeJSON(w.t, bytes.TrimSpace(text), w.wanted)
}

// quotedPiece is how much of a text is quoted at a time, in bytes.
const quotedPiece = 4 << 10

// writeQuoted writes JSON as a text.
func (r *run) writeQuoted(t quotedJSON) error {
	r.WriteString(`"`)
	enc := json.NewEncoder(unquoter{r})
	for len(t) > 0 {
		n := min(len(t), quotedPiece)
		for i := 1; i < utf8.UTFMax && n < len(t) && !utf8.RuneStart(t[n]); i++ {
			n--
		}
		if err := enc.Encode(t[:n]); err != nil {
			return err
		}
		t = t[n:]
	}
	r.WriteString(`"`)
	return r.Err()
}

// unquoter writes what is between the quotes of a line.
type unquoter struct{ w io.Writer }

func (u unquoter) Write(line []byte) (int, error) {
	_, err := u.w.Write(line[1 : len(line)-len("\"\n")])
	return len(line), err
}

// writeJSON writes what of JSON is wanted.
func (r *run) writeJSON(t *ast.Type, text json.RawMessage, wanted map[string][]group) error {
	name := t.Name()
	switch field, isText := r.schema.Texts[name]; {
	case len(text) == 0 || isNull(text):
		r.WriteString("null")
		return r.Err()
	case t.Elem != nil && text[0] == '[':
		return writeList(r, items(text), func(item []byte) error { return r.write(t.Elem, json.RawMessage(item), wanted) })
	case t.Elem != nil:
		return fmt.Errorf("graphql: no list of %s, it begins with %q", name, text[:1])
	case r.schema.isLeaf(name):
		_, err := r.Write(text)
		return err
	case isText:
		return r.write(t, textObject{field, text}, wanted)
	case text[0] != '{':
		return fmt.Errorf("graphql: no %s, it begins with %q", name, text[:1])
	}
	if r.schema.ast.Types[name].Kind == ast.Union {
		name = r.schema.typeOf(name, text)
	}
	values := members(text, wanted[name])
	return r.writeObject(name, wanted[name], func(i int) any { return values[i] })
}

// members are the members of an object that groups ask for, the last of a name.
func members(text []byte, groups []group) []json.RawMessage {
	values := make([]json.RawMessage, len(groups))
	for item := range items(text) {
		name, value := member(item)
		for i, g := range groups {
			if g.member == string(name) {
				values[i] = value
			}
		}
	}
	return values
}

func writeList[T any](r *run, list iter.Seq[T], write func(T) error) error {
	r.WriteString("[")
	first := true
	for item := range list {
		if !first {
			r.WriteString(",")
		}
		first = false
		if err := write(item); err != nil {
			return err
		}
	}
	r.WriteString("]")
	return r.Err()
}

// writeObject writes the fields of an object of a type, of which value is the
// i-th.
func (r *run) writeObject(name string, groups []group, value func(i int) any) error {
	r.WriteString("{")
	for i, g := range groups {
		r.key(i, g.key)
		v := any(nil)
		if g.field.Name == "__typename" {
			v = textValue(name)
		} else {
			v = value(i)
		}
		if err := r.write(g.field.Definition.Type, v, g.selected); err != nil {
			return err
		}
	}
	r.WriteString("}")
	return r.Err()
}
