package isojot

import "strings"

//go:generate go run ./internal/gen
//go:generate go run ./internal/maskgen . server isojottest services/*

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

// Effect is what an operation, if it succeeds, does to the session of whom the
// client acts for. A client's tokens and cookies follow it.
type Effect uint8

const (
	// EffectNone leaves the session as it is.
	EffectNone Effect = iota
	// EffectSignsIn makes a session for the client.
	EffectSignsIn
	// EffectEndsSession ends the session whose id the parameter sessionId is;
	// the client's own if that is "current" or its id.
	EffectEndsSession
	// EffectEndsAll ends every session of the user.
	EffectEndsAll
	// EffectEnvelope does what the operations do that the request contains:
	// GraphQL.
	EffectEnvelope
	// EffectMaySignIn may make a session for a client that is a guest.
	EffectMaySignIn
)

// Answer is what an operation answers with if it succeeds.
type Answer uint8

const (
	// AnswerJSON is JSON, a text or nothing.
	AnswerJSON Answer = iota
	// AnswerContent is bytes of any media type.
	AnswerContent
	// AnswerLocation is a redirect, which is not followed: its header location
	// says where to send a browser.
	AnswerLocation
	// answerStream is AnswerContent, whose bit it has, that is left to be read
	// (Client.Open).
	answerStream
)

// Route says how one operation goes over the wire, and what it does to the
// session.
type Route struct {
	// Pattern is in net/http.ServeMux syntax, relative to the endpoint. Its
	// wildcards are parameters, but for {project}, the client's own.
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
	// Effect is what the operation does to the session.
	Effect Effect
	// Answer is what it answers with.
	Answer Answer
	// Accept is what is asked for. Client.Do leaves that to Params.Header.
	Accept Accept
}

// Accept is a media type that is asked for. A byte it is, and no text, because
// routes are copied wherever they go, in the browser program too.
type Accept uint8

const (
	// AcceptJSON is application/json.
	AcceptJSON Accept = iota
	// AcceptNone asks for nothing.
	AcceptNone
	// AcceptAny is */*.
	AcceptAny
	// AcceptImage is image/*.
	AcceptImage
	// AcceptPNG is image/png.
	AcceptPNG
	// AcceptHTML is text/html.
	AcceptHTML
)

// mediaTypes are the media types of Accept. It has no method String, whose name the
// browser program would hold.
var mediaTypes = [...]string{"application/json", "", "*/*", "image/*", "image/png", "text/html"}

// asked are the parameters with the header by which the route's media type is asked
// for.
func asked(r Route, p Params) Params {
	if r.Accept == AcceptNone || p.Header["accept"] != "" {
		return p
	}
	header := map[string]string{"accept": mediaTypes[r.Accept]}
	for name, value := range p.Header {
		header[name] = value
	}
	p.Header = header
	return p
}

// InPath reports whether the parameter is a wildcard of the route's path.
func (r Route) InPath(param string) bool {
	return strings.Contains(r.Pattern, "{"+param+"}")
}

// Operation is an operation for Client.Do: its name, such as "locale.get", and
// its route. The name is what an Error says of it.
type Operation struct {
	Name string
	Route
}

// check refuses an operation that no request can be made of. A path that does
// not begin with a slash would change the endpoint's host.
func (o *Operation) check() *Error {
	method, path, _ := strings.Cut(o.Pattern, " ")
	switch {
	case o.Name == "":
		return invalid(`operation.name: empty; pass a name such as "account.get"`)
	case method == "" || !upper(method) || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "?#\\ "):
		return invalid("operation.pattern: " + quote(o.Pattern) + ` of ` + quote(o.Name) + ` is no method and path, such as "GET /account"`)
	case len(o.Lanes) == 0:
		return invalid("operation.lanes: none for " + quote(o.Name) + "; pass one or more")
	}
	return nil
}

// upper reports whether s has upper-case letters only.
func upper(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
