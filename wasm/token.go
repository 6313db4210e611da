//go:build js && wasm

package main

import (
	"context"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// token returns the promise of a token. JavaScript asks when its copy is not
// fresh: it gets the present one again, too.
func (h *handle) token(id int, force bool) (any, error) {
	_, tokens, err := h.current()
	return h.promise(id, func(ctx context.Context) (any, error) {
		if err != nil {
			return nil, err
		}
		get := tokens.Token
		if force {
			get = tokens.ForceRefresh
		}
		t, err := get(ctx)
		if err != nil {
			return nil, err
		}
		h.pushToken(tokens.Holding())
		return tokenObject(t).Value()
	})
}

func tokenObject(t *isojot.Token) *browser.Object {
	o := browser.New("Object")
	o.Set("jwt", t.JWT)
	o.Set("userId", t.UserID)
	o.Set("sessionId", t.SessionID)
	o.Set("expiresAt", float64(t.Expiry.UnixMilli()))
	return o
}

// pushToken hands JavaScript its copy of the token in hand.
func (h *handle) pushToken(now isojot.Holding) {
	payload := browser.New("Object")
	if now.Token != nil {
		payload = tokenObject(now.Token)
		payload.Set("freshFor", millis(now.Fresh))
		payload.Set("liveFor", millis(now.Left))
	}
	h.mu.Lock()
	generation := h.generation
	h.mu.Unlock()
	payload.Set("generation", generation)
	h.tell("token", payload)
}

func (h *handle) pushChange(c isojot.Change) {
	payload := browser.New("Object")
	payload.Set("type", string(c.Kind))
	payload.Set("userId", c.UserID)
	payload.Set("sessionId", c.SessionID)
	if c.Token != nil {
		payload.Set("token", tokenObject(c.Token))
	}
	if c.Err != nil {
		payload.Set("error", failure(c.Err))
	}
	h.tell("change", payload)
}

// tell calls the loader's notify, which does not throw.
func (h *handle) tell(kind string, payload *browser.Object) {
	if object, err := payload.Value(); err == nil {
		_, _ = h.notify.Invoke(kind, object)
	}
}

func millis(d time.Duration) float64 { return float64(d.Milliseconds()) }
