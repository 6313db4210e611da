package isojot

import "strings"

// Lane is the one way in which a request identifies its caller. A request
// never takes two: Appwrite refuses a JWT beside a session (403
// user_jwt_and_cookie_set, contract section 5.3).
type Lane uint8

const (
	// LaneGuest sends no credential at all.
	LaneGuest Lane = iota
	// LaneSession sends the session: the browser's cookies (and the fallback
	// header where one is stored), or X-Appwrite-Session.
	LaneSession
	// LaneJWT sends X-Appwrite-JWT and no cookies.
	LaneJWT
	// LaneKey sends X-Appwrite-Key and no cookies.
	LaneKey
)

// Route says how one operation goes over the wire.
type Route struct {
	// Pattern is in net/http.ServeMux syntax, relative to the endpoint.
	Pattern string
	// Lanes are the lanes the operation may take, best first. The client
	// takes the first one it holds a credential for.
	Lanes []Lane
	// Params are the operation's parameters in the order of the official
	// SDK's positional call. Those that Pattern names as wildcards go in the
	// path, the others in the body (in the query of a GET).
	Params []string
	// Optional are those of Params that may be left out.
	Optional []string
}

// InPath reports whether the parameter is a wildcard of the route's path.
func (r Route) InPath(param string) bool {
	return strings.Contains(r.Pattern, "{"+param+"}")
}

//go:generate go run ./internal/maskgen . server isojottest
//go:generate go run ./internal/gen

// Lane orders shared by many routes.
var (
	// lanesNobody: it makes no difference who asks.
	lanesNobody = []Lane{LaneGuest}
	// lanesSignUp: a key exempts a server from the per-IP limits.
	lanesSignUp = []Lane{LaneKey, LaneGuest}
	// lanesSignIn: the key lane is the one that returns the session's secret;
	// the session lane lets a browser store the cookie.
	lanesSignIn = []Lane{LaneKey, LaneSession, LaneGuest}
	// lanesSession: what only a session may do, a JWT beside it being refused.
	lanesSession = []Lane{LaneSession}
	// lanesSignOut: by the session where there is one, so that its cookie is
	// cleared; a client that has only a JWT may do these too.
	lanesSignOut = []Lane{LaneSession, LaneJWT}
	// lanesAny: whoever the client acts for.
	lanesAny = []Lane{LaneJWT, LaneSession, LaneKey}
	// lanesExecute: the same, and guests, who may execute some functions.
	lanesExecute = []Lane{LaneJWT, LaneSession, LaneKey, LaneGuest}
	// lanesGraphQL: the same, since guests sign in by it too.
	lanesGraphQL = []Lane{LaneJWT, LaneSession, LaneKey, LaneGuest}
)

// Routes is the single source of truth: one entry for each operation. The
// typed Go methods, the browser build's call, the JavaScript classes, the
// server's mux and the table in the README are all made from it. It must not
// be modified.
var Routes = map[string]Route{
	"account.create": {
		"POST /account", lanesSignUp,
		[]string{"userId", "email", "password", "name"}, []string{"name"},
	},
	"account.get": {
		"GET /account", lanesAny, nil, nil,
	},
	"account.delete": {
		"DELETE /account", lanesAny, nil, nil,
	},
	"account.createJWT": {
		"POST /account/jwts", lanesSession,
		[]string{"duration"}, []string{"duration"},
	},
	"account.createAnonymousSession": {
		"POST /account/sessions/anonymous", lanesSignIn, nil, nil,
	},
	"account.createEmailPasswordSession": {
		"POST /account/sessions/email", lanesSignIn,
		[]string{"email", "password"}, nil,
	},
	"account.createSession": {
		"POST /account/sessions/token", lanesSignIn,
		[]string{"userId", "secret"}, nil,
	},
	"account.listSessions": {
		"GET /account/sessions", lanesAny, nil, nil,
	},
	"account.deleteSessions": {
		"DELETE /account/sessions", lanesSignOut, nil, nil,
	},
	"account.getSession": {
		"GET /account/sessions/{sessionId}", lanesAny,
		[]string{"sessionId"}, nil,
	},
	"account.updateSession": {
		"PATCH /account/sessions/{sessionId}", lanesAny,
		[]string{"sessionId"}, nil,
	},
	"account.deleteSession": {
		"DELETE /account/sessions/{sessionId}", lanesAny,
		[]string{"sessionId"}, nil,
	},
	"account.getPrefs": {
		"GET /account/prefs", lanesAny, nil, nil,
	},
	"account.updatePrefs": {
		"PATCH /account/prefs", lanesAny,
		[]string{"prefs"}, nil,
	},
	"account.updateName": {
		"PATCH /account/name", lanesAny,
		[]string{"name"}, nil,
	},
	"account.updateEmail": {
		"PATCH /account/email", lanesAny,
		[]string{"email", "password"}, nil,
	},
	"account.updatePassword": {
		"PATCH /account/password", lanesAny,
		[]string{"password", "oldPassword"}, []string{"oldPassword"},
	},
	"account.updateStatus": {
		"PATCH /account/status", lanesSignOut, nil, nil,
	},
	"functions.createExecution": {
		"POST /functions/{functionId}/executions", lanesExecute,
		[]string{"functionId", "body", "async", "path", "method", "headers", "scheduledAt"},
		[]string{"body", "async", "path", "method", "headers", "scheduledAt"},
	},
	"functions.listExecutions": {
		"GET /functions/{functionId}/executions", lanesAny,
		[]string{"functionId", "queries", "total"}, []string{"queries", "total"},
	},
	"functions.getExecution": {
		"GET /functions/{functionId}/executions/{executionId}", lanesAny,
		[]string{"functionId", "executionId"}, nil,
	},
	"ping": {
		"GET /ping", lanesNobody, nil, nil,
	},
	"graphql.query": {
		"POST /graphql", lanesGraphQL,
		[]string{"query"}, nil,
	},
	"graphql.mutation": {
		"POST /graphql/mutation", lanesGraphQL,
		[]string{"query"}, nil,
	},
}
