//go:build js && wasm

// Command wasm is the browser build: the isojot client for JavaScript. It
// knows operations by name only; their routes, lanes and parameters are the
// root package's, and the server's JSON passes through untouched.
//
// The loader of the npm package starts it with a private global object that
// holds isojotReady, which is called once with {version, open, decode, exit}.
package main

import (
	"github.com/hack-pad/safejs"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jsx"
)

func main() {
	done := make(chan struct{})
	api, err := newAPI(func() { close(done) })
	if err == nil {
		_, err = safejs.Global().Call("isojotReady", api)
	}
	if err != nil {
		// Nobody listens: end, which the loader reports as a crash.
		panic("isojot: cannot start: " + err.Error())
	}
	<-done
}

// newAPI makes the object that the loader receives.
func newAPI(end func()) (jsx.Value, error) {
	funcs, err := newFuncs(map[string]method{
		"open":   func(args []jsx.Value) (any, error) { return open(jsx.Arg(args, 0)) },
		"decode": func(args []jsx.Value) (any, error) { return decode(jsx.Arg(args, 0)) },
		"exit": func([]jsx.Value) (any, error) {
			end()
			return nil, nil
		},
	})
	if err != nil {
		return jsx.Value{}, err
	}
	return funcs.object(map[string]any{"version": isojot.Version})
}

// decode reads a token's claims, under the names that they have in it.
func decode(token jsx.Value) (any, error) {
	claims, err := isojot.Decode(jsx.String(token))
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"userId":    claims.UserID,
		"sessionId": claims.SessionID,
		"exp":       float64(claims.Expiry.Unix()),
	}, nil
}
