package ssr

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/sessioncookie"
)

// legacySuffix marks the server's second cookie, for browsers of old (contract
// section 4). It is read and removed, never set.
const legacySuffix = "_legacy"

// sessionCookie is the cookie of a project's sessions, which the API's server,
// the browser's SDK and the npm package's server client share.
type sessionCookie struct{ name string }

// newSessionCookie: servers write the name in lower case.
func newSessionCookie(project string) sessionCookie {
	return sessionCookie{"a_session_" + strings.ToLower(project)}
}

func (c sessionCookie) names() []string { return []string{c.name, c.name + legacySuffix} }

// is reports whether a cookie of that name is one of the project's.
func (c sessionCookie) is(name string) bool { return name == c.name || name == c.name+legacySuffix }

// read returns the session that a request presents, or "". Two cookies of one
// name that differ count as none.
func (c sessionCookie) read(r *http.Request) string {
	for _, name := range c.names() {
		session, ok := sessioncookie.Agreed(r.CookiesNamed(name))
		if !ok || session != "" {
			return session
		}
	}
	return ""
}

// kept is the cookie of a new session. It ends with the session.
func (c sessionCookie) kept(s *isojot.Session, secure bool) *http.Cookie {
	cookie := own(c.name, url.QueryEscape(s.Secret), secure)
	cookie.Expires = s.Expire.Time
	return cookie
}

// removed takes a cookie of that name away.
func removed(name string, secure bool) *http.Cookie {
	cookie := own(name, "", secure)
	cookie.MaxAge, cookie.Expires = -1, time.Unix(1, 0)
	return cookie
}

// own is a cookie for this origin alone. Lax lets links from other sites find
// their user signed in, and keeps the cookie out of what those sites post.
func own(name, value string, secure bool) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
}

// in reports whether Set-Cookie lines set or remove a session.
func (c sessionCookie) in(lines []string) bool {
	for _, line := range lines {
		name, _, _ := strings.Cut(line, "=")
		if c.is(strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// cleared reports whether Set-Cookie lines remove the session.
func (c sessionCookie) cleared(lines []string) bool {
	for _, line := range lines {
		if cookie, err := http.ParseSetCookie(line); err == nil && cookie.Name == c.name && removes(cookie) {
			return true
		}
	}
	return false
}

func removes(cookie *http.Cookie) bool {
	return cookie.MaxAge < 0 || sessioncookie.In(cookie.Value) == ""
}
