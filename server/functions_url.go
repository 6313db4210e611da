package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	ops "github.com/isojot/isojot/internal/operations"
	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/wire"
)

// functionsPrefix is where functions answer plain HTTP, which is this server's
// own: /_functions/{project}/{functionId}/ and any path below. The project is
// in the path since neither a link nor a form sends headers.
const functionsPrefix = "/_functions/"

// functionPage is the endpoint of those paths.
var functionPage = endpoint{
	pattern: "* /functions/{functionId}", scope: ops.ExecuteScopes, project: "project", ownOrigin: true, handle: (*call).answerByFunction,
}

// serveFunction answers a request for a function's own path.
func (s *Server) serveFunction(w http.ResponseWriter, r *http.Request) {
	s.setCORS(w, r)
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		noContent(w)
		return
	}
	r = r.Clone(r.Context())
	// As it was sent: what is escaped, is for the function to read.
	project, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), functionsPrefix), "/")
	id, path, _ := strings.Cut(rest, "/")
	r.SetPathValue("project", project)
	r.SetPathValue("functionId", id)
	r.SetPathValue("path", "/"+path)
	if !trustedCookies(r) {
		r.Header.Del("Cookie")
	}
	s.handler(functionPage).ServeHTTP(w, r)
}

// trustedCookies reports whether the user meant to send the request: cookies come
// with what pages of other sites embed, too. A link may lead here from
// anywhere, as browsers' own rule for cookies has it (SameSite=Lax); requests
// with an Origin are checked by that, and browsers that tell neither are too
// old to be protected.
func trustedCookies(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	link := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	return link || r.Header.Get("Origin") != ""
}

// answerByFunction lets a function answer the request.
func (c *call) answerByFunction() error {
	id, err := c.functionID()
	if err != nil {
		return err
	}
	a := asked{method: c.r.Method, path: c.r.PathValue("path"), header: passedHeaders(c.r)}
	if c.r.URL.RawQuery != "" {
		a.path += "?" + c.r.URL.RawQuery
	}
	switch {
	case !slices.Contains(executionMethods, a.method):
		return wire.Fail(isojot.ErrRouteNotFound)
	case !validPath(a.path):
		return wire.Invalid("path", describePath)
	}
	fn, err := c.functionToRun(id, a.path)
	if err != nil {
		return err
	}
	if a.body, err = c.readBody(maxFunctionBody); err != nil {
		return err
	}
	e, result, err := c.runNow(fn, a)
	if err != nil {
		return err
	}
	c.w.Header().Set("X-Appwrite-Execution-Id", e.Record.ID)
	if result.Status == 0 {
		return wire.Failf(isojot.ErrFunctionFailed, "The function did not answer. The reason is in the execution %s.", e.Record.ID)
	}
	c.writeAnswer(fn, result)
	return nil
}

// sandbox keeps the page of a function from this server's origin: there its
// scripts could call the API as whoever looks at it. Browsers treat it as the
// page of a site of its own, which is signed in nowhere.
const sandbox = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-scripts"

// writeAnswer answers with what a function answered.
func (c *call) writeAnswer(fn *executions.Function, result *runner.Result) {
	h := c.w.Header()
	for name, values := range result.Header {
		switch {
		case isKeptBack(name):
		case name == "Set-Cookie":
			h[name] = ownCookies(values, functionsPrefix+c.r.PathValue("project")+"/"+c.r.PathValue("functionId"))
		case name == "Vary":
			h[name] = append(h[name], values...)
		default:
			h[name] = values
		}
	}
	if !fn.SameOrigin {
		h.Add("Content-Security-Policy", sandbox)
	}
	if h.Get("Cache-Control") == "" {
		h["Cache-Control"] = noStore
	}
	switch {
	case result.Status == http.StatusNoContent || result.Status == http.StatusNotModified:
		h.Del("Content-Length")
		c.w.WriteHeader(result.Status)
	case c.r.Method == http.MethodHead:
		c.w.WriteHeader(result.Status)
	default:
		c.s.write(c.w, result.Status, result.Body)
	}
}
