package graphql

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Schema is what can be asked. It is safe for concurrent use.
type Schema struct {
	ast *ast.Schema
	Shapes
}

// Shapes are where answers have another shape than the types of a schema.
type Shapes struct {
	// Texts are types that are any JSON in the answers: it is the text of their
	// field of that name.
	Texts map[string]string
	// Unions tell of what type an object is, for each union of the schema.
	Unions map[string]Union
	// Members are what fields are called in the answers, by type and name as in
	// "User.name", where they are called otherwise.
	Members map[string]string
}

// Union tells of what type the objects of a union are.
type Union struct {
	// Member is the member of an object that is a text, and Types are the types by
	// that.
	Member string
	Types  map[string]string
	// Otherwise is the type of all other objects.
	Otherwise string
}

// NewSchema reads a schema in the schema definition language. Interfaces and
// input objects are not supported.
func NewSchema(sdl string, shapes Shapes) (*Schema, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: sdl})
	if err != nil {
		return nil, fmt.Errorf("graphql: the schema: %w", err)
	}
	for _, def := range schema.Types {
		if def.Kind == ast.Interface || def.Kind == ast.InputObject {
			return nil, fmt.Errorf("graphql: the schema: %s is of the kind %s, which is not supported: use an object, a union or a scalar", def.Name, def.Kind)
		}
		if err := shapes.check(def); err != nil {
			return nil, err
		}
	}
	// An answer comes in one piece.
	delete(schema.Directives, "defer")
	return &Schema{schema, shapes}, nil
}

// check looks at whether every object of a union has a type of it.
func (s Shapes) check(def *ast.Definition) error {
	if def.Kind != ast.Union {
		return nil
	}
	u := s.Unions[def.Name]
	for _, name := range append(slices.Collect(maps.Values(u.Types)), u.Otherwise) {
		if !slices.Contains(def.Types, name) {
			return fmt.Errorf("graphql: the schema: objects of the union %s may be a %q, which is none of its types %v", def.Name, name, def.Types)
		}
	}
	return nil
}

// typeOf is the type of an object of a union.
func (s *Schema) typeOf(union string, object json.RawMessage) string {
	u := s.Unions[union]
	for item := range items(object) {
		if name, value := member(item); string(name) == u.Member {
			var text string
			if json.Unmarshal(value, &text) == nil && u.Types[text] != "" {
				return u.Types[text]
			}
		}
	}
	return u.Otherwise
}

// possible are the types of which an object can be that is said to be of that
// type.
func (s *Schema) possible(name string) []string {
	if def := s.ast.Types[name]; def.Kind == ast.Union {
		return def.Types
	}
	return []string{name}
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

// Possible are the types of a union, in the order of the schema; nil if it is
// none.
func (s *Schema) Possible(union string) []string {
	if def := s.ast.Types[union]; def != nil && def.Kind == ast.Union {
		return def.Types
	}
	return nil
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
