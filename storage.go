package isojot

import (
	"encoding/base64"
	"strings"

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

// storageName is where the official web SDK keeps the session for browsers
// that block the cookie, in the form of the X-Fallback-Cookies header: an
// object from cookie name to value. Sharing it keeps users signed in across a
// change of SDK.
const storageName = "cookieFallback"

func (c *config) cookieName() string { return "a_session_" + lower(c.project) }

// fallback returns the X-Fallback-Cookies header to send, or "". What was
// stored for another project is not sent.
func (c *config) fallback() string {
	if c.storage == nil {
		return ""
	}
	stored := c.storage.Get(storageName)
	if stored == "" || sessionIn(stored, c.project) == "" || checkCredential("", stored) != nil {
		return ""
	}
	return stored
}

// sessionIn reads the project's session out of a X-Fallback-Cookies header.
func sessionIn(fallback, project string) string {
	obj, err := jsonobj.Parse(fallback)
	if err != nil {
		return ""
	}
	for name := range obj {
		if equalFold(name, "a_session_"+project) {
			secret, _ := obj.String(name)
			return secret
		}
	}
	return ""
}

// remembers says whether an answer on this lane may change the storage: only
// where the storage, and not an explicit session, is who the client is.
func remembers(c *config, lane Lane) bool {
	return c.storage != nil && c.session == "" && (lane == LaneSession || lane == LaneGuest)
}

// remember keeps the session that the answer sets, and forgets one it clears.
func (c *config) remember(res *Response) {
	if header := res.Get("x-fallback-cookies"); header != "" {
		if strings.HasPrefix(header, "[") { // "[]" clears (contract section 4)
			header = ""
		}
		c.storage.Set(storageName, header)
		return
	}
	if secret, cleared := sessionCookie(res, c.cookieName()); cleared {
		c.storage.Set(storageName, "")
	} else if secret != "" {
		c.storage.Set(storageName, `{"`+c.cookieName()+`":"`+secret+`"}`)
	}
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
		if equalFold(trim(key), name) {
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
			if equalFold(value[i+1:i+3], c.code) {
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
