package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/isojot/isojot/internal/parts"
)

// Result is the answer to one query (section 7 of the specification).
type Result struct {
	Errors []*Error
	// Data is JSON; empty if nothing was run.
	Data parts.Buffer
}

// Parts are the answer as JSON.
func (r *Result) Parts() ([][]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.Errors); err != nil {
		return nil, err
	}
	head := "{"
	if len(r.Errors) > 0 {
		head += `"errors":` + strings.TrimSuffix(b.String(), "\n")
	}
	if r.Data.Len() == 0 {
		return [][]byte{[]byte(head + "}")}, nil
	}
	if len(r.Errors) > 0 {
		head += ","
	}
	return slices.Concat([][]byte{[]byte(head + `"data":`)}, r.Data.Parts(), [][]byte{[]byte("}")}), nil
}

// Error is an entry of the errors of an answer.
type Error struct {
	Message   string     `json:"message"`
	Locations []Location `json:"locations,omitempty"`
	// Path leads to the field that is null for it.
	Path       []string       `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
	// Fault is set where what was resolved does not fit the schema. It is for
	// the log alone.
	Fault error `json:"-"`
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Location is a place in a query; lines and columns count from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// maxErrors bounds how many mistakes of one query are named.
const maxErrors = 20

// failed is the answer to a query that was not run.
func failed(errs ...*Error) *Result { return &Result{Errors: errs[:min(len(errs), maxErrors)]} }

// refused is the answer to a query that is not allowed, for a reason at a place
// in it, if any.
func refused(message string, at *ast.Position) *Result {
	return failed(&Error{Message: message, Locations: locations(at)})
}

func locations(at *ast.Position) []Location {
	if at == nil {
		return nil
	}
	return []Location{{at.Line, at.Column}}
}

// invalid is the answer to a query that gqlparser refuses.
func invalid(list gqlerror.List) *Result {
	var errs []*Error
	for _, err := range list {
		e := &Error{Message: reworded(err.Message)}
		for _, at := range err.Locations {
			e.Locations = append(e.Locations, Location(at))
		}
		errs = append(errs, e)
	}
	return failed(errs...)
}

// reworded is what is wrong with a query in the words of Appwrite's library.
func reworded(message string) string {
	if lacking, ok := strings.CutSuffix(message, " is required, but it was not provided."); ok {
		return lacking + " is required but not provided."
	}
	return message
}

// unreadable is the answer to a query that does not parse.
func unreadable(err error) *Result {
	if one, ok := errors.AsType[*gqlerror.Error](err); ok {
		one.Message = "Syntax Error: " + one.Message
		return invalid(gqlerror.List{one})
	}
	return refused(err.Error(), nil)
}
