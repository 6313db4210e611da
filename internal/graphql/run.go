package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"

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
		return r.write(f.Definition.Type, schemaObject{r.schema.ast}, g.selected)
	case "__type":
		return r.write(f.Definition.Type, r.schema.typeByName(r.arguments(f)["name"]), g.selected)
	case "__typename":
		return r.write(f.Definition.Type, textValue(f.ObjectDefinition.Name), nil)
	}
	v, failure := resolve(f.Name, r.arguments(f))
	if failure != nil {
		return failure
	}
	return r.write(f.Definition.Type, v, g.selected)
}
