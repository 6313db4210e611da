//go:build js && wasm

// Command wasm is the browser build: the isojot client for JavaScript. It
// has no table of operations: JavaScript hands over the descriptor of each with
// the call, and the server's JSON passes through untouched.
//
// The loader of the npm package starts it with a private global object that
// holds isojotReady, which is called once with {version, open, decode,
// handles, exit}.
package main

import (
	"context"
	"sync"

	"github.com/hack-pad/safejs"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

func main() {
	program := newProgram()
	api, err := newAPI(program)
	if err == nil {
		_, err = safejs.Global().Call("isojotReady", api)
	}
	if err != nil {
		// Nobody listens: end, which the loader reports as a crash.
		panic("isojot: cannot start: " + err.Error())
	}
	<-program.done
}

// program is what ends when JavaScript says so.
type program struct {
	ctx    context.Context // of all calls
	cancel context.CancelFunc
	calls  sync.WaitGroup // those under way
	done   chan struct{}

	mu      sync.Mutex
	handles map[*handle]struct{}
}

func newProgram() *program {
	ctx, cancel := context.WithCancel(context.Background())
	return &program{ctx: ctx, cancel: cancel, done: make(chan struct{}), handles: map[*handle]struct{}{}}
}

// end aborts the requests under way, and then lets main return: a program that
// has ended could not abort them.
func (p *program) end() {
	p.cancel()
	p.mu.Lock()
	var handles []*handle
	for h := range p.handles {
		handles = append(handles, h)
	}
	p.mu.Unlock()
	go func() {
		for _, h := range handles {
			h.close()
		}
		p.calls.Wait()
		close(p.done)
	}()
}

func (p *program) add(h *handle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handles[h] = struct{}{}
}

func (p *program) remove(h *handle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.handles, h)
}

func (p *program) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.handles)
}

// newAPI makes the object that the loader receives.
func newAPI(p *program) (browser.Value, error) {
	api := browser.New("Object")
	_, err := newFuncs(api, []method{
		{"open", func(args []browser.Value) (any, error) { return open(p, browser.Arg(args, 0), browser.Arg(args, 1)) }},
		{"decode", func(args []browser.Value) (any, error) { return decode(browser.Arg(args, 0)) }},
		// The number of those that are open, closed ones being of no more cost.
		{"handles", func([]browser.Value) (any, error) { return p.count(), nil }},
		{"exit", func([]browser.Value) (any, error) {
			p.end()
			return nil, nil
		}},
	})
	if err != nil {
		return browser.Value{}, err
	}
	api.Set("version", isojot.Version)
	return api.Value()
}

// decode reads a token's claims, under the names that they have in it.
func decode(token browser.Value) (any, error) {
	claims, err := isojot.Decode(browser.String(token))
	if err != nil {
		return nil, err
	}
	o := browser.New("Object")
	o.Set("userId", claims.UserID)
	o.Set("sessionId", claims.SessionID)
	o.Set("exp", float64(claims.Expiry.Unix()))
	return o.Value()
}
