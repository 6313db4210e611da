package isojot

import (
	"encoding/json"
	"fmt"

	"github.com/isojot/isojot/internal/mask"
)

type createExecutionFields CreateExecution

func (p CreateExecution) masked() createExecutionFields {
	p.Headers = mask.Headers(p.Headers)
	return createExecutionFields(p)
}

// Format implements fmt.Formatter, without the values of headers that are
// credentials.
func (p CreateExecution) Format(f fmt.State, verb rune) { show(f, verb, p.masked()) }

// MarshalJSON masks the values of headers that are credentials.
func (p CreateExecution) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }

type graphQLFields GraphQL

// A query may have a password in its text as well as in its variables.
func (q GraphQL) masked() graphQLFields {
	variables := make(map[string]any, len(q.Variables))
	for name := range q.Variables {
		variables[name] = mask.Text
	}
	return graphQLFields{mask.Of(q.Query), variables, q.OperationName}
}

// Format implements fmt.Formatter, without what the query says.
func (q GraphQL) Format(f fmt.State, verb rune) { show(f, verb, q.masked()) }

// MarshalJSON masks what the query says.
func (q GraphQL) MarshalJSON() ([]byte, error) { return json.Marshal(q.masked()) }

type graphQLResultFields struct {
	Data    string         `json:"data"`
	Errors  []GraphQLError `json:"errors"`
	Session string         `json:"-"`
}

func (r GraphQLResult) masked() graphQLResultFields {
	return graphQLResultFields{mask.Bytes(r.Data), r.Errors, mask.Of(r.Session)}
}

// Format implements fmt.Formatter, without the data and the session.
func (r GraphQLResult) Format(f fmt.State, verb rune) { show(f, verb, r.masked()) }

// MarshalJSON masks the data, which may hold a JWT. What passes the data on
// encodes the field.
func (r GraphQLResult) MarshalJSON() ([]byte, error) { return json.Marshal(r.masked()) }

type paramsFields struct {
	Path, Query map[string]string
	Body        string
}

func (p Params) masked() paramsFields {
	return paramsFields{p.Path, mask.Headers(p.Query), mask.Bytes(p.Body)}
}

// Format implements fmt.Formatter, without credentials and the body.
func (p Params) Format(f fmt.State, verb rune) { show(f, verb, p.masked()) }

// MarshalJSON encodes the parameters without credentials and the body.
func (p Params) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }

type requestFields struct {
	Method, URL string
	Header      map[string]string
	Body        string
	Cookies     bool
}

func (r Request) masked() requestFields {
	return requestFields{r.Method, mask.URL(r.URL), mask.Headers(r.Header), mask.Bytes(r.Body), r.Cookies}
}

// Format implements fmt.Formatter, without credentials and the body.
func (r Request) Format(f fmt.State, verb rune) { show(f, verb, r.masked()) }

// MarshalJSON encodes the request without credentials and the body.
func (r Request) MarshalJSON() ([]byte, error) { return json.Marshal(r.masked()) }

type responseFields struct {
	Status int
	Header map[string][]string
	Body   string
}

func (r Response) masked() responseFields {
	header := make(map[string][]string, len(r.Header))
	for name, values := range r.Header {
		for _, value := range values {
			header[name] = append(header[name], mask.Header(name, value))
		}
	}
	return responseFields{r.Status, header, mask.Bytes(r.Body)}
}

// Format implements fmt.Formatter, without credentials and the body.
func (r Response) Format(f fmt.State, verb rune) { show(f, verb, r.masked()) }

// MarshalJSON encodes the answer without credentials and the body.
func (r Response) MarshalJSON() ([]byte, error) { return json.Marshal(r.masked()) }
