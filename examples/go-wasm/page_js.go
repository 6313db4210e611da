package main

import (
	"errors"
	"syscall/js"

	"github.com/isojot/isojot"
)

// page is the document, through the few calls that the program needs.
type page struct{ document js.Value }

func openPage() page { return page{js.Global().Get("document")} }

func (p page) element(id string) js.Value {
	return p.document.Call("getElementById", id)
}

func (p page) value(id string) string { return p.element(id).Get("value").String() }

// onClick runs do in a goroutine of its own: JavaScript waits for a callback
// to return, so a callback that itself waited for fetch would wait for ever.
// The button takes no second click meanwhile.
func (p page) onClick(id string, do func()) {
	button := p.element(id)
	busy := false // only touched by callbacks and goroutines of one thread
	button.Call("addEventListener", "click", js.FuncOf(func(js.Value, []js.Value) any {
		if busy {
			return nil
		}
		busy = true
		button.Call("setAttribute", "aria-busy", "true")
		go func() {
			defer func() {
				busy = false
				button.Call("removeAttribute", "aria-busy")
			}()
			do()
		}()
		return nil
	}))
}

// show adds a line to the log, newest first. It goes in as text, never as
// HTML: part of it comes from the server.
func (p page) show(action, text string, err error) {
	line := p.document.Call("createElement", "li")
	line.Get("dataset").Set("action", action)
	line.Get("dataset").Set("state", "ok")
	if err != nil {
		line.Get("dataset").Set("state", "bad")
		text = explain(err)
	}
	line.Set("textContent", action+": "+text)
	p.element("log").Call("prepend", line)
}

// explain says what an error means to the reader, by its type.
func explain(err error) string {
	switch {
	case errors.Is(err, isojot.ErrRateLimitExceeded):
		return "Too many tokens for now: keep using the one you have. " + err.Error()
	case errors.Is(err, isojot.ErrUnauthorizedScope):
		return "The server sees a guest: sign in first. " + err.Error()
	case errors.Is(err, isojot.ErrUnknownOrigin):
		return "The server does not know this page: start it with --allow-origin. " + err.Error()
	default:
		return err.Error()
	}
}
