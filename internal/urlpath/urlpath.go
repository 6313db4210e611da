// Package urlpath tells paths that mean the same to everybody who reads them
// from those that may lead elsewhere.
package urlpath

import (
	"net/url"
	"slices"
	"strings"
)

// Plain reports whether an escaped path begins with a slash and has no strange
// segments; a slash may end it.
func Plain(path string) bool {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok || rest == "" {
		return ok
	}
	return !slices.ContainsFunc(strings.Split(strings.TrimSuffix(rest, "/"), "/"), Strange)
}

// Strange reports whether a segment of an escaped path could mean another path to
// whoever reads it next (RFC 3986 section 5.2.4): it is empty or of dots, or
// has what some take for a slash, decode once more, or cut off.
func Strange(segment string) bool {
	plain, err := url.PathUnescape(segment)
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	return err != nil || plain == "" || plain == "." || plain == ".." ||
		strings.ContainsAny(plain, `/\%;`) || strings.ContainsFunc(plain, control)
}
