package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	ops "github.com/isojot/isojot/internal/operations"
)

// A scenario that asks for operations without a handler is pending: it is
// played, but its differences are neither listed nor faults. The list names the
// operations; it is wrong as soon as one of them is there.

// notBuilt is the error of an operation without a handler.
var notBuilt = []byte(`"general_route_not_found"`)

// missing is the operation that a step asks for and that this server does not
// have, "" when it has it.
func missing(s *step, got answer) string {
	path, _, _ := strings.Cut(s.Request.Path, "?")
	switch {
	case isPage(s) && s.Want.Status == http.StatusNotFound || !bytes.Contains(got.Body, notBuilt):
		return "" // there was no such route either
	case path == "/v1/graphql":
		return missingField(s.Request.Body, got.Body)
	}
	return operationOf(s.Request.Method, strings.TrimPrefix(path, "/v1"))
}

// operationOf names the operation of a method and path, "" for none. Of several
// that fit, as /users/identities fits /users/{userId}, it is the one with the
// fewest wildcards.
func operationOf(method, path string) string {
	name, fewest := "", 0
	for _, o := range ops.All() {
		for _, pattern := range slices.Concat([]string{o.Pattern}, o.Aliases) {
			if n := strings.Count(pattern, "{"); o.Endpoint != nil && fits(pattern, method+" "+path) && (name == "" || n < fewest) {
				name, fewest = o.Name, n
			}
		}
	}
	return name
}

// fits reports whether a request's method and path are those of a pattern.
func fits(pattern, request string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(request, "/")
	return slices.EqualFunc(a, b, func(want, got string) bool {
		return want == got || strings.HasPrefix(want, "{") && got != ""
	})
}

// missingField names an operation without a handler that a query of GraphQL
// asks for, by the errors of the answer.
func missingField(query string, answer []byte) string {
	var body struct {
		Errors []struct {
			Path       []any
			Extensions struct{ Type string }
		}
	}
	if json.Unmarshal(answer, &body) != nil {
		return ""
	}
	for _, e := range body.Errors {
		if e.Extensions.Type != "general_route_not_found" || len(e.Path) == 0 {
			continue
		}
		for _, o := range ops.All() {
			if o.Answer != "" && (o.Field() == e.Path[0] || strings.Contains(query, fmt.Sprint(e.Path[0], ": ", o.Field()))) {
				return o.Name
			}
		}
	}
	return ""
}
