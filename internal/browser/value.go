//go:build js && wasm

package browser

import (
	"errors"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Value is a JavaScript value.
type Value = safejs.Value

// Get follows a path of properties from v. The result is undefined where a
// property is missing, as `v?.a?.b` in JavaScript. None may be a getter that
// throws: syscall/js does not catch it, and the program ends; see tryGet.
func Get(v Value, path ...string) Value {
	for _, name := range path {
		next, err := v.Get(name)
		if err != nil {
			return safejs.Undefined()
		}
		v = next
	}
	return v
}

// tryGet reads a property whose getter may throw; the result then is
// undefined. Unlike a read, a call is caught by syscall/js.
func tryGet(v Value, name string) Value {
	got, err := Global("Reflect").Call("get", v, name)
	if err != nil {
		return safejs.Undefined()
	}
	return got
}

// Global follows a path of properties from the global object.
func Global(path ...string) Value { return Get(safejs.Global(), path...) }

// Present reports whether v is neither undefined nor null.
func Present(v Value) bool { return !v.IsUndefined() && !v.IsNull() }

// String returns v's text when it is a string, else "".
func String(v Value) string {
	if v.Type() != safejs.TypeString {
		return ""
	}
	s, err := v.String()
	if err != nil {
		return ""
	}
	return s
}

// Int returns v's value when it is an integer, else 0.
func Int(v Value) int {
	if v.Type() != safejs.TypeNumber {
		return 0
	}
	n, err := v.Int()
	if err != nil {
		return 0
	}
	return n
}

// True reports whether v is the boolean true.
func True(v Value) bool {
	b, err := v.Bool()
	return err == nil && b
}

// Arg returns the argument, or undefined when there are fewer.
func Arg(args []Value, i int) Value {
	if i < len(args) {
		return args[i]
	}
	return safejs.Undefined()
}

// Keys returns the names of an object's own properties; of anything else,
// none.
func Keys(v Value) ([]string, error) {
	if v.Type() != safejs.TypeObject {
		return nil, nil
	}
	keys, err := elements(Global("Object").Call("keys", v))
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = String(key)
	}
	return names, err
}

// elements returns those of an array, unless there was an error in making it.
func elements(array Value, err error) ([]Value, error) {
	if err != nil {
		return nil, err
	}
	n, err := array.Length()
	if err != nil {
		return nil, err
	}
	list := make([]Value, n)
	for i := range list {
		if list[i], err = array.Index(i); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Object is a JavaScript object in the making. After the first error it takes no
// more members, and Value returns that error.
type Object struct {
	value Value
	err   error
}

// New calls the global constructor of that name.
func New(class string, args ...any) *Object {
	value, err := Global(class).New(args...)
	return &Object{value, err}
}

// Set sets a member. The value is what syscall/js.ValueOf takes, a Value, a
// function or an *Object, whose error becomes o's.
func (o *Object) Set(name string, value any) {
	if inner, ok := value.(*Object); ok && o.err == nil {
		value, o.err = inner.Value()
	}
	if o.err == nil {
		o.err = o.value.Set(name, value)
	}
}

// Value returns the object.
func (o *Object) Value() (Value, error) { return o.value, o.err }

// Error is what JavaScript threw or rejected with.
type Error struct {
	// Name is the error's name, such as "TypeError" or "AbortError".
	Name string
	// Message is the error's message, and its cause's where there is one.
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// thrown makes an Error of a thrown or rejected value.
func thrown(v Value) *Error {
	if v.Type() != safejs.TypeObject {
		return &Error{Name: "Error", Message: Text(v)}
	}
	e := &Error{Name: String(Get(v, "name")), Message: String(Get(v, "message"))}
	// Node hides why a fetch failed in the cause.
	cause := Get(v, "cause")
	for _, name := range []string{"message", "code"} {
		if why := String(Get(cause, name)); why != "" {
			e.Message += ": " + why
			break
		}
	}
	return e
}

// Text is String(v) in JavaScript.
func Text(v Value) string {
	s, err := Global("String").Invoke(v)
	if err != nil {
		return "a value without text"
	}
	return String(s)
}

// plain turns the error of a safejs call into an *Error where JavaScript
// threw it.
func plain(err error) error {
	if e, ok := errors.AsType[js.Error](err); ok {
		return thrown(safejs.Safe(e.Value))
	}
	return err
}
