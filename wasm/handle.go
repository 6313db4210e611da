//go:build js && wasm

package main

import (
	"context"
	"sync"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// handle is one JavaScript Client's end in Go.
type handle struct {
	program *program
	ctx     context.Context
	cancel  context.CancelFunc
	options options
	notify  browser.Value

	mu sync.Mutex
	settings
	tokens  *isojot.SessionTokens
	base    *isojot.Client // without what may change at any call
	client  *isojot.Client // the one that calls go out by
	err     error          // why there is none: the config is wrong
	cancels map[int]context.CancelFunc
}

// open makes the object {call, cancel, token, configure, close} for a config.
// A config that is wrong shows when it is used.
func open(p *program, config, notify browser.Value) (any, error) {
	h := &handle{program: p, options: optionsOf(config), notify: notify, cancels: map[int]context.CancelFunc{}}
	h.ctx, h.cancel = context.WithCancel(p.ctx)
	object := browser.New("Object")
	var fs funcs
	fs, err := newFuncs(object, []method{
		{"call", func(args []browser.Value) (any, error) {
			return h.call(browser.Int(browser.Arg(args, 0)), browser.Arg(args, 1), browser.Arg(args, 2))
		}},
		{"token", func(args []browser.Value) (any, error) {
			return h.token(browser.Int(browser.Arg(args, 0)), browser.True(browser.Arg(args, 1)))
		}},
		{"cancel", func(args []browser.Value) (any, error) {
			h.cancelCall(browser.Int(browser.Arg(args, 0)))
			return nil, nil
		}},
		{"configure", func(args []browser.Value) (any, error) { h.configure(browser.Arg(args, 0)); return nil, nil }},
		{"close", func([]browser.Value) (any, error) { h.close(); fs.release(); return nil, nil }},
	})
	if err != nil {
		h.cancel()
		return nil, err
	}
	p.add(h)
	h.configure(config)
	return object.Value()
}

// close ends the calls under way and lets go of the token.
func (h *handle) close() {
	h.program.remove(h)
	h.cancel()
	h.mu.Lock()
	tokens := h.tokens
	h.tokens = nil
	h.mu.Unlock()
	if tokens != nil {
		tokens.Close()
	}
}

// configure replaces the client. Calls under way keep the one they began with.
func (h *handle) configure(config browser.Value) {
	next := settingsOf(config)
	h.mu.Lock()
	same := h.identity == next.identity && h.tokens != nil
	moved := h.generation != next.generation
	old := h.tokens
	h.settings = next
	h.mu.Unlock()
	var err error
	if !same {
		if old != nil {
			old.Close()
		}
		err = h.identify(next.identity)
	}
	if err == nil {
		err = h.dress(config)
	}
	h.mu.Lock()
	h.err = err
	tokens := h.tokens
	h.mu.Unlock()
	if same && moved && tokens != nil {
		h.pushToken(tokens.Holding())
	}
}

// identify makes the client and its tokens for another identity.
func (h *handle) identify(id identity) error {
	base, err := isojot.NewClient(id.endpoint, id.project, h.options.client...)
	if err == nil {
		base, err = base.With(isojot.WithSession(id.session), isojot.WithJWT(id.jwt), isojot.WithKey(id.key))
	}
	var tokens *isojot.SessionTokens
	if err == nil {
		tokens, err = base.Account.TokenSource(h.options.token...)
	}
	h.mu.Lock()
	h.base, h.tokens, h.client = base, tokens, nil
	h.mu.Unlock()
	if err != nil {
		h.pushToken(isojot.Holding{})
		return err
	}
	tokens.OnToken(h.pushToken)
	tokens.OnChange(h.pushChange)
	return nil
}

// dress gives the client what a call may change: its locale and headers.
func (h *handle) dress(config browser.Value) error {
	opts, err := dressOf(config)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	client, err := h.base.With(opts...)
	if err == nil {
		err = h.tokens.Rebase(client)
	}
	if err == nil {
		client = h.tokens.Client()
		if h.jwt != "" {
			client = h.tokens.TokenClient()
		}
	}
	h.client = client
	return err
}

// current is the client and the tokens as they are now.
func (h *handle) current() (*isojot.Client, *isojot.SessionTokens, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.client, h.tokens, h.err
}

// promise runs work as the call with that id, until it is done or cancelled.
func (h *handle) promise(id int, work func(context.Context) (any, error)) (any, error) {
	ctx, cancel := context.WithCancel(h.ctx)
	h.mu.Lock()
	h.cancels[id] = cancel
	h.mu.Unlock()
	h.program.calls.Add(1)
	return browser.Promise(func() (any, error) {
		defer h.program.calls.Done()
		defer h.cancelCall(id)
		return work(ctx)
	}, failure)
}

func (h *handle) cancelCall(id int) {
	h.mu.Lock()
	cancel := h.cancels[id]
	delete(h.cancels, id)
	h.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}
