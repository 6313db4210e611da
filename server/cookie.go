package server

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/sessioncookie"
	"github.com/isojot/isojot/server/internal/reach"
)

// headerFallback carries the session for clients without cookies.
const headerFallback = "X-Fallback-Cookies"

// legacySuffix marks the cookie without SameSite: browsers drop SameSite=None
// where the page came by plain http.
const legacySuffix = "_legacy"

// cookiePrefix begins the names of all session cookies.
const cookiePrefix = "a_session_"

// cookieName is the name of a project's session cookie.
func cookieName(project string) string { return cookiePrefix + project }

// setSession gives the client a session: by both cookies and, where cookies
// may not reach it, by the fallback header (contract section 4).
func (c *call) setSession(store string, expires time.Time) {
	c.removeTwins()
	c.setCookies(url.QueryEscape(store), expires)
	if !c.cookiesReach() {
		value, err := json.Marshal(map[string]string{cookieName(c.project.ID): store})
		if err != nil { // strings always encode
			panic(err)
		}
		c.w.Header().Set(headerFallback, string(value))
	}
}

// removeTwins removes cookies of this host alone, such as a server that renders
// pages here sets. Where the session's have a domain, browsers would keep both
// (RFC 6265bis, "Storage Model"), and of two that differ none counts.
func (c *call) removeTwins() {
	if cookieDomain(c.r.Host) == "" { // they have the same place
		return
	}
	name := cookieName(c.project.ID)
	for _, name := range []string{name + legacySuffix, name} {
		if len(c.r.CookiesNamed(name)) > 0 {
			c.w.Header().Add("Set-Cookie", name+"="+sessioncookie.Deleted+"; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly")
		}
	}
}

// clearSession takes a session back from the client.
func (c *call) clearSession() {
	c.setCookies(sessioncookie.Deleted, time.Unix(1, 0))
	c.clearFallback()
}

// clearFallback empties what the client keeps for the fallback header.
func (c *call) clearFallback() { c.w.Header().Set(headerFallback, "[]") }

// setCookies sets both cookies; the order and spelling of their attributes
// are Appwrite's (contract section 13.6).
func (c *call) setCookies(value string, expires time.Time) {
	attributes := fmt.Sprintf("=%s; expires=%s; Max-Age=%d; path=/;", value,
		expires.UTC().Format("Mon, 02-Jan-2006 15:04:05 GMT"), max(int64(expires.Sub(c.now)/time.Second), 0))
	if domain := cookieDomain(c.r.Host); domain != "" {
		attributes += " domain=" + domain + ";"
	}
	if reach.Secure(c.r) {
		attributes += " secure;"
	}
	attributes += " HttpOnly"
	name := cookieName(c.project.ID)
	c.w.Header().Add("Set-Cookie", name+legacySuffix+attributes)
	c.w.Header().Add("Set-Cookie", name+attributes+"; SameSite=None")
}

// domainPattern is a host with at least two labels.
var domainPattern = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// cookieDomain is the cookies' domain for the Host of a request: "." and the
// host, and none for addresses and for single names such as localhost, which
// browsers would refuse.
func cookieDomain(host string) string {
	host = reach.Hostname(host)
	if _, err := netip.ParseAddr(host); err == nil || !domainPattern.MatchString(host) || strings.HasSuffix(host, ".localhost") {
		return ""
	}
	return "." + host
}

// cookiesReach reports whether the page that calls is of the site of this
// server, so that its cookies work and the secret can stay out of JavaScript:
// whether the two have the same registrable domain (contract section 4).
func (c *call) cookiesReach() bool {
	page := c.r.Header.Get("Origin")
	if page == "" {
		page = c.r.Header.Get("Referer")
	}
	u, err := url.Parse(strings.ToLower(page))
	if err != nil {
		return false
	}
	site := reach.Site(reach.Hostname(c.r.Host))
	return site != "" && site == reach.Site(u.Hostname())
}
