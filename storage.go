package isojot

import (
	"encoding/base64"
	"strings"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/jsonobj"
)

// Storage keeps a few short strings by name, as localStorage does. An
// implementation must be safe for concurrent use. What it cannot keep, it
// forgets: a session that is not remembered shows at the next call.
type Storage interface {
	// Get returns the value, or "" when there is none.
	Get(name string) string
	// Set keeps the value under the name; "" removes it.
	Set(name, value string)
}

func (c *config) cookieName() string { return "a_session_" + ascii.Lower(c.project) }

// SessionSecret returns the session that the answer of a sign-in hands to a
// client that has no cookie jar, for WithSession. It is "" in browsers and
// for other answers.
func (c *Client) SessionSecret(res *Response) string {
	if c.cfg().jar {
		return ""
	}
	return c.cfg().sessionSecret(res)
}

// sessionSecret returns the session that a sign-in's answer hands to clients
// without a cookie jar, or "".
func (c *config) sessionSecret(res *Response) string {
	if secret, cleared := sessionCookie(res, c.cookieName()); secret != "" && !cleared {
		return secret
	}
	return sessionIn(res.Get("x-fallback-cookies"), c.project)
}

// sessionCookie reads the session cookie out of Set-Cookie (RFC 6265 section
// 4.1.1). Browsers hide the header.
func sessionCookie(res *Response, name string) (secret string, cleared bool) {
	for _, line := range res.Header["set-cookie"] {
		pair, _, _ := strings.Cut(line, ";")
		key, value, _ := strings.Cut(pair, "=")
		if ascii.EqualFold(ascii.Trim(key), name) {
			cleared = value == "deleted" || value == ""
			secret = unescapeCookie(value)
		}
	}
	if cleared || strings.ContainsAny(secret, "\"\\") {
		secret = ""
	}
	return secret, cleared
}

// unescapeCookie undoes the percent-encoding that the server puts on the
// three characters of base64 that need it (contract section 4); a "+" stays.
func unescapeCookie(value string) string {
	for i := 0; i+2 < len(value); i++ {
		if value[i] != '%' {
			continue
		}
		for _, c := range [...]struct{ code, char string }{{"2b", "+"}, {"2f", "/"}, {"3d", "="}} {
			if ascii.EqualFold(value[i+1:i+3], c.code) {
				value = value[:i] + c.char + value[i+3:]
				break
			}
		}
	}
	return value
}

// sessionUser reads the user's id out of a session (contract section 4), or
// returns "".
func sessionUser(session string) string {
	data, err := base64.StdEncoding.DecodeString(session)
	if err != nil {
		return ""
	}
	obj, _ := jsonobj.Parse(string(data)) // of no object nothing is known
	user, _ := obj.String("id")
	return user
}
