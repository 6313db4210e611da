// Package sessioncookie says which session the cookies of a request mean, alike
// for the server, for package ssr and, by the same test data
// (testdata/cookies.json), for the npm package's server client.
package sessioncookie

import (
	"net/http"
	"strings"
)

const (
	// maxSession bounds what is taken for a session, in bytes.
	maxSession = 8 << 10
	// Deleted is the value with which servers take a session back.
	Deleted = "deleted"
)

// Agreed returns the session that all the cookies hold, which are those of one
// name: "" where none holds any. Cookies that cannot hold one are left out. ok
// is false where two differ.
//
// Then none counts: a page of a neighbouring host may have set one of them, for
// a parent domain or for a longer path, and nothing in the request tells which.
// Their order does not: browsers send the cookie of the longer path first, and
// of equal ones the older (RFC 6265 section 5.4), both of which the neighbour
// can choose, and so could have its own session used in place of the user's,
// whether the first counted or the last.
func Agreed(cookies []*http.Cookie) (session string, ok bool) {
	for _, cookie := range cookies {
		found := In(cookie.Value)
		if session != "" && found != "" && found != session {
			return "", false
		}
		if found != "" {
			session = found
		}
	}
	return session, true
}

// decoder undoes the percent-encoding of the three characters of base64 that
// servers encode (contract section 4); a "+" stays.
var decoder = strings.NewReplacer("%2B", "+", "%2b", "+", "%2F", "/", "%2f", "/", "%3D", "=", "%3d", "=")

// In is the session in a cookie's value, or "" where it can be none, which is a
// guest's, as servers have it.
func In(value string) string {
	session := decoder.Replace(value)
	unusable := func(r rune) bool { return r < '!' || r > '~' }
	if len(session) > maxSession || session == Deleted || strings.ContainsFunc(session, unusable) {
		return ""
	}
	return session
}
