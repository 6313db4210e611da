package server

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/graphql"
	"github.com/isojot/isojot/server/internal/wire"
)

// headerSDKGraphQL says that the body is that of an SDK's call, whose
// parameter query is the query or the list of queries (contract section 14).
const headerSDKGraphQL = "X-SDK-GraphQL"

// postedQueries reads the queries of a body, given as it was sent and as
// parameters. One that does not parse has none.
func postedQueries(h http.Header, p wire.Params, sent []byte) ([]graphql.Request, error) {
	text := sent
	switch kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")); kind { // "" for none that is readable
	case "application/graphql":
		text = []byte(`{"query":` + quoteJSON(string(sent)) + `}`)
	case "application/json":
	default: // a form
		var err error
		if text, err = p.Encode(); err != nil {
			return nil, err
		}
	}
	if wire.TooDeep(text) || !json.Valid(text) {
		return nil, wire.Fail(isojot.ErrGraphQLNoQuery)
	}
	if h.Get(headerSDKGraphQL) == "true" {
		return wrappedQueries(text)
	}
	return readQueries(bytes.TrimSpace(text))
}

// wrappedQueries reads the parameter query of an SDK's call.
func wrappedQueries(text []byte) ([]graphql.Request, error) {
	var body map[string]json.RawMessage
	if json.Unmarshal(text, &body) != nil || isNull(body["query"]) {
		return nil, wire.Fail(isojot.ErrGraphQLNoQuery)
	}
	if first := body["query"][0]; first != '{' && first != '[' {
		return nil, wire.Invalid("query", `Value must be an object such as {"query": "{ accountGet { _id } }"}, or a list of them`)
	}
	return readQueries(body["query"])
}

// readQueries reads a query or a list of queries, valid JSON.
func readQueries(text []byte) ([]graphql.Request, error) {
	list := []json.RawMessage{text}
	if text[0] == '[' {
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, err // cannot happen: it is valid
		}
	}
	if len(list) == 0 {
		return nil, wire.Fail(isojot.ErrGraphQLNoQuery)
	}
	if len(list) > maxBatch {
		return nil, wire.Fail(isojot.ErrGraphQLTooManyQueries)
	}
	requests := make([]graphql.Request, len(list))
	for i, item := range list {
		var err error
		if requests[i], err = readQuery(item); err != nil {
			return nil, err
		}
	}
	return requests, nil
}

// readQuery reads a query with its variables and the name of its operation.
func readQuery(text []byte) (graphql.Request, error) {
	var r graphql.Request
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return r, wire.Fail(isojot.ErrGraphQLNoQuery)
	}
	if err := readText(members, "query", &r.Query); err != nil {
		return r, err
	}
	if r.Query == "" {
		return r, wire.Fail(isojot.ErrGraphQLNoQuery)
	}
	if err := readText(members, "operationName", &r.OperationName); err != nil {
		return r, err
	}
	var err error
	r.Variables, err = readVariables(members["variables"])
	return r, err
}

// readText reads a member that is a text; null is as if absent.
func readText(members map[string]json.RawMessage, name string, s *string) error {
	if isNull(members[name]) {
		return nil
	}
	if json.Unmarshal(members[name], s) != nil {
		return wire.Invalid(name, "Value must be a valid string")
	}
	return nil
}

// readVariables reads the values of variables: an object, or a JSON text that
// is one, as in the query of a GET. An empty list is an empty object, which PHP
// cannot tell apart.
func readVariables(text json.RawMessage) (map[string]json.RawMessage, error) {
	var inner string
	if json.Unmarshal(text, &inner) == nil {
		text = json.RawMessage(inner)
	}
	if len(text) == 0 || isNull(text) || string(text) == "[]" {
		return nil, nil
	}
	var values map[string]json.RawMessage
	if wire.TooDeep(text) || json.Unmarshal(text, &values) != nil {
		return nil, wire.Invalid("variables", wire.DescribeObject)
	}
	return values, nil
}

// isNull reports whether a member of an object is null or absent.
func isNull(text json.RawMessage) bool { return text == nil || string(text) == "null" }

// quoteJSON is a text as JSON.
func quoteJSON(s string) string {
	text, err := json.Marshal(s)
	if err != nil { // texts always encode
		panic(err)
	}
	return string(text)
}
