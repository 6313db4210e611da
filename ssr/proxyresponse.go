package ssr

import (
	"net/http"
	"strings"
)

// withheld are the API's headers that are about its own origin, or hand the
// session to scripts.
var withheld = []string{"X-Fallback-Cookies", "Strict-Transport-Security", "Alt-Svc", "Clear-Site-Data"}

// modify makes the API's answer one of this origin.
func (s *Sessions) modify(res *http.Response) error {
	h := res.Header
	for _, name := range withheld {
		h.Del(name)
	}
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") {
			delete(h, name)
		}
	}
	about, _ := res.Request.Context().Value(proxiedKey{}).(proxied)
	if s.cookie.cleared(h["Set-Cookie"]) && about.session != "" {
		s.tokens.end(about.session)
	}
	s.ownCookies(res, about.secure)
	if s.cookie.in(h["Set-Cookie"]) {
		neverStore(h)
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", noStore)
	}
	addVary(h, "Cookie")
	return nil
}

// ownCookies makes the project's session cookie one of this origin's, and
// drops all others. The legacy one is removed but not set: it is for browsers
// that drop SameSite=None, which nothing has here.
func (s *Sessions) ownCookies(res *http.Response, secure bool) {
	cookies := res.Cookies()
	res.Header.Del("Set-Cookie")
	for _, c := range cookies {
		var mine *http.Cookie
		switch {
		case !s.cookie.is(c.Name):
			continue
		case removes(c):
			mine = removed(c.Name, secure)
		case c.Name == s.cookie.name:
			mine = own(c.Name, c.Value, secure)
			mine.Expires, mine.MaxAge = c.Expires, c.MaxAge
		default:
			continue
		}
		res.Header.Add("Set-Cookie", mine.String())
	}
}
