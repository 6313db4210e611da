package server

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	ops "github.com/isojot/isojot/internal/operations"
	"github.com/isojot/isojot/server/internal/wire"
)

// endpoint is one operation of the API: what package operations says of it, for
// the checks before its handler, and the handler.
type endpoint struct {
	// pattern is the method and the path below /v1.
	pattern string
	// aliases are further patterns with the same handler and limits.
	aliases []string
	// scope: the caller needs one of them.
	scope scopes
	// keyOnly: only callers with an API key may, whoever else has the scope.
	keyOnly bool
	// anywhere: the endpoint needs no project.
	anywhere bool
	// signIn: refused to callers that are signed in (the group "session" of
	// contract section 2).
	signIn bool
	// oneFactor: sessions may that have not shown their second factor.
	oneFactor bool
	// own: it concerns the session that is presented, whomever its user reads as.
	own bool
	// reads: it changes nothing. GET alone does not say so: it runs functions and
	// begins sign-ins too.
	reads bool
	// envelope: a request holds several operations, each of which makes the
	// checks of the caller for itself.
	envelope bool
	// maxBody is the largest body that is read, in bytes, where that is not
	// wire.MaxBody.
	maxBody int
	// project is the wildcard of the path that names the project; "" leaves it
	// to the query, the header and the body.
	project string
	// ownOrigin: pages of this server's own origin may call, whatever origins
	// the project allows, and nobody at a host that is not the server's.
	ownOrigin bool
	// secret: the answer is never compressed.
	secret bool
	// limit is how often it may be called; nil is without limit.
	limit limiter
	// page: browsers come here by themselves, so that errors are pages.
	page bool
	// method: refused where the project has switched this way of signing in off.
	method AuthMethod
	handle func(*call) error
}

// path is the path of the endpoint's own pattern, of whatever alias the
// request took.
func (ep endpoint) path() string {
	_, path, _ := strings.Cut(ep.pattern, " ")
	return path
}

// service is the part of the API the endpoint belongs to: "account", ...
func (ep endpoint) service() string {
	service, _, _ := strings.Cut(strings.TrimPrefix(ep.path(), "/"), "/")
	return service
}

// handlers are what answers the operations, by name. Each table stands beside
// its handlers.
type handlers map[string]func(*call) error

// handlerTables are those of all services.
var handlerTables = []handlers{
	accountHandlers, accountUpdateHandlers, sessionHandlers, jwtHandlers,
	usersHandlers, usersUpdateHandlers, usersSessionHandlers, usersTokenHandlers,
	functionsHandlers, graphqlHandlers, healthHandlers, localeHandlers,
	verificationHandlers, recoveryHandlers, tokenHandlers, phoneHandlers, oauth2Handlers, identityHandlers,
	mfaHandlers, teamsHandlers, membershipHandlers, targetHandlers,
	usersImportHandlers, impersonationHandlers, usersIdentityHandlers, usersTargetHandlers, usersMFAHandlers, usersMembershipHandlers,
}

// endpoints are the operations that this server answers, by name: what package
// operations says of them, and their handlers.
func endpoints() map[string]endpoint {
	all := map[string]endpoint{}
	for _, o := range ops.All() {
		if o.Endpoint == nil {
			continue
		}
		for _, table := range handlerTables {
			if handle := table[o.Name]; handle != nil {
				all[o.Name] = endpointOf(o, handle)
			}
		}
	}
	return all
}

// endpointOf is the endpoint of an operation.
func endpointOf(o ops.Operation, handle func(*call) error) endpoint {
	e := o.Endpoint
	return endpoint{
		pattern: o.Pattern, aliases: o.Aliases, envelope: o.Effect == ops.Envelope,
		scope: e.Scopes, keyOnly: e.KeyOnly, anywhere: e.NoProject, signIn: e.SignedOut, oneFactor: e.OneFactor, own: e.Own, reads: o.Reads() && o.Kind == ops.Call, page: o.Kind == ops.Redirect,
		// A query by GET is sent by any page that embeds its address, with cookies.
		secret:  slices.Contains(secretAnswers, o.Answer) || o.Name == "graphql.get",
		maxBody: e.MaxBody, limit: limiters[e.Limit], method: AuthMethod(e.Method), handle: handle,
	}
}

// unknownRoute goes through the same checks as the rest, so that a bad JWT or
// origin is named first (contract section 13.8).
var unknownRoute = endpoint{anywhere: true, handle: func(*call) error { return wire.Fail(isojot.ErrRouteNotFound) }}

// unknownFile is the same outside /v1 (contract section 12.2). SDKs whose
// endpoint lacks that come here, by whatever method.
var unknownFile = endpoint{anywhere: true, handle: func(c *call) error {
	what := "There is no such file here"
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		what = "Only files are here, to GET"
	}
	return wire.Failf(isojot.ErrRouteNotFound, "Route not found. %s; the endpoint of the API ends with /v1.", what)
}}

// apiMux makes the mux below /v1. Patterns that name what is asked for, as
// /users/identities/{identityId} does, are looked at before those with an id
// there, such as /users/{userId}/sessions: in one mux they would be in conflict.
func (s *Server) apiMux() *http.ServeMux {
	named, mux, taken := http.NewServeMux(), http.NewServeMux(), map[string]bool{}
	add := func(pattern string, ep endpoint) {
		if taken[pattern] {
			return
		}
		taken[pattern] = true
		method, path, _ := strings.Cut(pattern, " ")
		to := mux
		if first, _, _ := strings.Cut(path, "{"); strings.Count(strings.TrimSuffix(first, "/"), "/") > 1 {
			to = named
		}
		to.Handle(method+" /v1"+path, s.handler(ep))
	}
	for _, ep := range endpoints() {
		for _, p := range append([]string{ep.pattern}, ep.aliases...) {
			add(p, ep)
		}
	}
	for _, ep := range oauth2Endpoints {
		add(ep.pattern, ep)
	}
	for _, pattern := range callbackPatterns {
		mux.HandleFunc(pattern, s.oauth2Callback)
	}
	mux.HandleFunc(jwksPattern, s.getJWKS)
	// Without a method, so that a wrong method on a known path comes here and
	// not to the mux's own 405, which is not among the contract's codes.
	mux.Handle("/", s.handler(unknownRoute))
	named.Handle("/", mux)
	return named
}

// handler is the endpoint as an http.Handler.
func (s *Server) handler(ep endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{s: s, ep: ep, w: w, r: r, now: s.now()}
		if err := c.serve(); err != nil {
			c.logRefusal(err)
			// What fails because the caller went away is no fault; the database
			// only says that it was interrupted.
			err = errors.Join(err, r.Context().Err())
			if ep.page {
				c.writeErrorPage(err)
				return
			}
			s.writeError(w, err)
		}
	})
}

// serveAPI answers a request below /v1, and preflights everywhere.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	s.setCORS(w, r)
	if r.Method == http.MethodOptions {
		noContent(w)
		return
	}
	// As in Appwrite, a path is compared as it was sent, where that is not how
	// it has to be: /v1/%61ccount is not /v1/account.
	if path := tidy(cmp.Or(r.URL.RawPath, r.URL.Path)); path != r.URL.Path {
		// The mux would answer a redirect, which SDKs do not follow.
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = path, ""
	}
	s.api.ServeHTTP(w, r)
}

// tidy drops doubled and trailing slashes, as Appwrite's router does.
func tidy(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return strings.TrimSuffix(path, "/")
}
