package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot/server/internal/executions"
)

// toldByProxies are headers by which proxies tell from where a request came and
// what it asked for, beside those that begin with one of proxyPrefixes; and
// Proxy, which CGI programs take for a setting. Who reads them believes them.
var (
	toldByProxies = []string{"Cf-Connecting-Ip", "Cf-Connecting-Ipv6", "Client-Ip", "Fastly-Client-Ip", "Fly-Client-Ip", "Forwarded", "Proxy", "True-Client-Ip",
		"X-Client-Ip", "X-Cluster-Client-Ip", "X-Envoy-External-Address", "X-Real-Ip", "X-Rewrite-Url"}
	proxyPrefixes = []string{"X-Appwrite-", "X-Forwarded", "X-Original-"}
)

// withoutClaims takes out what only this server and proxies may tell a function,
// and names that are not of letters, digits and hyphens: to programs that read
// headers as CGI variables (RFC 3875 section 4.1.18), X_Appwrite_User_Id is
// X-Appwrite-User-Id.
func withoutClaims(h http.Header) http.Header {
	for name := range h {
		if slices.Contains(toldByProxies, name) || hasPrefix(name, proxyPrefixes) || !headerName.MatchString(name) {
			delete(h, name)
		}
	}
	return h
}

// hasPrefix reports whether a name begins with one of the prefixes.
func hasPrefix(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// passedHeaders are the headers of a request that its function gets: not what
// identifies the caller to this server, nor what only this server and trusted
// proxies may say.
func passedHeaders(r *http.Request) http.Header {
	h := withoutClaims(executions.WithoutHopByHop(r.Header.Clone()))
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

// isSessionCookie reports whether a cookie, or a Set-Cookie header, is of a
// session. A cookie without a name is sent as its value alone, which must not
// look like one either.
func isSessionCookie(text string) bool {
	text = strings.ToLower(strings.TrimLeft(text, "= \t"))
	return strings.HasPrefix(text, cookiePrefix)
}

// keptBack are headers that a function cannot answer with, beside those that
// begin with one of keptBackPrefixes. They are about more than its own path:
// the whole origin, who may read answers, this server, or what the proxy before
// it does (X-Accel-Redirect: sends a file of its own).
var (
	keptBack = []string{"Accept-Ch", "Accept-Ch-Lifetime", "Activate-Storage-Access", "Alt-Svc", "Available-Dictionary", "Clear-Site-Data", "Critical-Ch",
		"Critical-Origin-Trial", "Expect-Ct", "Nel", "Observe-Browsing-Topics", "Origin-Agent-Cluster", "Origin-Trial", "Report-To", "Reporting-Endpoints",
		"Server", "Service-Worker-Allowed", "Set-Cookie2", "Set-Login", "Sourcemap", "Speculation-Rules", "Strict-Transport-Security", "Use-As-Dictionary",
		"X-Content-Type-Options", "X-Lighttpd-Send-File", "X-Sendfile", "X-Sourcemap", headerFallback}
	keptBackPrefixes = []string{"Access-Control-", "Attribution-Reporting-", "Public-Key-Pins", "Sec-", "Secure-Session-", "X-Accel-", "X-Appwrite-"}
)

// isKeptBack reports whether a function cannot answer with a header of that name.
func isKeptBack(name string) bool {
	return slices.Contains(keptBack, name) || hasPrefix(name, keptBackPrefixes)
}

// ownCookies are the Set-Cookie headers of a function, for its own path alone.
func ownCookies(values []string, path string) []string {
	var own []string
	for _, value := range values {
		if cookie := ownCookie(value, path); cookie != "" {
			own = append(own, cookie)
		}
	}
	return own
}

// ownCookie is a Set-Cookie header for the path of a function: the function
// takes that for the root, and so its cookie's path begins there. It is "" for
// what is no function's to set: sessions, what belongs to the whole host by its
// name, and what has no name. Browsers read attributes as here (RFC 6265 section
// 5.2): whatever stands between semicolons, of one name the last.
func ownCookie(value, path string) string {
	parts := strings.Split(value, ";")
	pair := strings.TrimSpace(parts[0])
	if isSessionCookie(pair) || pair == "" || strings.HasPrefix(strings.ToLower(strings.TrimLeft(pair, "= \t")), "__host-") {
		return ""
	}
	kept, below := []string{pair}, ""
	for _, part := range parts[1:] {
		name, text, _ := strings.Cut(part, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "path":
			below = strings.TrimSpace(text)
		case "domain", "":
		default:
			kept = append(kept, strings.TrimSpace(part))
		}
	}
	return strings.Join(append(kept, "Path="+cookiePath(below, path)), "; ")
}

// cookiePath is the path of a cookie, below the path of its function.
func cookiePath(asked, path string) string {
	switch {
	case asked == path || strings.HasPrefix(asked, path+"/"):
		return asked
	case !strings.HasPrefix(asked, "/") || asked == "/":
		return path
	}
	return path + asked
}
