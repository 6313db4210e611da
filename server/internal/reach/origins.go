package reach

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/server/internal/wire"
)

// localHosts are always allowed.
var localHosts = []string{"localhost", "127.0.0.1", "::1"}

// platforms are the schemes of origins whose host is looked up, and what
// Appwrite calls the clients that send them (contract section 8).
var platforms = map[string]string{
	"http":                 "Web",
	"https":                "Web",
	"tauri":                "Web",
	"chrome-extension":     "Web (Chrome Extension)",
	"moz-extension":        "Web (Firefox Extension)",
	"safari-web-extension": "Web (Safari Extension)",
	"appwrite-android":     "Android",
	"appwrite-ios":         "iOS",
	"appwrite-macos":       "macOS",
	"appwrite-tvos":        "tvOS",
	"appwrite-watchos":     "watchOS",
	"appwrite-linux":       "Linux",
	"appwrite-windows":     "Windows",
}

// appSchemes are the schemes of native apps that a platform of one of them
// lets in: Appwrite knows Apple's systems as one (contract section 13.5).
var appSchemes = [][]string{
	{"appwrite-android"},
	{"appwrite-ios", "appwrite-macos", "appwrite-tvos", "appwrite-watchos"},
	{"appwrite-linux"},
	{"appwrite-windows"},
}

// webviewSchemes are those from which Capacitor, Ionic and Electron serve the
// pages of an app. Their hosts say little (localhost is usual, and no name that
// anybody registered): each is listed with its scheme, lets in nothing else by it,
// and is let in by nothing else. Appwrite has them since September 2026.
var webviewSchemes = []string{"capacitor", "ionic", "app"}

// hostPattern is what a host to allow looks like, IPv6 addresses apart.
var hostPattern = regexp.MustCompile(`^(\*\.)?[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?$`)

// Origins are the hosts whose pages may call.
type Origins struct {
	any      bool
	hosts    []string
	suffixes []string // ".example.com"
	schemes  []string // of native apps that are let in, whatever their host
	named    []string // those of hosts that an entry names as more than a native app's
	webviews []webview
}

// webview is where an app's pages are served from. The host may be a pattern, as
// in the entries of Options.AllowOrigins.
type webview struct{ scheme, host string }

func (w webview) is(from origin) bool {
	suffix, below := strings.CutPrefix(w.host, "*")
	return w.scheme == from.scheme && (w.host == from.host || below && from.host != "" && strings.HasSuffix(from.host, suffix))
}

// Anywhere allows the pages of all hosts.
var Anywhere = &Origins{any: true}

// ParseOrigins reads Options.AllowOrigins.
func ParseOrigins(entries []string) (Origins, error) {
	o := Origins{hosts: slices.Clone(localHosts), named: localHosts}
	for _, entry := range entries {
		scheme, host, err := hostOf(entry)
		if err != nil {
			return Origins{}, err
		}
		o.allowScheme(scheme)
		if !native(scheme) && !slices.Contains(webviewSchemes, scheme) {
			o.named = append(o.named, host)
		}
		switch {
		case slices.Contains(webviewSchemes, scheme):
			o.webviews = append(o.webviews, webview{scheme, host})
		case host == "*":
			o.any = true
		case strings.HasPrefix(host, "*."):
			o.suffixes = append(o.suffixes, host[1:])
		case !slices.Contains(o.hosts, host):
			o.hosts = append(o.hosts, host)
		}
	}
	return o, nil
}

// native reports whether a scheme is one of native apps.
func native(scheme string) bool {
	return slices.ContainsFunc(appSchemes, func(system []string) bool { return slices.Contains(system, scheme) })
}

// allowScheme lets in the native apps of a scheme, if it is one of these.
func (o *Origins) allowScheme(scheme string) {
	for _, system := range appSchemes {
		if slices.Contains(system, scheme) && !slices.Contains(o.schemes, scheme) {
			o.schemes = append(o.schemes, system...)
		}
	}
}

// canBeAllowed reports whether pages or apps of a scheme are ever let in.
func canBeAllowed(scheme string) bool {
	_, known := platforms[scheme]
	return known || scheme == "exp" || slices.Contains(webviewSchemes, scheme) || strings.HasPrefix(scheme, "appwrite-callback-")
}

// hostOf returns the scheme and the host of an entry of Options.AllowOrigins,
// in lower case.
func hostOf(entry string) (scheme, host string, err error) {
	bad := func(why string) (string, string, error) {
		return "", "", fmt.Errorf("server: the allowed origin %q %s: use a URL such as https://app.example.com, a host such as app.example.com, *.example.com, *, or an app such as capacitor://localhost and appwrite-android://com.example.app", mask.URL(entry), why)
	}
	text := strings.ToLower(strings.TrimSpace(entry))
	if text == "*" {
		return "", text, nil
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return bad("is not a URL or host")
	case !canBeAllowed(u.Scheme):
		return bad("has a scheme from which nothing is let in")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return bad("has more than a scheme, a host and a port")
	}
	host = u.Hostname()
	if !strings.Contains(host, ":") && !hostPattern.MatchString(host) && !hostOfApp(u.Scheme, host) {
		return bad("has no valid host")
	}
	return u.Scheme, host, nil
}

// hostOfApp reports whether the host is one that only webviews have: "-" and "."
// are usual in Electron, and "*" is every host of the scheme.
func hostOfApp(scheme, host string) bool {
	return slices.Contains(webviewSchemes, scheme) && (host == "-" || host == "." || host == "*")
}

// Allows reports whether pages of that host may call.
func (o Origins) Allows(host string) bool {
	if o.any || slices.Contains(o.hosts, host) {
		return true
	}
	return slices.ContainsFunc(o.suffixes, func(s string) bool { return strings.HasSuffix(host, s) })
}

// List names the allowed hosts as they are written in a URL, those of webviews
// with their schemes.
func (o Origins) List() []string {
	var all []string
	for _, h := range o.hosts {
		if strings.Contains(h, ":") {
			h = "[" + h + "]"
		}
		all = append(all, h)
	}
	for _, s := range o.suffixes {
		all = append(all, "*"+s)
	}
	for _, w := range o.webviews {
		all = append(all, w.scheme+"://"+w.host)
	}
	if o.any {
		all = append(all, "*")
	}
	return all
}

// origin is an Origin header.
type origin struct{ text, scheme, host string }

// parseOrigin reads an Origin header; without a scheme ("null") it is not ok.
func parseOrigin(header string) (origin, bool) {
	text := strings.ToLower(header)
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || !strings.Contains(text, "://") {
		return origin{}, false
	}
	return origin{text: text, scheme: u.Scheme, host: u.Hostname()}, true
}

// Check refuses the origins that may not call a project (contract section 8).
func (o Origins) Check(header, project string) error {
	from, ok := parseOrigin(header)
	if !ok {
		return wire.Fail(isojot.ErrUnknownOrigin)
	}
	if from.scheme == "exp" || project != "" && from.scheme == "appwrite-callback-"+project || slices.Contains(o.schemes, from.scheme) {
		return nil
	}
	platform, ok := platforms[from.scheme]
	hosts := o.Allows
	if slices.ContainsFunc(o.webviews, func(w webview) bool { return w.scheme == from.scheme }) {
		platform, ok = "Web", true
		hosts = func(string) bool { return o.showsApp(from) }
	}
	if !ok {
		return wire.Failf(isojot.ErrUnknownOrigin, "Invalid Scheme. The scheme used (%s) in the Origin (%s) is not supported. If you are using a custom scheme, please change it to `appwrite-callback-<PROJECT_ID>`", from.scheme, from.text)
	}
	if hosts(from.host) {
		return nil
	}
	return wire.Failf(isojot.ErrUnknownOrigin, "Invalid Origin. Register your new client (%s) as a new %s platform on your project console dashboard", from.host, platform)
}

// showsApp reports whether the origin is a webview that is let in.
func (o Origins) showsApp(from origin) bool {
	return slices.ContainsFunc(o.webviews, func(w webview) bool { return w.is(from) })
}

// Echo names the page that may read the answer to a request in the answer's
// header, if its host is allowed. So it may read why a scheme is refused, as
// Appwrite has it.
func (o *Origins) Echo(h http.Header, r *http.Request) {
	header := r.Header.Get("Origin")
	if header == "" {
		return
	}
	if from, ok := parseOrigin(header); ok && from.host != "" && (o.Allows(from.host) || o.showsApp(from)) {
		h.Set("Access-Control-Allow-Origin", from.text)
	}
}
