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
type method = func(args []browser.Value) (any, error)

// funcs are JavaScript functions that live and are released together.
type funcs map[string]safejs.Func

func newFuncs(methods map[string]method) (funcs, error) {
	fs := funcs{}
	for name, m := range methods {
		f, err := browser.Func(m, failure)
		if err != nil {
			fs.release()
			return nil, err
		}
		fs[name] = f
	}
	return fs, nil
}

func (fs funcs) release() {
	for _, f := range fs {
		f.Release()
	}
}

// object makes the JavaScript object with the functions and more members.
func (fs funcs) object(members map[string]any) (browser.Value, error) {
	for name, f := range fs {
		members[name] = f
	}
	return browser.Object(members)
}

// failure makes a JavaScript Error of err, with the fields of
// AppwriteException; the npm package makes that class of it.
func failure(err error) any {
	e := describe(err)
	object, cause := browser.Global("Error").New(e.Message)
	if cause != nil {
		return e.Message
	}
	members := map[string]any{
		"name": "AppwriteException", "code": e.Code, "type": string(e.Type), "response": e.Response,
		"reason": string(e.Reason), "advice": e.Reason.Advice(),
	}
	if e.RetryAfter > 0 {
		members["retryAfter"] = e.RetryAfter.Seconds()
	}
	for name, value := range members {
		if cause := object.Set(name, value); cause != nil {
			return e.Message
		}
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
