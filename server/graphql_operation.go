package server

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/isojot/isojot/internal/graphql"
	"github.com/isojot/isojot/server/internal/wire"
)

// schemaText names types and operations as Appwrite does. Operations are named
// by service and method, accountCreateJWT for account.createJWT; those that
// are GET are queries, the others are mutations.
//
//go:embed schema.graphql
var schemaText string

// graphqlAPI are the operations that GraphQL offers.
type graphqlAPI struct {
	schema *graphql.Schema
	// operations are the endpoints of the schema's root fields, and lists the
	// types of their arguments.
	operations map[string]endpoint
	args       map[string]map[string]string
}

// schemaShapes are where the answers of REST have another shape than the schema:
// preferences, which may have any member, are a JSON text, as in Appwrite. Of
// hashes only those of SHA have options without a type.
var schemaShapes = graphql.Shapes{
	Texts: map[string]string{"Preferences": "data"},
	Unions: map[string]graphql.Union{"HashOptions": {Member: "type", Otherwise: "AlgoSha", Types: map[string]string{
		"argon2": "AlgoArgon2", "bcrypt": "AlgoBcrypt", "md5": "AlgoMd5", "phpass": "AlgoPhpass",
		"scrypt": "AlgoScrypt", "scryptMod": "AlgoScryptModified", "sha": "AlgoSha",
	}}},
	Members: map[string]string{"AlgoArgon2.memoryCost": "memory_cost", "AlgoArgon2.timeCost": "time_cost"},
}

// newGraphQLAPI reads the schema and finds the endpoint of each operation.
func newGraphQLAPI() (*graphqlAPI, error) {
	schema, err := graphql.NewSchema(schemaText, schemaShapes)
	if err != nil {
		return nil, err
	}
	api := &graphqlAPI{schema, map[string]endpoint{}, map[string]map[string]string{}}
	byField := map[string]endpoint{}
	for name, ep := range endpoints() {
		byField[fieldName(name)] = ep
	}
	for _, f := range schema.RootFields() {
		ep, ok := byField[f.Name]
		if !ok {
			return nil, fmt.Errorf("server: schema.graphql has %s, for which there is no endpoint", f.Name)
		}
		api.operations[f.Name], api.args[f.Name] = ep, f.Args
	}
	return api, nil
}

// fieldName is the name that an operation has in GraphQL.
func fieldName(operation string) string {
	service, method, _ := strings.Cut(operation, ".")
	if method == "" {
		return service
	}
	return service + strings.ToUpper(method[:1]) + method[1:]
}

// operations runs the operations of queries. What they hold has its place until
// the next one's.
type operations struct {
	c    *call
	held int
	// empty says that one of them had nothing to answer.
	empty bool
}

// run is a graphql.Resolver.
func (o *operations) run(name string, args map[string]json.RawMessage) (any, *graphql.Error) {
	o.giveBack()
	m := o.c.memory()
	before := m.held()
	value, failure := o.c.runOperation(name, args)
	o.held = m.held() - before
	if value == nil && failure == nil {
		o.empty = true
		return done, nil
	}
	return value, failure
}

// done is what an operation answers that has nothing to answer.
var done = json.RawMessage(`{"status":"OK"}`)

// giveBack gives the place of the last operation back.
func (o *operations) giveBack() {
	o.c.memory().give(o.held)
	o.held = 0
}

// runOperation runs an operation of a query as the endpoint of REST would,
// with all its checks, for the caller of the request. Its value is nil where it
// has nothing to answer.
func (c *call) runOperation(name string, args map[string]json.RawMessage) (any, *graphql.Error) {
	ep := c.s.graphql.operations[name]
	values := map[string]any{}
	for arg, text := range args {
		values[arg] = argument(c.s.graphql.args[name][arg], text)
		if one, ok := values[arg].(string); ok && arg == "queries" { // which are a text in the schema of some
			values[arg] = []any{one}
		}
	}
	w := &capture{holder: c.memory(), header: http.Header{}}
	given := wire.NewParams(values)
	inner := &call{s: c.s, ep: ep, w: w, r: c.operationRequest(ep, values), now: c.s.now(), body: &given}
	if ep.secret {
		c.mustNotCompress()
	}
	err := inner.serve()
	c.takeHeaders(w.header)
	if err != nil {
		inner.logRefusal(err)
		return nil, c.graphqlError(err)
	}
	if w.status == http.StatusNoContent {
		return nil, nil
	}
	if list, ok := w.body.(listJSON); ok {
		return list, nil
	}
	return encoded(w.body), nil
}

// argument is an argument as the endpoints read parameters. An object may come
// as JSON text (Appwrite's scalar Assoc).
func argument(kind string, text json.RawMessage) any {
	var inner string
	if strings.TrimSuffix(kind, "!") == "Assoc" && json.Unmarshal(text, &inner) == nil {
		if object := bytes.TrimSpace([]byte(inner)); !wire.TooDeep(object) && json.Valid(object) {
			text = object
		}
	}
	return wire.JSONValue(text)
}

// operationRequest is the request of REST for an operation, but for its body.
func (c *call) operationRequest(ep endpoint, values map[string]any) *http.Request {
	r := c.r.Clone(c.r.Context())
	method, path, _ := strings.Cut(ep.pattern, " ")
	r.Method, r.URL, r.Body, r.ContentLength = method, &url.URL{Path: "/v1" + path}, http.NoBody, 0
	if c.project != nil { // which the query or the body may have named
		r.Header.Set("X-Appwrite-Project", c.project.ID)
	}
	for name, value := range values {
		if s, ok := value.(string); ok && strings.Contains(path, "{"+name+"}") {
			r.SetPathValue(name, s)
		}
	}
	return r
}

// takeHeaders puts what an operation tells the client in the answer: sessions,
// the time, and of several budgets the one with the least left.
func (c *call) takeHeaders(h http.Header) {
	to := c.w.Header()
	for _, cookie := range h.Values("Set-Cookie") {
		to.Add("Set-Cookie", cookie)
	}
	for _, name := range []string{headerFallback, "Date"} {
		if value := h.Get(name); value != "" {
			to.Set(name, value)
		}
	}
	if !scarcer(h, to) {
		return
	}
	for _, name := range []string{headerLimit, headerRemaining, headerReset, "Retry-After"} {
		to.Del(name)
		if value := h.Get(name); value != "" {
			to.Set(name, value)
		}
	}
}

// scarcer reports whether a budget is to be told instead of another: one that was
// exceeded, or that has less left.
func scarcer(budget, than http.Header) bool {
	left, err := strconv.Atoi(budget.Get(headerRemaining))
	if err != nil { // it has none
		return false
	}
	before, err := strconv.Atoi(than.Get(headerRemaining))
	return err != nil || left < before || budget.Get("Retry-After") != ""
}

// capture is an http.ResponseWriter that keeps the answer, which is not encoded
// yet.
type capture struct {
	holder
	header http.Header
	status int
	body   any
}

func (w *capture) Header() http.Header    { return w.header }
func (w *capture) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter. The operations that GraphQL offers answer
// by call.answer.
func (w *capture) Write([]byte) (int, error) {
	return 0, errors.New("server: an answer in GraphQL is written by itself")
}
