package ssr

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/urlpath"
)

// proxyMethods are those of the API's operations. OPTIONS is not among them: a
// page of this origin asks for no permission, and another gets none.
var proxyMethods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
}

// target is the URL at the endpoint for a request, or why there is none.
func (s *Sessions) target(endpoint *url.URL, r *http.Request) (*url.URL, *isojot.Error) {
	if !slices.Contains(proxyMethods, r.Method) {
		return nil, refusal(http.StatusMethodNotAllowed, isojot.ErrBadRequest, "The method "+r.Method+" is none of the API's")
	}
	if r.ContentLength > MaxProxyBody {
		return nil, refusal(http.StatusRequestEntityTooLarge, isojot.ErrBadRequest, tooLargeText)
	}
	if r.Header.Get("X-Appwrite-Key") != "" {
		return nil, refusal(http.StatusForbidden, isojot.ErrAccessForbidden, "API keys belong on servers, which reach the API directly: send no X-Appwrite-Key here")
	}
	if !s.onlyOurProject(r) {
		return nil, refusal(http.StatusForbidden, isojot.ErrAccessForbidden, "This origin serves the project "+s.base.Project()+" only")
	}
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), ProxyPath)
	segments := strings.Split(rest, "/")
	if !ok || slices.ContainsFunc(segments, urlpath.Strange) {
		return nil, refusal(http.StatusNotFound, isojot.ErrRouteNotFound, "No path of the API: below "+ProxyPath+
			", without empty or dot segments and without encoded slashes")
	}
	target := *endpoint
	target.Path = endpoint.Path + "/" + strings.TrimPrefix(r.URL.Path, ProxyPath)
	target.RawPath = endpoint.EscapedPath() + "/" + rest
	target.RawQuery = r.URL.RawQuery
	return &target, nil
}

// onlyOurProject reports whether a request names no other project, in the header
// or in the query (contract section 13.7). The body's counts where neither
// does, and the header always will.
func (s *Sessions) onlyOurProject(r *http.Request) bool {
	query, err := url.ParseQuery(r.URL.RawQuery)
	named := slices.Concat(r.Header.Values("X-Appwrite-Project"), query["project"])
	return err == nil && !slices.ContainsFunc(named, func(id string) bool { return !strings.EqualFold(id, s.base.Project()) })
}

func refusal(status int, kind isojot.ErrorType, message string) *isojot.Error {
	return &isojot.Error{Code: status, Type: kind, Message: message}
}

// passed are the headers that go to the API, besides those with a prefix of
// passedPrefixes: what it reads, and what says how to read the body. Cookie,
// Authorization, Origin and whatever else the program's own origin may have are
// none of its business.
var (
	passed = []string{
		"Accept", "Accept-Language", "Cache-Control", "Content-Encoding", "Content-Type", "If-Modified-Since", "If-None-Match",
		"Range", "User-Agent",
	}
	passedPrefixes = []string{"X-Appwrite-", "X-Sdk-"}
)

// rewrite makes the request that goes to the API.
func (s *Sessions) rewrite(p *httputil.ProxyRequest) {
	header := http.Header{}
	for name, values := range p.Out.Header { // without hop-by-hop ones
		prefixed := slices.ContainsFunc(passedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		if prefixed || slices.Contains(passed, name) {
			header[name] = values
		}
	}
	header.Set("X-Appwrite-Project", s.base.Project())
	p.Out.Header = header
	p.Out.Host = "" // the URL's
	about, _ := p.In.Context().Value(proxiedKey{}).(proxied)
	if about.session != "" {
		header.Set("Cookie", fmt.Sprintf("%s=%s", s.cookie.name, url.QueryEscape(about.session)))
	}
	s.forwarded(p)
}

// forwarded tells the API whom the request came from and how. It believes that
// where it was told to.
func (s *Sessions) forwarded(p *httputil.ProxyRequest) {
	p.SetXForwarded()
	if s.address != nil {
		p.Out.Header.Del("X-Forwarded-For")
		if address := s.validAddress(p.In); address != "" {
			p.Out.Header.Set("X-Forwarded-For", address)
		}
	}
	if s.public != nil {
		p.Out.Header.Set("X-Forwarded-Proto", s.public.Scheme)
		p.Out.Header.Set("X-Forwarded-Host", s.public.Host)
	}
}
