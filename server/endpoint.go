package server

import (
	"net/http"
	"strings"

	"github.com/isojot/isojot"
)

// scope is what a caller must have for an endpoint (contract section 7).
type scope string

const (
	scopeNone         scope = "" // not even looked at
	scopePublic       scope = "public"
	scopeGlobal       scope = "global"
	scopeAccount      scope = "account"
	scopeSessionWrite scope = "sessions.write"
)

// The roles a caller can have, and their scopes.
var (
	guestScopes = []scope{scopeNone, scopePublic, scopeGlobal, scopeSessionWrite}
	userScopes  = append(guestScopes, scopeAccount)
)

// endpoint is one operation of the API.
type endpoint struct {
	// pattern is for operations that isojot.Routes does not list.
	pattern string
	// aliases are further patterns with the same handler and limits.
	aliases []string
	scope   scope
	// anywhere: the endpoint needs no project.
	anywhere bool
	// signIn: refused to callers that are signed in (the group "session" of
	// contract section 2).
	signIn bool
	// limited: JWT creations of the user are counted.
	limited bool
	handle  func(*call) error
}

// endpoints are the operations by name. Patterns of names that isojot.Routes
// lists are taken from there.
var endpoints = map[string]endpoint{
	"account.create": {scope: scopeSessionWrite, handle: (*call).createAccount},
	"account.get":    {scope: scopeAccount, handle: (*call).getAccount},
	"account.createEmailPasswordSession": {scope: scopeSessionWrite, signIn: true, handle: (*call).createEmailSession,
		aliases: []string{"POST /account/sessions"}},
	"account.createAnonymousSession": {scope: scopeSessionWrite, signIn: true, handle: (*call).createAnonymousSession},
	"account.listSessions":           {scope: scopeAccount, handle: (*call).listSessions},
	"account.deleteSessions":         {scope: scopeAccount, handle: (*call).deleteSessions},
	"account.getSession":             {scope: scopeAccount, handle: (*call).getSession},
	"account.deleteSession":          {scope: scopeAccount, handle: (*call).deleteSession},
	"account.createJWT": {scope: scopeAccount, limited: true, handle: (*call).createJWT,
		aliases: []string{"POST /account/jwt"}},
	"health.getVersion": {pattern: "GET /health/version", scope: scopePublic, anywhere: true, handle: (*call).getVersion},
	"ping":              {pattern: "GET /ping", scope: scopeGlobal, handle: (*call).ping},
}

// unknownRoute goes through the same checks as the rest, so that a bad JWT or
// origin is named first (contract section 13.8).
var unknownRoute = endpoint{anywhere: true, handle: func(*call) error { return fail(errRoute) }}

// apiMux makes the mux below /v1.
func (s *Server) apiMux() *http.ServeMux {
	mux, taken := http.NewServeMux(), map[string]bool{}
	add := func(pattern string, ep endpoint) {
		if taken[pattern] {
			return
		}
		taken[pattern] = true
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" /v1"+path, s.handler(ep))
	}
	for name, ep := range endpoints {
		pattern := ep.pattern
		if route, ok := isojot.Routes[name]; ok {
			pattern = route.Pattern
		}
		for _, p := range append([]string{pattern}, ep.aliases...) {
			add(p, ep)
		}
	}
	// Without a method, so that a wrong method on a known path comes here and
	// not to the mux's own 405, which is not among the contract's codes.
	mux.Handle("/", s.handler(unknownRoute))
	return mux
}

// handler is the endpoint as an http.Handler.
func (s *Server) handler(ep endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{s: s, ep: ep, w: w, r: r, now: s.now()}
		if err := c.serve(); err != nil {
			c.logRefusal(err)
			s.writeError(w, err)
		}
	})
}

// serveAPI answers a request below /v1.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	s.setCORS(w, r)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if path := tidy(r.URL.Path); path != r.URL.Path {
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
