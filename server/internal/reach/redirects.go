package reach

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/isojot/isojot/server/internal/wire"
)

// maxRedirect is how long a URL to send a user to may be, in bytes.
const maxRedirect = 2048

// Patterns of the parts of a URL that decide where it leads. They are stricter
// than browsers are: what could be read in two ways (userinfo, escapes and
// letters beyond ASCII in a host, an empty host) is none.
var (
	schemePattern    = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
	authorityPattern = regexp.MustCompile(`^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?$`)
)

// target is where a URL leads: scheme and host in lower case, the host without
// port and brackets.
type target struct{ scheme, host string }

// ValidAuthority reports whether a text is a host, and maybe a port, as they
// stand in a URL: nothing that could be read as another host.
func ValidAuthority(text string) bool {
	match := authorityPattern.FindStringSubmatch(strings.ToLower(text))
	if match == nil {
		return false
	}
	if match[2] == "" {
		return true
	}
	port, err := strconv.Atoi(match[2][1:])
	return err == nil && port <= 65535
}

// parseTarget reads where a URL leads. One that names a scheme but no host, such
// as javascript:alert(1), has an empty host; what is no URL is not ok.
func parseTarget(text string) (t target, ok bool) {
	if len(text) > maxRedirect || !utf8.ValidString(text) || strings.ContainsFunc(text, ambiguous) {
		return target{}, false
	}
	scheme, rest, found := strings.Cut(text, ":")
	t.scheme = strings.ToLower(scheme)
	if !found || !schemePattern.MatchString(t.scheme) {
		return target{}, false
	}
	after, found := strings.CutPrefix(rest, "//")
	if !found {
		return t, true
	}
	authority := after
	if i := strings.IndexAny(after, "/?#"); i >= 0 {
		authority = after[:i]
	}
	if !ValidAuthority(authority) {
		return target{}, false
	}
	t.host = Hostname(authority)
	return t, true
}

// ambiguous reports whether a character has no place in a URL, where browsers
// drop it or read it as another.
func ambiguous(r rune) bool {
	return r == '\\' || r == '"' || r == '<' || r == '>' || unicode.IsSpace(r) || !unicode.IsPrint(r)
}

// CheckRedirect refuses, as the parameter of that name, a URL that does not lead to
// a host or an app of the project: links that are mailed carry secrets there.
// The entry "*" lets in pages of every host, but names none to send secrets to.
func (o *Origins) CheckRedirect(name, text, project string) error {
	to, ok := parseTarget(text)
	switch {
	case !ok:
		return wire.Invalid(name, "Invalid URI.")
	case o.leadsHome(to, project):
		return nil
	}
	host := ""
	if to.host != "" {
		host = "(" + to.host + ")"
	}
	return wire.Invalid(name, fmt.Sprintf("Invalid URI. Register your new client %s as a new %s platform on your project console dashboard", host, platforms[to.scheme]))
}

// leadsHome reports whether what a URL leads to is the project's.
func (o *Origins) leadsHome(to target, project string) bool {
	switch {
	case to.host == "":
		return false
	case project != "" && to.scheme == "appwrite-callback-"+project, slices.Contains(o.schemes, to.scheme):
		return true
	case slices.ContainsFunc(o.webviews, func(w webview) bool { return w.scheme == to.scheme }):
		return o.showsApp(origin{scheme: to.scheme, host: to.host})
	}
	_, known := platforms[to.scheme]
	return (known && !native(to.scheme) || to.scheme == "exp") && o.Names(to.host)
}

// Names reports whether an entry names that host as one of pages: "*" names
// none, and the package of a native app is no host, even where somebody has
// registered it as one.
func (o *Origins) Names(host string) bool {
	return slices.ContainsFunc(o.named, func(name string) bool {
		suffix, below := strings.CutPrefix(name, "*.")
		return name == host || below && strings.HasSuffix(host, "."+suffix)
	})
}
