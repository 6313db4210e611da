package server

import (
	"net/url"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// redirectURL is the parameter that says where a user goes on: a URL of one of
// the project's hosts (any port) or apps.
func (c *call) redirectURL(p wire.Params, name string) (string, error) {
	text, err := p.Text(name, "Invalid URI.", func(string) bool { return true })
	if err != nil {
		return "", err
	}
	if err := c.config.origins.CheckRedirect(name, text, c.project.ID); err != nil {
		// Appwrite's message sends its reader to a console that is not here.
		c.s.log.Warn("a URL to lead users to was refused", "project", c.project.ID, "hint", "start isojot with --allow-origin and its host, if it is yours")
		return "", err
	}
	return escapeBeyondASCII(text), nil
}

// escapeBeyondASCII percent-encodes what is not ASCII, as browsers do.
func escapeBeyondASCII(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		if ch := text[i]; ch < 0x80 {
			b.WriteByte(ch)
		} else {
			b.Write([]byte{'%', digits[ch>>4], digits[ch&15]})
		}
	}
	return b.String()
}

// linkParam is a parameter of a link, not encoded.
type linkParam struct{ name, value string }

// linkTo is a URL with parameters in its query, which are written in the place
// of those of the same name, else behind the others. What else it has, is kept.
func linkTo(address string, params ...linkParam) string {
	address, fragment, hasFragment := strings.Cut(address, "#")
	address, query, _ := strings.Cut(address, "?")
	for _, p := range params {
		query = setParam(query, p)
	}
	address += "?" + query
	if hasFragment {
		address += "#" + fragment
	}
	return address
}

// setParam writes a parameter into a query. It is there once then: which of two
// counts, differs from reader to reader.
func setParam(query string, p linkParam) string {
	pair := url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value)
	var pairs []string
	written := false
	for part := range strings.SplitSeq(query, "&") {
		switch {
		case part == "":
		case !isParam(part, p.name):
			pairs = append(pairs, part)
		case !written:
			pairs, written = append(pairs, pair), true
		}
	}
	if !written {
		pairs = append(pairs, pair)
	}
	return strings.Join(pairs, "&")
}

// isParam reports whether a pair of a query is the parameter of that name, or,
// in brackets, a member of it, as PHP reads them.
func isParam(pair, name string) bool {
	key, _, _ := strings.Cut(pair, "=")
	if decoded, err := url.QueryUnescape(key); err == nil {
		key = decoded
	}
	key, _, _ = strings.Cut(key, "[")
	return key == name
}

// ownPage is the URL of a page of this server, for a link that leads there. Its
// host is the endpoint's; without one, that of the request, which anybody can
// set, only if it is named as one of the server's.
func (c *call) ownPage(path string) (string, error) {
	if u, err := url.Parse(c.s.options.Endpoint); err == nil && u.Host != "" {
		return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}).String(), nil
	}
	host := c.r.Host
	if !reach.ValidAuthority(host) || !c.config.origins.Names(reach.Hostname(host)) {
		return "", wire.Failf(isojot.ErrHostNotAllowed, "This server has no page to lead users to at the host %q. Send url, or start isojot with --allow-origin and the host, if it is yours.", reach.Hostname(host))
	}
	scheme := "http"
	if reach.Secure(c.r) {
		scheme = "https"
	}
	return scheme + "://" + host + path, nil
}
