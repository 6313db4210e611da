//go:build !race

package harness

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	api "github.com/isojot/isojot/internal/operations"
	"github.com/isojot/isojot/server"
)

// way is how a request says for whom it acts.
type way uint

const (
	bySession  way = 1 << iota
	byJWT          // bound to the session
	byKey          // an API key of its own
	byFunction     // the API key that a function is handed
	byPassword     // in the body, of a guest
	byToken        // a one-time token, in the body of a guest
	byLink         // what a link carries that was mailed, in the body of a guest
)

func (w way) String() string {
	return map[way]string{bySession: "session", byJWT: "JWT", byKey: "API key", byFunction: "function's API key",
		byPassword: "password", byToken: "one-time token", byLink: "mailed link"}[w]
}

// args are the parameters of an operation, those in the path too.
type args map[string]any

// operation is an operation that changes something.
type operation struct {
	// name is that of package operations, or what the service calls it.
	name string
	// pattern is for those that package operations does not list, and for
	// aliases.
	pattern string
	// ways are those in which it is asked for.
	ways way
	args func(*person) args
	// passwordless is for what only a user without a password can do.
	passwordless bool
	// as tells operations of one route apart.
	as string
	// looks at what the operation makes or ends, besides the user and its
	// sessions: a path.
	looks func(*person) string
	// users says that what looks names is the user's, and ends with it.
	users bool
}

// route is the method and the path, below /v1.
func (o *operation) route() (method, path string) {
	pattern := o.pattern
	if pattern == "" {
		pattern = patternOf(o.name)
	}
	method, path, _ = strings.Cut(pattern, " ")
	return method, path
}

// patternOf is the pattern of an operation of that name, or "".
func patternOf(name string) string {
	all := api.All()
	if i := slices.IndexFunc(all, func(o api.Operation) bool { return o.Name == name }); i >= 0 {
		return all[i].Pattern
	}
	return ""
}

// field is the operation's name in GraphQL.
func (o *operation) field() string {
	service, method, _ := strings.Cut(o.name, ".")
	return service + strings.ToUpper(method[:1]) + method[1:]
}

// String is the method and the path.
func (o *operation) String() string {
	method, path := o.route()
	return method + " " + path + o.as
}

const (
	byUser   = bySession | byJWT
	byServer = byKey | byFunction
	password = "password123"
	another  = "password456"

	asynchronous   = " (async)"
	ofPasswordless = " of a user without a password"
)

// none is for operations without parameters.
func none(*person) args { return args{} }

// with are parameters, and more of them that prevail.
func with(all, more args) args {
	maps.Copy(all, more)
	return all
}

// own are parameters in which the user of the path is the person.
func own(more args) func(*person) args {
	return func(p *person) args { return with(args{"userId": p.id}, more) }
}

// fixed are parameters that are the same for everybody.
func fixed(a args) func(*person) args { return func(*person) args { return a } }

// newcomer is a user that the person makes.
func newcomer(p *person) args {
	return args{"userId": "new-" + p.id, "email": "new-" + p.id + "@example.com", "password": password}
}

func looksAtNewcomer(p *person) string { return "/v1/users/new-" + p.id }

func signsIn(p *person) args { return args{"email": p.email, "password": password} }

func redeems(p *person) args { return args{"userId": p.id, "secret": p.token} }

// landing is where links lead.
const landing = "http://localhost/landing"

func redeemsLink(p *person) args { return args{"userId": p.id, "secret": p.link} }

func recovers(p *person) args {
	return args{"userId": p.id, "secret": p.recovery, "password": "password789"}
}

func mailsNewcomer(p *person) args {
	return args{"userId": "new-" + p.id, "email": "new-" + p.id + "@example.com"}
}

func textsNewcomer(p *person) args {
	return args{"userId": "new-" + p.id, "phone": fmt.Sprintf("+1416%07d", p.n)}
}

func givesAddress(p *person) args {
	return args{"email": "other-" + p.id + "@example.com", "password": password}
}

func givesPhone(p *person) args {
	return args{"phone": fmt.Sprintf("+1416%07d", p.n), "password": password}
}

// executes asks for an execution at a path that tells whose it is.
func executes(more args) func(*person) args {
	return func(p *person) args {
		all := args{"functionId": "echo", "path": "/" + p.id}
		maps.Copy(all, more)
		return all
	}
}

func looksAtExecutions(p *person) string {
	return "/v1/functions/echo/executions?queries[]=" + url.QueryEscape(`{"method":"equal","attribute":"requestPath","values":["/`+p.id+`"]}`)
}

// hasPhone is asked by a user who has a number.
func hasPhone(p *person) args {
	p.place.must(200, here, "PATCH", "/v1/users/"+p.id+"/phone", quote(args{"number": fmt.Sprintf("+1418%07d", p.n)}))
	return args{}
}

func endsIdentity(p *person) args { return args{"identityId": p.has.identity()} }

func looksAtIdentities(p *person) string {
	return "/v1/users/identities?queries[]=" + url.QueryEscape(`{"method":"equal","attribute":"userId","values":["`+p.id+`"]}`)
}

// operations are all that change something; TestOperationsAreAll compares them
// with the server's.
var operations []operation

// The rows make what they act on by other rows, which no initializer can.
func init() {
	operations = slices.Concat(ofUsers, ofFactors, ofTeams, ofTargets, ofImports)
}

// ofUsers are the operations of accounts, users and functions.
var ofUsers = []operation{
	{name: "account.create", ways: byKey, args: newcomer, looks: looksAtNewcomer},
	{name: "account.createEmailPasswordSession", ways: byPassword | byKey, args: signsIn},
	{name: "account.createEmailPasswordSession", pattern: "POST /account/sessions", ways: byPassword, args: signsIn},
	{name: "account.createAnonymousSession", ways: byKey, args: none},
	{name: "account.createSession", ways: byToken | byKey, args: redeems},
	{name: "account.createSession", ways: byLink, args: redeemsLink, as: " of a magic link"},
	{name: "account.updateMagicURLSession", ways: byToken, args: redeems},
	{name: "account.updatePhoneSession", ways: byToken, args: redeems},
	{name: "account.createMagicURLToken", ways: byKey, args: mailsNewcomer, looks: looksAtNewcomer},
	{name: "account.createMagicURLToken", pattern: "POST /account/sessions/magic-url", ways: byKey, args: mailsNewcomer, looks: looksAtNewcomer},
	{name: "account.createEmailToken", ways: byKey, args: mailsNewcomer, looks: looksAtNewcomer},
	{name: "account.createPhoneToken", ways: byKey, args: textsNewcomer, looks: looksAtNewcomer},
	{name: "account.createPhoneToken", pattern: "POST /account/sessions/phone", ways: byKey, args: textsNewcomer, looks: looksAtNewcomer},
	{name: "account.createRecovery", ways: byKey, args: func(p *person) args { return args{"email": p.email, "url": landing} }},
	{name: "account.updateRecovery", ways: byLink, args: recovers},
	{name: "account.createEmailVerification", ways: byUser, args: fixed(args{"url": landing})},
	{name: "account.createEmailVerification", pattern: "POST /account/verification", ways: byUser, args: fixed(args{"url": landing})},
	{name: "account.createVerification", ways: byUser, args: fixed(args{"url": landing})},
	{name: "account.createPhoneVerification", ways: byUser, args: hasPhone},
	{name: "account.createPhoneVerification", pattern: "POST /account/verification/phone", ways: byUser, args: hasPhone},
	// Of these, the secrets are in messages alone.
	{name: "account.updateEmailVerification", args: redeems},
	{name: "account.updateEmailVerification", pattern: "PUT /account/verification", args: redeems},
	{name: "account.updateVerification", args: redeems},
	{name: "account.updatePhoneVerification", args: redeems},
	{name: "account.updatePhoneVerification", pattern: "PUT /account/verification/phone", args: redeems},
	{name: "account.delete", ways: byUser, args: none},
	{name: "account.deleteSessions", ways: byUser, args: none},
	{name: "account.deleteSession", ways: byUser, args: func(p *person) args { return args{"sessionId": p.sessionID} }},
	{name: "account.updateSession", ways: byUser, args: func(p *person) args { return args{"sessionId": p.sessionID} }},
	{name: "account.deleteIdentity", ways: byUser, args: endsIdentity, looks: looksAtIdentities, users: true},
	{name: "account.createJWT", ways: bySession, args: fixed(args{"duration": 900})},
	{name: "account.createJWT", pattern: "POST /account/jwt", ways: bySession, args: none},
	{name: "account.updatePrefs", ways: byUser, args: fixed(args{"prefs": map[string]any{"theme": "changed"}})},
	{name: "account.updateName", ways: byUser, args: fixed(args{"name": "Changed"})},
	{name: "account.updateEmail", ways: byUser, args: givesAddress},
	{name: "account.updatePhone", ways: byUser, args: givesPhone},
	{name: "account.updatePassword", ways: byUser, args: fixed(args{"password": "password789", "oldPassword": password})},
	{name: "account.updateStatus", ways: byUser, args: none},
	// By these, whoever has the session of a user without a password gets the account.
	{name: "account.updateEmail", ways: byUser, args: givesAddress, passwordless: true, as: ofPasswordless},
	{name: "account.updatePhone", ways: byUser, args: givesPhone, passwordless: true, as: ofPasswordless},
	{name: "account.updatePassword", ways: byUser, args: fixed(args{"password": "password789"}), passwordless: true, as: ofPasswordless},

	{name: "functions.createExecution", ways: byUser | byKey, args: executes(nil), looks: looksAtExecutions},
	{name: "functions.createExecution", ways: byUser, args: executes(args{"async": true}), as: asynchronous, looks: looksAtExecutions},
	{name: "functions.deleteExecution", ways: byKey,
		args:  func(p *person) args { return args{"functionId": "echo", "executionId": p.has.execution()} },
		looks: func(p *person) string { return "/v1/functions/echo/executions/" + p.has.execution() }},
	{name: "functions.page", pattern: "POST /_functions/demo/{functionId}/{path}", ways: byUser | byKey,
		args:  func(p *person) args { return args{"functionId": "echo", "path": p.id, "text": "x"} },
		looks: looksAtExecutions},

	{name: "users.deleteIdentity", ways: byServer, args: endsIdentity, looks: looksAtIdentities, users: true},
	{name: "users.create", ways: byServer, args: newcomer, looks: looksAtNewcomer},
	{name: "users.delete", ways: byServer, args: own(nil)},
	{name: "users.updateStatus", ways: byServer, args: own(args{"status": false})},
	{name: "users.updateName", ways: byServer, args: own(args{"name": "Changed"})},
	{name: "users.updateEmail", ways: byServer,
		args: func(p *person) args { return args{"userId": p.id, "email": "other-" + p.id + "@example.com"} }},
	{name: "users.updatePhone", ways: byServer,
		args: func(p *person) args { return args{"userId": p.id, "number": fmt.Sprintf("+1415%07d", p.n)} }},
	{name: "users.updatePassword", ways: byServer, args: own(args{"password": "password789"})},
	{name: "users.updateLabels", ways: byServer, args: own(args{"labels": []string{"changed"}})},
	{name: "users.updatePrefs", ways: byServer, args: own(args{"prefs": map[string]any{"theme": "changed"}})},
	{name: "users.updateEmailVerification", ways: byServer, args: own(args{"emailVerification": true})},
	{name: "users.updatePhoneVerification", ways: byServer, args: own(args{"phoneVerification": true})},
	{name: "users.updateImpersonator", ways: byServer, args: own(args{"impersonator": true})},
	{name: "users.createJWT", ways: byServer, args: own(nil)},
	{name: "users.createToken", ways: byServer, args: own(nil)},
	{name: "users.createSession", ways: byServer, args: own(nil)},
	{name: "users.deleteSession", ways: byServer,
		args: func(p *person) args { return args{"userId": p.id, "sessionId": p.sessionID} }},
	{name: "users.deleteSessions", ways: byServer, args: own(nil)},
}

// called is the first operation of a name.
func called(name string) *operation {
	i := slices.IndexFunc(operations, func(o operation) bool { return o.name == name })
	return &operations[i]
}

// transport is what an operation is asked for by.
type transport string

const (
	rest     transport = "REST"
	graphQL  transport = "GraphQL"
	mutation transport = "GraphQL's second path"
)

// call is an operation that somebody asks for.
type call struct {
	op     *operation
	args   args
	header map[string]string
}

// name is what a transport calls the operation.
func (c call) name(over transport) string {
	if over == rest {
		return c.op.String()
	}
	return "mutation " + c.op.field()
}

// request is the call as it goes over the wire.
func (c call) request(over transport) request {
	header := map[string]string{"X-Appwrite-Project": server.DefaultProject}
	maps.Copy(header, c.header)
	switch over {
	case graphQL:
		return request{http.MethodPost, "/v1/graphql", header, c.mutation()}
	case mutation:
		return request{http.MethodPost, "/v1/graphql/mutation", header, c.mutation()}
	}
	method, path := c.op.route()
	body := args{}
	for name, v := range c.args {
		if wildcard := "{" + name + "}"; strings.Contains(path, wildcard) {
			path = strings.ReplaceAll(path, wildcard, v.(string))
		} else {
			body[name] = v
		}
	}
	if !strings.HasPrefix(path, "/_functions/") {
		path = "/v1" + path
	}
	return request{method, path, header, quote(body)}
}

// mutation is the call as GraphQL.
func (c call) mutation() string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(c.args)) {
		list = append(list, name+": "+literal(c.args[name]))
	}
	text := c.op.field()
	if list != nil {
		text += "(" + strings.Join(list, ", ") + ")"
	}
	return quote(args{"query": "mutation { " + text + " { __typename } }"})
}

// literal is a value as GraphQL, where an object comes as its JSON text.
func literal(v any) string {
	if object, ok := v.(map[string]any); ok {
		return quote(quote(object))
	}
	return quote(v)
}

// status is what an answer says of the operation.
func (over transport) status(a answer) int {
	if over == rest || a.status != http.StatusOK {
		return a.status
	}
	if match := errorCode.FindSubmatch(a.body); match != nil {
		code, _ := strconv.Atoi(string(match[1])) // digits
		return code
	}
	return http.StatusOK
}

// errorCode is the code of an error in GraphQL.
var errorCode = regexp.MustCompile(`"extensions":\{[^{}]*"code":(\d+)`)

// mutations are the fields of the schema's type Mutation.
func mutations(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../server/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "type Mutation {")
	block, _, _ := strings.Cut(after, "\n}")
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^  (\w+)`).FindAllStringSubmatch(block, -1) {
		names = append(names, match[1])
	}
	return names
}

// over are the transports of an operation.
func (o *operation) over(fields []string, n int) []transport {
	alias := o.pattern != "" && patternOf(o.name) != "" && patternOf(o.name) != o.pattern
	switch {
	case alias || !slices.Contains(fields, o.field()):
		return []transport{rest}
	case n%2 == 0:
		return []transport{rest, graphQL}
	}
	return []transport{rest, mutation}
}

// The table has every operation that changes something: those that the server
// answers, those that its source names beside them, and those of the GraphQL
// schema.
func TestOperationsAreAll(t *testing.T) {
	t.Parallel()
	known := map[string]bool{
		"POST /graphql": true, "POST /graphql/mutation": true, // which carry the others
		"POST /v1/account/sessions/oauth2/callback/{provider}/{projectId}": true, // which sends a browser on
		// Whom the token of the development mode lets in, which no event ends.
		"DELETE /_isojot/mail": true, "DELETE /_isojot/mail/{id}": true,
	}
	fields := map[string]bool{}
	for i := range operations {
		method, path := operations[i].route()
		known[method+" "+path] = true
		fields[operations[i].field()] = true
	}
	for _, pattern := range changing(t) {
		if !known[pattern] {
			t.Errorf("the table of operations lacks %s", pattern)
		}
	}
	for _, name := range mutations(t) {
		if !fields[name] {
			t.Errorf("the table of operations lacks the mutation %s", name)
		}
	}
	if len(mutations(t)) < 30 || len(changing(t)) < 30 {
		t.Errorf("only %d mutations and %d patterns were found", len(mutations(t)), len(changing(t)))
	}
}

// changing are the patterns of the server's operations, and those in its source,
// whose method is none that only reads. The development clock is no API.
func changing(t *testing.T) []string {
	t.Helper()
	pattern := regexp.MustCompile(`^(POST|PUT|PATCH|DELETE) /`)
	var all []string
	for _, o := range api.All() {
		if o.Endpoint != nil {
			all = append(append(all, o.Pattern), o.Aliases...)
		}
	}
	files, err := filepath.Glob("../../server/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			all = append(all, texts(t, file)...)
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return !pattern.MatchString(s) || strings.Contains(s, " /_isojot/clock/") })
}

// texts are the string literals of a Go file.
func texts(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value) // it has parsed
			all = append(all, text)
		}
		return true
	})
	return all
}
