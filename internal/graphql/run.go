package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"

	"github.com/vektah/gqlparser/v2/ast"
)

// MaxAnswer bounds the data that one request is answered with, in bytes. The
// last field may go beyond it.
const MaxAnswer = 8 << 20

// errTooLong ends a run whose answer has become too long.
var errTooLong = errors.New("too long")

// Resolver answers a field of a root with JSON of the field's type, or with an
// *Error, which gets the field's place and path. Arguments that were not given
// are absent.
type Resolver func(name string, args map[string]json.RawMessage) (json.RawMessage, *Error)

// object is something that has fields: its members are JSON (of the field's
// type), an object, objects, or nil.
type object interface {
	member(f *ast.Field, args map[string]json.RawMessage) any
}

// answered is an object that came as JSON.
type answered map[string]json.RawMessage

func (a answered) member(f *ast.Field, _ map[string]json.RawMessage) any {
	name := f.Name
	if name[0] == '_' {
		name = "$" + name[1:]
	}
	return a[name]
}

// run is one run of a plan.
type run struct {
	*Plan
	bytes.Buffer
	room int // bytes
	// hold is asked before more is held than held, in bytes.
	hold func(bytes int) error
	held int
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
	r, res := &run{Plan: p, room: room, hold: hold}, &Result{}
	r.WriteByte('{')
	for i, group := range p.collect(p.op.SelectionSet) {
		if r.Len() > r.room {
			return tooLong(), nil
		}
		runtime.Gosched() // many long queries would each keep a processor from short requests for 10 ms at a time
		err := r.rootField(i, group, resolve)
		if full, ok := errors.AsType[noRoom](err); ok {
			return nil, full.error
		}
		switch {
		case errors.Is(err, errTooLong):
			return tooLong(), nil
		case err != nil:
			res.Errors = append(res.Errors, rootError(group, err))
		}
	}
	r.WriteByte('}')
	res.Data = r.Bytes()
	if full, ok := errors.AsType[noRoom](r.grow()); ok {
		return nil, full.error
	}
	return res, nil
}

// grow has a place for what the buffer has become.
func (r *run) grow() error {
	more := r.Cap() - r.held
	if more <= 0 {
		return nil
	}
	if err := r.hold(more); err != nil {
		return noRoom{err}
	}
	r.held += more
	return nil
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
	own.Locations, own.Path = locations(g.fields[0].Position), []string{g.key}
	return &own
}

// rootField writes the i-th field of the root, as null if there is an error.
func (r *run) rootField(i int, g group, resolve Resolver) error {
	r.key(i, g.key)
	began := r.Len()
	err := r.resolved(g, resolve)
	if err != nil {
		r.Truncate(began)
		r.WriteString("null")
	}
	return err
}

func (r *run) resolved(g group, resolve Resolver) error {
	f := g.fields[0]
	switch f.Name {
	case "__typename":
		return r.write(f.Definition.Type, json.RawMessage(quoted(f.ObjectDefinition.Name)), nil)
	case "__schema":
		return r.write(f.Definition.Type, schemaObject{r.schema.ast}, g.sets())
	case "__type":
		return r.write(f.Definition.Type, r.schema.typeByName(r.arguments(f)["name"]), g.sets())
	}
	text, failure := resolve(f.Name, r.arguments(f))
	if failure != nil {
		return failure
	}
	return r.write(f.Definition.Type, text, g.sets())
}

// key writes the name of the i-th member of an object.
func (r *run) key(i int, name string) {
	if i > 0 {
		r.WriteByte(',')
	}
	r.WriteString(quoted(name) + ":")
}

// write writes a value of a type, of whose fields those of sets are wanted.
func (r *run) write(t *ast.Type, v any, sets []ast.SelectionSet) error {
	if r.Len() > r.room {
		return errTooLong
	}
	if err := r.grow(); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		r.WriteString("null")
		return nil
	case json.RawMessage:
		return r.writeJSON(t, v, sets)
	case []object:
		return writeList(r, v, func(o object) error { return r.writeObject(o, sets) })
	case object:
		return r.writeObject(v, sets)
	}
	return fmt.Errorf("graphql: a field has a value that is a %T", v) // no member returns others
}

// writeJSON writes what of JSON is wanted.
func (r *run) writeJSON(t *ast.Type, text json.RawMessage, sets []ast.SelectionSet) error {
	switch {
	case text == nil || isNull(text):
		r.WriteString("null")
		return nil
	case t.Elem != nil:
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			return fmt.Errorf("graphql: no list of %s: %w", t.Elem.Name(), err)
		}
		return writeList(r, list, func(text json.RawMessage) error { return r.write(t.Elem, text, sets) })
	case r.schema.isLeaf(t.NamedType):
		r.Write(text)
		return nil
	}
	if shape := r.schema.shapes[t.NamedType]; shape != nil {
		text = shape(text)
	}
	var o answered
	if err := json.Unmarshal(text, &o); err != nil {
		return fmt.Errorf("graphql: no %s: %w", t.NamedType, err)
	}
	return r.writeObject(o, sets)
}

func writeList[T any](r *run, list []T, write func(T) error) error {
	r.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			r.WriteByte(',')
		}
		if err := write(item); err != nil {
			return err
		}
	}
	r.WriteByte(']')
	return nil
}

func (r *run) writeObject(o object, sets []ast.SelectionSet) error {
	r.WriteByte('{')
	for i, g := range r.collect(sets...) {
		r.key(i, g.key)
		f := g.fields[0]
		var v any
		if f.Name == "__typename" {
			v = json.RawMessage(quoted(f.ObjectDefinition.Name))
		} else {
			v = o.member(f, r.arguments(f))
		}
		if err := r.write(f.Definition.Type, v, g.sets()); err != nil {
			return err
		}
	}
	r.WriteByte('}')
	return nil
}
