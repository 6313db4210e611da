//go:build js && wasm

package main

import (
	"errors"

	"github.com/hack-pad/safejs"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// method is a function that JavaScript calls. What it returns is what
// syscall/js.ValueOf takes, or a browser.Value.
type method struct {
	name string
	call func(args []browser.Value) (any, error)
}

// funcs are JavaScript functions that live and are released together.
type funcs []safejs.Func

// newFuncs makes functions of the methods, and members of the object.
func newFuncs(object *browser.Object, methods []method) (funcs, error) {
	var fs funcs
	for _, m := range methods {
		f, err := browser.Func(m.call, failure)
		if err != nil {
			fs.release()
			return nil, err
		}
		fs = append(fs, f)
		object.Set(m.name, f)
	}
	return fs, nil
}

func (fs funcs) release() {
	for _, f := range fs {
		f.Release()
	}
}

// failure makes a JavaScript Error of err, with the fields of
// AppwriteException; the npm package makes that class of it.
func failure(err error) any {
	e := describe(err)
	o := browser.New("Error", e.Message)
	o.Set("name", "AppwriteException")
	o.Set("code", e.Code)
	o.Set("type", string(e.Type))
	o.Set("response", e.Response)
	o.Set("reason", string(e.Reason))
	o.Set("advice", e.Reason.Advice())
	if e.RetryAfter > 0 {
		o.Set("retryAfter", e.RetryAfter.Seconds())
	}
	object, cause := o.Value()
	if cause != nil {
		return e.Message
	}
	return object
}

// describe turns any error into an *isojot.Error. One that is none already is
// a defect of the program, or a parameter that JavaScript cannot hand over.
func describe(err error) *isojot.Error {
	if known, ok := errors.AsType[*isojot.Error](err); ok {
		if known.Reason == "" {
			known.Reason = isojot.ReasonUnknown
		}
		return known
	}
	kind := isojot.ErrInvalidArgument
	if _, ok := errors.AsType[*browser.Panic](err); ok {
		kind = isojot.ErrPanic
	}
	return &isojot.Error{Message: err.Error(), Type: kind, Reason: isojot.ReasonUnknown}
}
