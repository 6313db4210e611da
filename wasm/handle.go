//go:build js && wasm

package main

import (
	"context"
	"strings"
	"sync"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jsx"
)

// handle is one JavaScript Client's end in Go.
type handle struct {
	program *program
	storage isojot.Storage
	ctx     context.Context

	mu     sync.Mutex
	client *isojot.Client
	err    error // why there is no client: the config is wrong
}

// open makes the object {call, configure, close} for a config. A config that
// is wrong shows when call is used.
func open(p *program, config jsx.Value) (any, error) {
	ctx, cancel := context.WithCancel(p.ctx)
	h := &handle{program: p, ctx: ctx, storage: storageOf(config)}
	h.configure(config)
	var fs funcs
	fs, err := newFuncs(map[string]method{
		"call": func(args []jsx.Value) (any, error) { return h.call(jsx.Arg(args, 0), jsx.Arg(args, 1)) },
		"configure": func(args []jsx.Value) (any, error) {
			h.configure(jsx.Arg(args, 0))
			return nil, nil
		},
		"close": func([]jsx.Value) (any, error) {
			cancel()
			fs.release()
			return nil, nil
		},
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return fs.object(map[string]any{})
}

// storageOf is where the handle's client remembers its session: the config's
// storage, else a browser's localStorage, else nowhere.
func storageOf(config jsx.Value) isojot.Storage {
	if own := jsx.Get(config, "storage"); jsx.Present(own) {
		return jsx.NewStorage(own)
	}
	if jsx.HasCookieJar() {
		return jsx.LocalStorage()
	}
	return nil
}

// configure replaces the client. Calls under way keep the one they began with.
func (h *handle) configure(config jsx.Value) {
	client, err := newClient(config, h.storage)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.client, h.err = client, err
}

func newClient(config jsx.Value, storage isojot.Storage) (*isojot.Client, error) {
	field := func(name string) string { return jsx.String(jsx.Get(config, name)) }
	opts := []isojot.Option{
		isojot.WithJWT(field("jwt")),
		isojot.WithSession(field("session")),
		isojot.WithLocale(field("locale")),
		isojot.WithStorage(storage),
	}
	header := jsx.Get(config, "headers")
	names, err := jsx.Keys(header)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		opts = append(opts, isojot.WithHeader(name, jsx.String(jsx.Get(header, name))))
	}
	return isojot.NewClient(field("endpoint"), field("project"), opts...)
}

// call starts an operation with the client and the parameters as they are
// now, and returns the promise of {json, text, secret}.
func (h *handle) call(name, params jsx.Value) (any, error) {
	h.mu.Lock()
	client, err := h.client, h.err
	h.mu.Unlock()
	operation := jsx.String(name)
	var p isojot.Params
	if err == nil {
		p, err = paramsOf(isojot.Routes[operation], params)
	}
	h.program.calls.Add(1)
	return jsx.Promise(func() (any, error) {
		defer h.program.calls.Done()
		if err != nil {
			return nil, err
		}
		res, err := client.Call(h.ctx, operation, p)
		if err != nil {
			return nil, err
		}
		return answer(client, res), nil
	}, failure)
}

func answer(client *isojot.Client, res *isojot.Response) map[string]any {
	a := map[string]any{
		"json": strings.HasPrefix(res.Get("content-type"), "application/json"),
		"text": string(res.Body),
	}
	if secret := client.SessionSecret(res); secret != "" {
		a["secret"] = secret
	}
	return a
}

// paramsOf parts an object into what goes in the path and what in the body.
func paramsOf(route isojot.Route, params jsx.Value) (isojot.Params, error) {
	p := isojot.Params{Path: map[string]string{}}
	rest, err := jsx.Global("Object").Call("assign", map[string]any{}, params)
	if err != nil {
		return p, err
	}
	for _, name := range route.Params {
		if route.InPath(name) {
			p.Path[name] = jsx.String(jsx.Get(rest, name))
			if err := rest.Delete(name); err != nil {
				return p, err
			}
		}
	}
	if names, err := jsx.Keys(rest); err != nil || len(names) == 0 {
		return p, err
	}
	body, err := jsx.Global("JSON").Call("stringify", rest)
	if err != nil {
		return p, err
	}
	p.Body = []byte(jsx.String(body))
	return p, nil
}
