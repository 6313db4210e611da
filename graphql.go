package isojot

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
)

// GraphQL is a query or mutation for Client.GraphQL. Operations are named by
// service and method, such as accountGet and accountCreateJWT; members that
// begin with $ begin with _, such as _id (contract section 14).
type GraphQL struct {
	// Query is the text, such as "{ accountGet { _id email } }".
	Query string `json:"query"`
	// Variables are the values of its variables, in what encodes as JSON.
	Variables map[string]any `json:"variables,omitempty"`
	// OperationName chooses among several operations of Query.
	OperationName string `json:"operationName,omitempty"`
}

// GraphQLResult is the answer to a GraphQL.
type GraphQLResult struct {
	// Data has a member for each operation, null where it failed; it is empty where
	// nothing was answered.
	Data json.RawMessage `json:"data"`
	// Errors are those of the operations that failed.
	Errors []GraphQLError `json:"errors"`
	// Session is the secret of the session that a mutation made, for
	// WithSession; "" in browsers and for other answers.
	Session string `json:"-"`

	response *Response
}

// GraphQLError is one operation's error, or one that the query has.
type GraphQLError struct {
	Message string `json:"message"`
	// Path leads to the operation, by its alias if it has one.
	Path []any `json:"path"`
	// Extensions say what REST would answer. Appwrite itself sends none.
	Extensions struct {
		Code int       `json:"code"`
		Type ErrorType `json:"type"`
	} `json:"extensions"`
}

const opGraphQL = "graphql.query"

// GraphQL runs a query or a mutation. Like every call it takes one lane: the
// JWT's where one is set, else the session's, the key's or a guest's. So
// accountCreateJWT needs a client without a JWT. A TokenSource learns of a
// sign-in or sign-out by GraphQL at its next call.
//
// Operations that fail have no effect on the others: their errors are in the
// result, and Err returns the first. GraphQL itself fails if nothing was run:
// the request was refused, or the query is wrong. Where an operation has nothing
// to answer, such as accountDeleteSession, the result has neither Data nor errors,
// whatever else the query asks for.
func (c *Client) GraphQL(ctx context.Context, q GraphQL) (*GraphQLResult, error) {
	results, err := c.graphql(ctx, graphQLFields(q), 1, unmarshalOne)
	if err != nil {
		return nil, err
	}
	if r := results[0]; len(r.Errors) > 0 && (len(r.Data) == 0 || string(r.Data) == "null") {
		return nil, r.Err()
	}
	return results[0], nil
}

// GraphQLBatch runs several in one request, in their order. A server takes ten
// unless it is set up otherwise. It fails only if the whole request was
// refused; the results of queries that are wrong have errors and no Data, and no
// result has any where an operation of one has nothing to answer.
func (c *Client) GraphQLBatch(ctx context.Context, queries ...GraphQL) ([]*GraphQLResult, error) {
	bodies := make([]graphQLFields, 0, len(queries))
	for _, q := range queries {
		bodies = append(bodies, graphQLFields(q))
	}
	switch len(queries) {
	case 0:
		err := invalid("queries: none; pass one or more")
		err.Operation = opGraphQL
		return nil, err
	case 1: // which is answered by an object
		return c.graphql(ctx, bodies, 1, unmarshalOne)
	}
	results, err := c.graphql(ctx, bodies, len(queries), unmarshal[[]*GraphQLResult])
	if err == nil && len(results) != len(queries) {
		return nil, &Error{Operation: opGraphQL, Type: ErrBadResponse, Message: "the answer has " + strconv.Itoa(len(results)) +
			" results for " + strconv.Itoa(len(queries)) + " queries: check the endpoint"}
	}
	return results, err
}

// unmarshalOne reads an answer that is one result.
func unmarshalOne(operation string, res *Response) (*[]*GraphQLResult, error) {
	r, err := unmarshal[*GraphQLResult](operation, res)
	if err != nil {
		return nil, err
	}
	return &[]*GraphQLResult{*r}, nil
}

// graphql sends a body of so many queries and reads the answer.
func (c *Client) graphql(ctx context.Context, body any, queries int, read func(string, *Response) (*[]*GraphQLResult, error)) ([]*GraphQLResult, error) {
	data, cause := json.Marshal(body)
	if cause != nil {
		err := invalid("variables: " + cause.Error() + "; pass values that encode as JSON")
		err.Operation = opGraphQL
		return nil, err
	}
	p, err := Encode(opGraphqlQuery, map[string]any{"query": json.RawMessage(data)})
	if err != nil {
		return nil, err
	}
	res, err := c.Do(ctx, opGraphqlQuery, p)
	if err != nil {
		return nil, err
	}
	if res.Status == statusNoContent {
		return emptyResults(queries, res), nil
	}
	results, err := read(opGraphQL, res)
	if err != nil {
		return nil, err
	}
	for _, r := range *results {
		if r == nil || len(r.Data) == 0 && len(r.Errors) == 0 {
			return nil, &Error{Operation: opGraphQL, Type: ErrBadResponse, Code: res.Status, Response: string(res.Body),
				Message: "the answer has neither data nor errors: check the endpoint"}
		}
		r.response, r.Session = res, c.SessionSecret(res)
	}
	return *results, nil
}

// statusNoContent is the status of answers without a body.
const statusNoContent = 204

// emptyResults are those of queries to which nothing was answered.
func emptyResults(queries int, res *Response) []*GraphQLResult {
	results := make([]*GraphQLResult, queries)
	for i := range results {
		results[i] = &GraphQLResult{response: res}
	}
	return results
}

// Err returns the first of the errors as an *Error, or nil if there is none.
// Its Operation is the path, such as "accountGet".
func (r *GraphQLResult) Err() error {
	if len(r.Errors) == 0 {
		return nil
	}
	first := r.Errors[0]
	e := &Error{Message: first.Message, Code: first.Extensions.Code, Type: first.Extensions.Type,
		Response: string(r.response.Body), Operation: opGraphQL}
	if len(first.Path) > 0 {
		e.Operation, _ = first.Path[0].(string)
	}
	if more := len(r.Errors) - 1; more > 0 {
		e.Message = strings.TrimSuffix(e.Message, ".") + " (and " + strconv.Itoa(more) + " more in Errors)"
	}
	if e.Reason = reasonOf(e); e.Reason == ReasonRateLimited {
		refused := Response{Status: e.Code, Header: r.response.Header}
		e.RetryAfter = retryAfter(&refused)
	}
	return e
}
