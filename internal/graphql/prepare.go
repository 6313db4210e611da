package graphql

import (
	"encoding/json"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// Request is one query as a client sends it.
type Request struct {
	Query string
	// OperationName chooses among several operations of Query; "" if there is
	// one.
	OperationName string
	// Variables are the values of the operation's variables, each valid JSON.
	Variables map[string]json.RawMessage
}

// Plan is a query that is valid and within the bounds, ready to be run.
type Plan struct {
	schema *Schema
	op     *ast.OperationDefinition
	vars   map[string]json.RawMessage
	groups []group // the fields of op
}

// Prepare reads, bounds and validates a query. One that cannot be run has its
// answer instead.
func (s *Schema) Prepare(r Request) (*Plan, *Result) {
	doc, err := parser.ParseQuery(&ast.Source{Input: r.Query})
	if err != nil {
		return nil, unreadable(err)
	}
	if res := checkBounds(doc); res != nil {
		return nil, res
	}
	if errs := validator.ValidateWithRules(s.ast, doc, nil); len(errs) > 0 {
		return nil, invalid(errs)
	}
	op, res := chooseOperation(doc, r.OperationName)
	if res != nil {
		return nil, res
	}
	vars, res := s.variables(op, r.Variables)
	if res != nil {
		return nil, res
	}
	p := &Plan{schema: s, op: op, vars: vars}
	p.groups = p.collect(s.root(op).Name, op.SelectionSet)
	return p, nil
}

// root is the type whose fields an operation asks for.
func (s *Schema) root(op *ast.OperationDefinition) *ast.Definition {
	if op.Operation == ast.Mutation {
		return s.ast.Mutation
	}
	return s.ast.Query
}

// Changes reports whether the operation that a request chooses is no query,
// whether it is valid or not.
func (r Request) Changes() bool {
	doc, err := parser.ParseQuery(&ast.Source{Input: r.Query})
	if err != nil {
		return false
	}
	op, res := chooseOperation(doc, r.OperationName)
	return res == nil && op.Operation != ast.Query
}

// chooseOperation is the operation of that name, or the only one.
func chooseOperation(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *Result) {
	switch {
	case len(doc.Operations) == 0:
		return nil, refused("The query has no operation. Send one, such as { accountGet { _id } }.", nil)
	case name == "" && len(doc.Operations) > 1:
		return nil, refused("Must provide operation name if query contains multiple operations.", nil)
	case name == "":
		return doc.Operations[0], nil
	}
	op := doc.Operations.ForName(name)
	if op == nil {
		return nil, refused(fmt.Sprintf("Unknown operation named %q.", name), nil)
	}
	return op, nil
}

// Operations are how many fields the plan has resolved, at most: those of
// introspection are among them.
func (p *Plan) Operations() int { return len(p.groups) }
