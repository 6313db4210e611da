package isojot

import (
	"strings"

	"github.com/isojot/isojot/internal/ascii"
)

// expand fills the wildcards of a pattern; {project} is the client's own.
func (c *config) expand(pattern string, values map[string]string) (string, *Error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, _ := strings.Cut(rest, "}")
		value := values[name]
		if name == "project" && value == "" {
			value = c.project
		}
		// A dot segment would name another path (RFC 3986 section 5.2.4).
		if value == "" || value == "." || value == ".." {
			return "", invalid(name + ": " + quote(value) + " cannot be an id; pass the id of what is meant")
		}
		b.WriteString(escape(value))
		pattern = after
	}
}

// escape percent-encodes what JavaScript's encodeURIComponent does, as the
// official SDKs: all but the unreserved characters (RFC 3986 section 2.3) and
// five others that mean nothing in a path. net/url is not linked into the browser
// build.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; ascii.Alphanumeric(c) || strings.IndexByte("-._~!'()*", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
		}
	}
	return b.String()
}

// queryOf writes a query down, in the order of its names unless it is written
// already.
func queryOf(p Params) string {
	if p.RawQuery != "" {
		return "?" + p.RawQuery
	}
	query, values := "", p.Query
	for _, name := range inOrder(values) {
		separator := "&"
		if query == "" {
			separator = "?"
		}
		query += separator + escape(name) + "=" + escape(values[name])
	}
	return query
}

// inOrder returns the names of a map, of which there are few, sorted. The sort
// of package slices would add 4 kB to the browser build.
func inOrder(values map[string]string) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
		for i := len(names) - 1; i > 0 && names[i] < names[i-1]; i-- {
			names[i], names[i-1] = names[i-1], names[i]
		}
	}
	return names
}
