package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// checkHost refuses requests to what this server alone has, where their Host is
// no name of its own: a page of any site can have its name lead to this machine
// (DNS rebinding), and is then of this server's origin to the browser. Names of
// its own are the local ones, those that may call, and that of the endpoint.
func (s *Server) checkHost(r *http.Request, own *reach.Origins) error {
	host := reach.Hostname(r.Host)
	if host != "" && (own.Allows(host) || host == s.endpointHost()) {
		return nil
	}
	s.log.Warn("a host was refused", "host", host, "path", r.URL.Path, "hint", "start isojot with --allow-origin and that host, if it is yours")
	return wire.Failf(isojot.ErrHostNotAllowed, "This server does not answer here at the host %q. If the name is yours, start isojot with --allow-origin %s (in Go: Options.AllowOrigins).", host, host)
}

// endpointHost is the host of Options.Endpoint, "" without one.
func (s *Server) endpointHost() string {
	u, err := url.Parse(s.options.Endpoint)
	if err != nil { // New has refused it
		return ""
	}
	return strings.ToLower(u.Hostname())
}
