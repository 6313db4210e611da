package server

import (
	"net/http"
	"slices"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/graphql"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of a GraphQL request, beside those of each query (package graphql)
// and of the body (wire.MaxBody).
const (
	maxBatch      = 10       // queries, Appwrite's default
	queryFactor   = 64       // how many times its length a query takes, about
	maxQueryText  = 32 << 10 // bytes of all queries; variables do not count
	maxOperations = 50       // operations that all queries ask for
)

// graphqlHandlers answer GraphQL (contract section 14).
var graphqlHandlers = handlers{
	"graphql.query":    (*call).postGraphQL,
	"graphql.mutation": (*call).postGraphQL,
	"graphql.get":      (*call).getGraphQL,
}

// postGraphQL runs one query or several, and mutations: POST /graphql and
// /graphql/mutation.
func (c *call) postGraphQL() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	requests, err := postedQueries(c.r.Header, p, c.sent)
	if err != nil {
		return err
	}
	return c.runQueries(requests, false)
}

// getGraphQL runs a query, and no mutation: GET /graphql.
func (c *call) getGraphQL() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	if _, given := p.Optional("query"); !given {
		return wire.Failf(isojot.ErrArgumentInvalid, `Param "query" is not optional.`)
	}
	text, err := p.Encode()
	if err != nil {
		return err
	}
	request, err := readQuery(text)
	if err != nil {
		return err
	}
	return c.runQueries([]graphql.Request{request}, true)
}

// runQueries answers queries in their order: one by an object, several by a
// list. Nothing is run unless all of them are within the bounds, and if they are
// read only no mutation.
func (c *call) runQueries(requests []graphql.Request, readOnly bool) error {
	length := 0
	for _, r := range requests {
		length += len(r.Query)
	}
	if length > maxQueryText {
		return wire.Failf(isojot.ErrArgumentInvalid, "Invalid `query` param: The queries of a request must be no longer than %d bytes together, and these are %d. Pass long values as variables.", maxQueryText, length)
	}
	// Read and checked, queries take many times as much.
	if err := c.memory().hold(queryFactor*length + 2*len(c.sent)); err != nil {
		return err
	}
	if readOnly && slices.ContainsFunc(requests, graphql.Request.Changes) {
		c.w.Header().Set("Allow", http.MethodPost)
		return wire.Fail(isojot.ErrGraphQLMethodUnsupported)
	}
	plans, answers := make([]*graphql.Plan, len(requests)), make([]*graphql.Result, len(requests))
	operations, arguments := 0, int64(0)
	for i, r := range requests {
		if plans[i], answers[i] = c.s.graphql.schema.Prepare(r); answers[i] == nil {
			operations += plans[i].Operations()
			arguments += plans[i].ArgumentBytes()
		}
	}
	if arguments > wire.MaxBody {
		return wire.Failf(isojot.ErrArgumentInvalid, "Invalid `variables` param: The arguments of a request must be no longer than %d bytes (%d KiB) together, and these are %d: a variable counts each time it is used. Send them in several requests.", wire.MaxBody, wire.MaxBody>>10, arguments)
	}
	if operations > maxOperations {
		return wire.Failf(isojot.ErrGraphQLTooManyQueries, "Too many queries. A request may ask for %d operations, and this one asks for %d. Send them in several requests.", maxOperations, operations)
	}
	empty, err := c.runPlans(plans, answers)
	if err != nil {
		return err
	}
	if empty && !slices.ContainsFunc(answers, func(r *graphql.Result) bool { return len(r.Errors) > 0 }) {
		noContent(c.w)
		return nil
	}
	return c.answerQueries(answers)
}

// runPlans runs the plans of those queries that have no answer yet. It reports
// whether some operation had nothing to answer: then nothing is answered at all,
// as in Appwrite, unless there are errors to tell of.
func (c *call) runPlans(plans []*graphql.Plan, answers []*graphql.Result) (empty bool, err error) {
	ops := &operations{c: c}
	room := graphql.MaxAnswer
	for i, plan := range plans {
		if answers[i] == nil {
			answers[i], err = plan.Run(ops.run, room, c.memory().hold)
			ops.giveBack()
			if err != nil {
				return false, err
			}
			room -= answers[i].Data.Len()
		}
		c.explain(answers[i])
	}
	return ops.empty, nil
}

// answerQueries answers one query by an object, several by a list. The data is
// written as it is, and all else is let go of before.
func (c *call) answerQueries(answers []*graphql.Result) error {
	var parts [][]byte
	held := 0
	for _, answer := range answers {
		text, err := answer.Parts()
		if err != nil {
			return err
		}
		if parts != nil {
			parts = append(parts, []byte(","))
		}
		parts = append(parts, text...)
		held += answer.Data.Held()
	}
	if len(answers) > 1 {
		parts = append(append([][]byte{[]byte("[")}, parts...), []byte("]"))
	}
	c.forget(held)
	c.s.writeParts(c.w, http.StatusOK, parts...)
	return nil
}

// explain gives the errors of an answer a code and a type where they have
// none: they are the caller's mistakes, or faults.
func (c *call) explain(r *graphql.Result) {
	for _, e := range r.Errors {
		switch {
		case e.Fault != nil:
			c.s.logFault(e.Fault)
			e.Extensions = extensions(isojot.ErrUnknown)
		case e.Extensions == nil:
			e.Extensions = extensions(isojot.ErrArgumentInvalid)
		}
	}
}

// extensions are what an error's status and type are in GraphQL.
func extensions(kind isojot.ErrorType) map[string]any {
	return map[string]any{"code": wire.Status(kind), "type": kind}
}

// graphqlError is an error of an operation. What is no refusal is logged and
// answered as general_unknown.
func (c *call) graphqlError(err error) *graphql.Error {
	refusal := c.s.refusal(err)
	return &graphql.Error{Message: refusal.Message, Extensions: extensions(refusal.Kind)}
}
