//go:build js && wasm

package browser

import (
	"context"

	"github.com/hack-pad/safejs"
)

// Await waits for the promise to settle or the context to end, whichever
// comes first. What JavaScript rejects with is an *Error. The callbacks are
// released when the promise settles, even after the context has ended.
func Await(ctx context.Context, promise Value) (Value, error) {
	type outcome struct {
		value Value
		err   error
	}
	done := make(chan outcome, 1)
	var onValue, onError safejs.Func
	settle := func(o outcome) any {
		onValue.Release()
		onError.Release()
		done <- o
		return nil
	}
	onValue, err := safejs.FuncOf(func(_ Value, args []Value) any {
		return settle(outcome{value: Arg(args, 0)})
	})
	if err != nil {
		return Value{}, err
	}
	onError, err = safejs.FuncOf(func(_ Value, args []Value) any {
		return settle(outcome{err: thrown(Arg(args, 0))})
	})
	if err != nil {
		onValue.Release()
		return Value{}, err
	}
	if _, err := promise.Call("then", onValue.Value(), onError.Value()); err != nil {
		onValue.Release()
		onError.Release()
		return Value{}, plain(err)
	}
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return Value{}, ctx.Err()
	}
}

// Promise runs work in a goroutine of its own and returns a promise for its
// result. A JavaScript callback must not block, since the page stands still
// until it returns. A panic in work rejects the promise, so that the program
// lives on; rejection makes the reason of any error.
func Promise(work func() (any, error), rejection func(error) any) (Value, error) {
	var executor safejs.Func
	executor, err := safejs.FuncOf(func(_ Value, args []Value) any {
		resolve, reject := Arg(args, 0), Arg(args, 1)
		go settlePromise(work, rejection, resolve, reject)
		return nil
	})
	if err != nil {
		return Value{}, err
	}
	// The executor is called before the constructor returns.
	defer executor.Release()
	return Global("Promise").New(executor.Value())
}

func settlePromise(work func() (any, error), rejection func(error) any, resolve, reject Value) {
	value, err := guard(work)
	settle, with := resolve, value
	if err != nil {
		settle, with = reject, rejection(err)
	}
	if _, err := settle.Invoke(with); err != nil {
		// Only a value that JavaScript cannot hold comes here.
		_, _ = reject.Invoke(rejection(err))
	}
}

// Panic is a panic in the Go program, caught at the border to JavaScript.
type Panic struct{ Value any }

// Error describes the panic.
func (p *Panic) Error() string { return "panic in the WebAssembly program: " + panicText(p.Value) }

// guard runs work and turns a panic into an error.
func guard(work func() (any, error)) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Panic{p}
		}
	}()
	return work()
}

// Func makes a JavaScript function of fn. A panic in fn becomes a returned
// Error object: a Go function cannot throw, and a panic that got through would
// end the program. The caller releases it.
func Func(fn func(args []Value) (any, error), failure func(error) any) (safejs.Func, error) {
	return safejs.FuncOf(func(_ Value, args []Value) any {
		value, err := guard(func() (any, error) { return fn(args) })
		if err != nil {
			return failure(err)
		}
		return value
	})
}

// panicText is what a panic was called with, as far as it is text.
func panicText(value any) string {
	switch v := value.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return "a value that is no text"
}
