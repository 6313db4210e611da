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
		return tokenObject(t), nil
	})
}

func tokenObject(t *isojot.Token) map[string]any {
	return map[string]any{
		"jwt": t.JWT, "userId": t.UserID, "sessionId": t.SessionID, "expiresAt": float64(t.Expiry.UnixMilli()),
	}
}

// pushToken hands JavaScript its copy of the token in hand.
func (h *handle) pushToken(now isojot.Holding) {
	payload := map[string]any{}
	if now.Token != nil {
		payload = tokenObject(now.Token)
		payload["freshFor"] = millis(now.Fresh)
		payload["liveFor"] = millis(now.Left)
	}
	h.mu.Lock()
	payload["generation"] = h.generation
	h.mu.Unlock()
	h.tell("token", payload)
}

func (h *handle) pushChange(c isojot.Change) {
	payload := map[string]any{"type": string(c.Kind), "userId": c.UserID, "sessionId": c.SessionID}
	if c.Token != nil {
		payload["token"] = tokenObject(c.Token)
	}
	if c.Err != nil {
		payload["error"] = failure(c.Err)
	}
	h.tell("change", payload)
}

// tell calls the loader's notify, which does not throw.
func (h *handle) tell(kind string, payload map[string]any) {
	if object, err := browser.Object(payload); err == nil {
		_, _ = h.notify.Invoke(kind, object)
	}
}

func millis(d time.Duration) float64 { return float64(d.Milliseconds()) }
