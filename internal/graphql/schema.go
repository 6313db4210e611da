package graphql

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Schema is what can be asked. It is safe for concurrent use.
type Schema struct {
	ast *ast.Schema
	// texts are the fields that are the JSON that stands for their type's object.
	texts map[string]string
}

// NewSchema reads a schema in the schema definition language. Types in texts
// are any JSON in the answers: it is the text of their field of that name.
// Interfaces, unions and input objects are not supported.
func NewSchema(sdl string, texts map[string]string) (*Schema, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: sdl})
	if err != nil {
		return nil, fmt.Errorf("graphql: the schema: %w", err)
	}
	for _, def := range schema.Types {
		if def.Kind == ast.Interface || def.Kind == ast.Union || def.Kind == ast.InputObject {
			return nil, fmt.Errorf("graphql: the schema: %s is of the kind %s, which is not supported: use an object or a scalar", def.Name, def.Kind)
		}
	}
	// An answer comes in one piece.
	delete(schema.Directives, "defer")
	return &Schema{schema, texts}, nil
}

// RootField is a field of the query or the mutation type.
type RootField struct {
	Name     string
	Mutation bool
	// Args are the types of the arguments by name, such as String!.
	Args map[string]string
	// Type is the type of the answer, such as User.
	Type string
}

// RootFields are the fields of the root types, in the order of the schema.
func (s *Schema) RootFields() []RootField {
	var list []RootField
	for _, root := range []*ast.Definition{s.ast.Query, s.ast.Mutation} {
		if root == nil {
			continue
		}
		for _, f := range ownFields(root) {
			args := map[string]string{}
			for _, a := range f.Arguments {
				args[a.Name] = a.Type.String()
			}
			list = append(list, RootField{f.Name, root == s.ast.Mutation, args, f.Type.String()})
		}
	}
	return list
}

// Fields are the types of a type's fields by name; nil if there is no such
// type.
func (s *Schema) Fields(typeName string) map[string]string {
	def := s.ast.Types[typeName]
	if def == nil {
		return nil
	}
	fields := map[string]string{}
	for _, f := range ownFields(def) {
		fields[f.Name] = f.Type.String()
	}
	return fields
}

// ownFields are the fields of a type but those of introspection.
func ownFields(def *ast.Definition) ast.FieldList {
	var own ast.FieldList
	for _, f := range def.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			own = append(own, f)
		}
	}
	return own
}

// isLeaf reports whether values of the named type have no fields.
func (s *Schema) isLeaf(name string) bool {
	kind := s.ast.Types[name].Kind
	return kind == ast.Scalar || kind == ast.Enum
}

// isCustom reports whether the named type is a scalar that only the schema knows:
// any JSON.
func (s *Schema) isCustom(name string) bool {
	def := s.ast.Types[name]
	return def != nil && def.Kind == ast.Scalar && !def.BuiltIn
}
