package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/isojot/isojot/internal/parts"
)

// MaxAnswer bounds the data that one request is answered with, in bytes. The
// last field may go beyond it.
const MaxAnswer = 8 << 20

// errTooLong ends a run whose answer has become too long.
var errTooLong = errors.New("too long")

// Resolver answers a field of a root with a value of the field's type, or with
// an *Error, which gets the field's place and path. Arguments that were not given
// are absent.
//
// A value is a json.RawMessage, an Encoded, an Object, an []any of values, or
// nil.
type Resolver func(name string, args map[string]json.RawMessage) (any, *Error)

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

// run is one run of a plan.
type run struct {
	*Plan
	parts.Buffer
	room int // bytes
	// encoder is how much there is room for of what an Encoded writes.
	encoder int
}

// noRoom is an error of hold, which ends a run.
type noRoom struct{ error }

func (n noRoom) Unwrap() error { return n.error }

// Run runs the operation; room is what is left of MaxAnswer, and hold is told
// how many bytes more the answer takes. Its fields are resolved one after the
// other, in the order of the query; the answer of one is not used any more when
// the next one is asked. What cannot be resolved is null and has an error. The
// error of hold ends the run.
func (p *Plan) Run(resolve Resolver, room int, hold func(bytes int) error) (*Result, error) {
	r, res := &run{Plan: p, room: room}, &Result{}
	r.Hold = func(bytes int) error {
		if err := hold(bytes); err != nil {
			return noRoom{err}
		}
		return nil
	}
	r.WriteString("{")
	for i, g := range p.groups {
		if r.Len() > r.room {
			return tooLong(), nil
		}
		runtime.Gosched() // many long queries would each keep a processor from short requests for 10 ms at a time
		err := r.rootField(i, g, resolve)
		if full, ok := errors.AsType[noRoom](err); ok {
			return nil, full.error
		}
		switch {
		case errors.Is(err, errTooLong):
			return tooLong(), nil
		case err != nil:
			res.Errors = append(res.Errors, rootError(g, err))
		}
	}
	r.WriteString("}")
	if full, ok := errors.AsType[noRoom](r.Err()); ok {
		return nil, full.error
	}
	res.Data = r.Buffer
	return res, nil
}

func tooLong() *Result {
	return refused(fmt.Sprintf("The answer is longer than %d bytes (%d MiB). Ask for less, or in several requests. What came before it was done.", MaxAnswer, MaxAnswer>>20), nil)
}

// rootError is the error of a field that was not resolved.
func rootError(g group, err error) *Error {
	own := Error{Message: "Server Error", Fault: err}
	if e, ok := errors.AsType[*Error](err); ok {
		own = *e
	}
	own.Locations, own.Path = locations(g.field.Position), []string{g.key}
	return &own
}

// rootField writes the i-th field of the root, as null if there is an error.
func (r *run) rootField(i int, g group, resolve Resolver) error {
	r.key(i, g.key)
	if err := r.Err(); err != nil { // before anything is done in vain
		return err
	}
	began := r.Len()
	err := r.resolved(g, resolve)
	if err != nil {
		r.Truncate(began)
		r.WriteString("null")
	}
	return err
}

func (r *run) resolved(g group, resolve Resolver) error {
	f := g.field
	switch f.Name {
	case "__schema":
		return r.write(f.Definition.Type, schemaObject{r.schema.ast}, g.groups)
	case "__type":
		return r.write(f.Definition.Type, r.schema.typeByName(r.arguments(f)["name"]), g.groups)
	case "__typename":
		return r.write(f.Definition.Type, typeName(f), nil)
	}
	v, failure := resolve(f.Name, r.arguments(f))
	if failure != nil {
		return failure
	}
	return r.write(f.Definition.Type, v, g.groups)
}

// typeName is the value of the field __typename.
func typeName(f *ast.Field) any { return json.RawMessage(quoted(f.ObjectDefinition.Name)) }

// key writes the name of the i-th member of an object, which needs no escapes.
func (r *run) key(i int, name string) {
	if i > 0 {
		r.WriteString(",")
	}
	r.WriteString(`"`)
	r.WriteString(name)
	r.WriteString(`":`)
}

// write writes a value of a type, of which the fields of groups are wanted.
func (r *run) write(t *ast.Type, v any, groups []group) error {
	if r.Len() > r.room {
		return errTooLong
	}
	switch v := v.(type) {
	case nil:
		r.WriteString("null")
	case json.RawMessage:
		return r.writeJSON(t, v, groups)
	case Encoded:
		return v(encodedWriter{r, t, groups})
	case quotedJSON:
		return r.writeQuoted(v)
	case Object:
		return r.writeObject(groups, func(i int) any { return v.Member(groups[i].member) })
	case []any:
		return writeList(r, slices.Values(v), func(v any) error { return r.write(t.Elem, v, groups) })
	default:
		return fmt.Errorf("graphql: a field has a value that is a %T", v)
	}
	return r.Err()
}

// encodedWriter writes what of JSON is wanted that an Encoded writes.
type encodedWriter struct {
	*run
	t      *ast.Type
	groups []group
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
	return len(text), w.writeJSON(w.t, bytes.TrimSpace(text), w.groups)
}

// writeQuoted writes JSON as a text.
func (r *run) writeQuoted(t quotedJSON) error {
	err := json.NewEncoder(&r.Buffer).Encode(t)
	if err == nil {
		r.Truncate(r.Len() - 1) // the end of the line
	}
	return err
}

// writeJSON writes what of JSON is wanted.
func (r *run) writeJSON(t *ast.Type, text json.RawMessage, groups []group) error {
	name := t.Name()
	switch field, isText := r.schema.texts[name]; {
	case len(text) == 0 || isNull(text):
		r.WriteString("null")
		return r.Err()
	case t.Elem != nil && text[0] == '[':
		return writeList(r, items(text), func(item []byte) error { return r.write(t.Elem, json.RawMessage(item), groups) })
	case t.Elem != nil:
		return fmt.Errorf("graphql: no list of %s, it begins with %q", name, text[:1])
	case r.schema.isLeaf(name):
		_, err := r.Write(text)
		return err
	case isText:
		return r.write(t, textObject{field, text}, groups)
	case text[0] != '{':
		return fmt.Errorf("graphql: no %s, it begins with %q", name, text[:1])
	}
	values := make([]json.RawMessage, len(groups))
	for item := range items(text) {
		name, value := member(item)
		for i, g := range groups {
			if g.member == string(name) {
				values[i] = value
			}
		}
	}
	return r.writeObject(groups, func(i int) any { return values[i] })
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

// writeObject writes the fields of an object, of which value is the i-th.
func (r *run) writeObject(groups []group, value func(i int) any) error {
	r.WriteString("{")
	for i, g := range groups {
		r.key(i, g.key)
		v := any(nil)
		if g.field.Name == "__typename" {
			v = typeName(g.field)
		} else {
			v = value(i)
		}
		if err := r.write(g.field.Definition.Type, v, g.groups); err != nil {
			return err
		}
	}
	r.WriteString("}")
	return r.Err()
}
