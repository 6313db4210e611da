package server

import (
	"net/http"
	"slices"
	"strings"
)

// toldByProxies are headers by which proxies tell from where a request came and
// what it asked for, beside those that begin with one of proxyPrefixes; and
// Proxy, which CGI programs take for a setting. Who reads them believes them.
var (
	toldByProxies = []string{"Cf-Connecting-Ip", "Cf-Connecting-Ipv6", "Client-Ip", "Fastly-Client-Ip", "Fly-Client-Ip", "Forwarded", "Proxy", "True-Client-Ip",
		"X-Client-Ip", "X-Cluster-Client-Ip", "X-Envoy-External-Address", "X-Real-Ip", "X-Rewrite-Url"}
	proxyPrefixes = []string{"X-Appwrite-", "X-Forwarded-", "X-Original-"}
)

// withoutClaims takes out what only this server and proxies may tell a function,
// and names that are not of letters, digits and hyphens: to programs that read
// headers as CGI variables (RFC 3875 section 4.1.18), X_Appwrite_User_Id is
// X-Appwrite-User-Id.
func withoutClaims(h http.Header) http.Header {
	for name := range h {
		prefixed := slices.ContainsFunc(proxyPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		if prefixed || slices.Contains(toldByProxies, name) || !headerName.MatchString(name) {
			delete(h, name)
		}
	}
	return h
}

// passedHeaders are the headers of a request that its function gets: not what
// identifies the caller to this server, nor what only this server and trusted
// proxies may say.
func passedHeaders(r *http.Request) http.Header {
	h := withoutClaims(withoutHopByHop(r.Header.Clone()))
	h.Del(headerFallback)
	h.Del("Cookie")
	var cookies []string
	for _, cookie := range r.Cookies() {
		if !isSessionCookie(cookie.Name) {
			cookies = append(cookies, cookie.Name+"="+cookie.Value)
		}
	}
	if cookies != nil {
		h.Set("Cookie", strings.Join(cookies, "; "))
	}
	h.Set("Host", r.Host)
	return h
}

// isSessionCookie says whether a cookie, or a Set-Cookie header, is of a
// session. A cookie without a name is sent as its value alone, which must not
// look like one either.
func isSessionCookie(text string) bool {
	text = strings.ToLower(strings.TrimLeft(text, "= \t"))
	return strings.HasPrefix(text, cookiePrefix)
}
