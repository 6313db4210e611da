package server

import (
	"net/http"
	"time"

	"github.com/isojot/isojot/internal/sessioncookie"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/reach"
)

// flowCookie is the name of the cookie by which a browser shows that it started a
// sign-in: one for each, so that tabs do not disturb each other. By TLS browsers
// take it from this host alone (the prefix __Host-, RFC 6265bis), so that no
// neighbouring host can plant one.
func flowCookie(r *http.Request, state string) string {
	name := "isojot_oauth2_" + ids.Hash(state)[:16]
	if reach.Secure(r) {
		return "__Host-" + name
	}
	return name
}

// setFlowCookie gives the browser its secret for a sign-in; "" takes it back. Lax:
// the provider is another site, and sends the browser by a link.
func (c *call) setFlowCookie(state, browser string) {
	age := int(oauth2Life / time.Second)
	if browser == "" {
		age = -1
	}
	http.SetCookie(c.w, &http.Cookie{
		Name: flowCookie(c.r, state), Value: browser, Path: "/", MaxAge: age,
		Secure: reach.Secure(c.r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// flowSecret is the secret that the browser keeps for a sign-in; "" where it has
// none, or several that differ, one of which another host may have planted.
func (c *call) flowSecret(state string) string {
	value, ok := sessioncookie.Agreed(c.r.CookiesNamed(flowCookie(c.r, state)))
	if !ok {
		return ""
	}
	return value
}
