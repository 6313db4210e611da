// Package operations says what the operations of the API are: how they go over
// the wire, what they do to the session of whoever calls, and what the server
// asks of a caller. It is the one place where that is said. From it
//
//	go run ./internal/gen
//
// writes the tables of the client and of the JavaScript classes, the types of
// the npm package, the root fields of the GraphQL schema, and the tables of the
// documentation; the server takes its endpoints from it at run time. The browser
// program links none of it.
//
// An operation is added by its entry here, its handler in the server and its
// typed method in Go; then the command above makes the rest.
//
// The entries are data without code: what a program does not refer to is not
// linked, and nothing runs when it starts.
package operations

import "strings"

// Operation is one operation of the API.
type Operation struct {
	// Name is the service and the method, such as "account.create"; "ping" is
	// of none.
	Name string
	// Pattern is the method and the path below the endpoint, in the syntax of
	// net/http.ServeMux. Its wildcards are parameters.
	Pattern string
	// Aliases are older patterns of the same operation, which the server
	// answers too.
	Aliases []string
	// Lanes are how a client may identify its caller, best first: it takes the
	// first one it holds a credential for. No client of this repository
	// performs an operation without lanes.
	Lanes []Lane
	// Params are in the order of the official SDK's positional call.
	Params []Param
	// Order is the order that the official SDK writes the parameters of the body
	// in, where it is not that of Params.
	Order []string
	// Effect is what the operation, if it succeeds, does to the session of
	// whom the client acts for.
	Effect Effect
	// Only is which of the official packages has it, where not both do.
	Only Package
	// Kind is how the parameters and the answer are carried.
	Kind Kind
	// Deprecated says that the official packages advise against it.
	Deprecated bool
	// Returns is the TypeScript type of the answer, its models without their
	// namespace; "" for nothing, and for what the Kind says. Row, Document and
	// Preferences are the method's type parameters.
	Returns string
	// Accept is the media type that the server package asks for, where that is
	// not JSON.
	Accept string
	// Answer is the GraphQL type of the answer; "" for operations that GraphQL
	// does not offer.
	Answer string
	// Note is a line on the operation, or "". It is shown in the GraphQL schema.
	Note string
	// Endpoint is what the server asks of a caller, nil where this
	// repository's server does not answer the operation.
	Endpoint *Endpoint
}

// Param is a parameter of an operation. One that is a wildcard of the pattern
// goes in the path, the others in the query of a GET and in the body of
// anything else.
type Param struct {
	Name string
	Type Type
	// Optional: it may be left out.
	Optional bool
	// Wire is its name in the query or the body, where that is not Name.
	Wire string
	// Only is which of the official packages has it, where not both do.
	Only Package
}

// OnWire is the parameter's name in the query or the body.
func (p Param) OnWire() string {
	if p.Wire != "" {
		return p.Wire
	}
	return p.Name
}

// Package is an official package of JavaScript: npm appwrite is for pages, npm
// node-appwrite for servers.
type Package uint8

// The packages that have an operation, a parameter or a model.
const (
	Both    Package = iota
	Page            // npm appwrite
	Server          // npm node-appwrite
	Neither         // what only this repository's packages have
)

// InPage reports whether the page package has what is only in p.
func (p Package) InPage() bool { return p == Both || p == Page }

// InServer reports whether the server package has what is only in p.
func (p Package) InServer() bool { return p == Both || p == Server }

// NoAccept is the Accept of operations for which the server package asks for
// no media type.
const NoAccept = "none"

// Lane is how a request identifies its caller; a request never takes two.
type Lane uint8

// The lanes, which the root package documents.
const (
	Guest Lane = iota
	Session
	JWT
	Key
)

// Type is the type of a parameter: one of those below, or the TypeScript type,
// such as the name of an enumeration or a list of one.
type Type string

// The types of parameters that have names here.
const (
	String          Type = ""
	Int             Type = "int"
	Number          Type = "number" // which may have a fraction
	BigInt          Type = "bigint" // a whole number of 64 bits
	Bool            Type = "boolean"
	Object          Type = "object" // a JSON object
	Strings         Type = "string[]"
	File            Type = "file"             // what an upload sends
	Prefs           Type = "preferences"      // some or all of a user's or team's
	NewRow          Type = "new row"          // the fields of a row that is made
	PartialRow      Type = "partial row"      // some of them
	NewDocument     Type = "new document"     // the fields of a document that is made
	PartialDocument Type = "partial document" // some of them
)

// Effect is what an operation does to the session of whom the client acts for.
type Effect uint8

// The effects of operations.
const (
	None        Effect = iota
	SignsIn            // makes a session for the client
	EndsSession        // ends the session sessionId, which may be the client's own
	EndsAll            // ends every session of the user
	Envelope           // whatever the operations do that it contains
	MaySignIn          // makes a session for a guest
)

// Kind is how the parameters and the answer of an operation are carried.
type Kind uint8

// The kinds of operations.
const (
	Call     Kind = iota // JSON both ways; a text or nothing may come back
	Upload               // multipart/form-data there, in chunks
	Content              // bytes come back: to a page a URL that it can show, elsewhere themselves
	Redirect             // a browser is sent to the URL, and from there elsewhere
)

// Endpoint is what the server asks of a caller.
type Endpoint struct {
	// Scopes: the caller needs one of them, in the order of the error's
	// message; nil for none.
	Scopes []string
	// KeyOnly: only callers with an API key may, whoever else has the scope.
	KeyOnly bool
	// NoProject: the request need not name a project.
	NoProject bool
	// SignedOut: callers that are signed in are refused (the group "session"
	// of contract section 2).
	SignedOut bool
	// OneFactor: sessions may that have not shown the second factor which their
	// user has.
	OneFactor bool
	// Own: it concerns the session that is presented, also where its user reads as
	// another.
	Own bool
	// MaxBody is the largest body in bytes, where it is not what others have.
	MaxBody int
	// Limit is how often the operation may be called.
	Limit Limit
	// Method: refused where the project has switched this way of signing in off.
	Method Method
}

// Limit names a limit. What it counts, and how much it allows, is the
// server's.
type Limit string

// The limits by what they count.
const (
	Unlimited      Limit = ""
	LimitCaller    Limit = "caller"    // each address
	LimitUser      Limit = "user"      // each user at an address
	LimitSignOut   Limit = "sign-out"  // the same, more generously
	LimitEmail     Limit = "email"     // tries to sign in to an e-mail address
	LimitToken     Limit = "token"     // tries of one-time tokens of a user
	LimitAnonymous Limit = "anonymous" // anonymous users from an address
	LimitJWTs      Limit = "jwts"      // JWTs of a user

	LimitRecovery              Limit = "recovery"                // recoveries of an e-mail address, and from an address
	LimitRecoverySecret        Limit = "recovery-secret"         // tries of a user's
	LimitVerification          Limit = "verification"            // mails and tries of a user's
	LimitVerificationSecret    Limit = "verification-secret"     // the same, for the tries
	LimitMagicURL              Limit = "magic-url"               // mails to an e-mail address, and from an address
	LimitEmailToken            Limit = "email-token"             // the same, for codes
	LimitPhoneToken            Limit = "phone-token"             // messages to a number, and from an address
	LimitPhoneCode             Limit = "phone-code"              // tries of a user's from an address
	LimitPhoneVerification     Limit = "phone-verification"      // messages to a user, and from an address
	LimitPhoneVerificationCode Limit = "phone-verification-code" // tries of a user's
	LimitChallenge             Limit = "challenge"               // challenges of a user
	LimitChallengeCode         Limit = "challenge-code"          // tries of a user's
	LimitInvitation            Limit = "invitation"              // invitations from an address
)

// Method is a way of signing in that a project can switch off.
type Method string

// The ways of signing in, as package server calls them.
const (
	EmailPassword Method = "email-password"
	Anonymous     Method = "anonymous"
	ByJWT         Method = "jwt"
	MagicURL      Method = "magic-url"
	EmailOTP      Method = "email-otp"
	Phone         Method = "phone"
	Invites       Method = "invites"
)

// Service is the part of the API that the operation belongs to, such as
// "account", or "" for ping.
func (o Operation) Service() string {
	service, _, found := strings.Cut(o.Name, ".")
	if !found {
		return ""
	}
	return service
}

// Class is the class of the official packages that the operation belongs to, such
// as "Account".
func (o Operation) Class() string {
	service := o.Service()
	if service == "" {
		return ""
	}
	return strings.ToUpper(service[:1]) + service[1:]
}

// Method is the operation's name within its service, such as "create".
func (o Operation) Method() string {
	service, method, found := strings.Cut(o.Name, ".")
	if !found {
		return service
	}
	return method
}

// Field is the operation's name in GraphQL, such as "accountCreate".
func (o Operation) Field() string {
	method := o.Method()
	if o.Service() == "" {
		return method
	}
	return o.Service() + strings.ToUpper(method[:1]) + method[1:]
}

// Reads reports whether the operation changes nothing (RFC 9110 section
// 9.2.1), and may be sent again.
func (o Operation) Reads() bool { return strings.HasPrefix(o.Pattern, "GET ") }

// InPath reports whether the parameter of that name is a wildcard of the
// pattern.
func (o Operation) InPath(param string) bool { return strings.Contains(o.Pattern, "{"+param+"}") }

// All returns the operations of all services, in the order of the
// documentation.
func All() []Operation {
	var all []Operation
	for _, service := range [][]Operation{
		account, users, health, locale, functions, graphql, others,
		activities, advisor, apps, avatars, backups, databases, documentsDB, messaging, oauth2, organization, presences, project, proxy,
		sites, storage, tablesDB, teams, tokens, vectorsDB, webhooks,
	} {
		all = append(all, service...)
	}
	return all
}

// Lane orders that many operations share.
var (
	// nobody: it makes no difference who asks.
	nobody = []Lane{Guest}
	// byServer: a key exempts a server from limits and switches, and guests
	// may ask too.
	byServer = []Lane{Key, Guest}
	// signIn: the key lane is the one that returns the session's secret; the
	// session lane lets a browser store the cookie.
	signIn = []Lane{Key, Session, Guest}
	// session: what only a session may do, a JWT beside it being refused.
	session = []Lane{Session}
	// signOut: by the session where there is one, so that its cookie is
	// cleared; a client that has only a JWT may do these too.
	signOut = []Lane{Session, JWT}
	// sessionFirst: what concerns the session that is presented.
	sessionFirst = []Lane{Session, JWT, Key}
	// byKey: the users service, which knows API keys alone and would refuse any
	// user. Everywhere else a key stands behind the JWT or session beside it: who
	// set these meant the rights of that user and no others.
	byKey = []Lane{Key, JWT, Session, Guest}
	// anyUser: whoever the client acts for.
	anyUser = []Lane{JWT, Session, Key}
	// anyone: the same, and guests.
	anyone = []Lane{JWT, Session, Key, Guest}
)
