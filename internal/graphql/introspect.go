package graphql

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// The objects of introspection (section 4 of the specification). Nothing in a
// schema is deprecated here, and there are no interfaces and input objects.
type (
	schemaObject struct{ schema *ast.Schema }
	typeObject   struct {
		schema *ast.Schema
		t      *ast.Type
	}
	fieldObject struct {
		schema *ast.Schema
		def    *ast.FieldDefinition
	}
	inputObject struct {
		schema *ast.Schema
		def    *ast.ArgumentDefinition
	}
	enumValueObject struct{ def *ast.EnumValueDefinition }
	directiveObject struct {
		schema *ast.Schema
		def    *ast.DirectiveDefinition
	}
)

// textValue is a text as JSON, null if there is none.
func textValue(s string) any {
	if s == "" {
		return nil
	}
	return json.RawMessage(quoted(s))
}

func truthValue(b bool) any {
	if b {
		return json.RawMessage("true")
	}
	return json.RawMessage("false")
}

// typeByName is the type of that name, or nil.
func (s *Schema) typeByName(name json.RawMessage) any {
	var text string
	if json.Unmarshal(name, &text) != nil || s.ast.Types[text] == nil {
		return nil
	}
	return typeObject{s.ast, ast.NamedType(text, nil)}
}

// rootType is the type of a root, or nil.
func rootType(schema *ast.Schema, root *ast.Definition) any {
	if root == nil {
		return nil
	}
	return typeObject{schema, ast.NamedType(root.Name, nil)}
}

// objects are the objects of a list.
func objects[T any](list []T, of func(T) Object) []any {
	made := make([]any, len(list))
	for i, item := range list {
		made[i] = of(item)
	}
	return made
}

func inputs(schema *ast.Schema, list ast.ArgumentDefinitionList) []any {
	return objects(list, func(def *ast.ArgumentDefinition) Object { return inputObject{schema, def} })
}

func (o schemaObject) Member(name string) any {
	switch name {
	case "types":
		return objects(slices.Sorted(maps.Keys(o.schema.Types)), func(name string) Object {
			return typeObject{o.schema, ast.NamedType(name, nil)}
		})
	case "queryType":
		return rootType(o.schema, o.schema.Query)
	case "mutationType":
		return rootType(o.schema, o.schema.Mutation)
	case "directives":
		return objects(slices.Sorted(maps.Keys(o.schema.Directives)), func(name string) Object {
			return directiveObject{o.schema, o.schema.Directives[name]}
		})
	}
	return nil // description, subscriptionType
}

func (o typeObject) Member(name string) any {
	if o.t.NonNull {
		nullable := *o.t
		nullable.NonNull = false
		return o.wrapper(name, "NON_NULL", &nullable)
	}
	if o.t.Elem != nil {
		return o.wrapper(name, "LIST", o.t.Elem)
	}
	def := o.schema.Types[o.t.NamedType]
	switch name {
	case "kind":
		return textValue(string(def.Kind))
	case "name":
		return textValue(def.Name)
	case "description":
		return textValue(def.Description)
	case "fields":
		if def.Kind == ast.Object {
			return objects(ownFields(def), func(def *ast.FieldDefinition) Object { return fieldObject{o.schema, def} })
		}
	case "interfaces":
		if def.Kind == ast.Object {
			return []any{}
		}
	case "possibleTypes":
		if def.Kind == ast.Union {
			return objects(def.Types, func(name string) Object { return typeObject{o.schema, ast.NamedType(name, nil)} })
		}
	case "enumValues":
		if def.Kind == ast.Enum {
			return objects(def.EnumValues, func(def *ast.EnumValueDefinition) Object { return enumValueObject{def} })
		}
	}
	return nil
}

// wrapper is a member of a type that is made of another.
func (o typeObject) wrapper(name, kind string, of *ast.Type) any {
	switch name {
	case "kind":
		return textValue(kind)
	case "ofType":
		return typeObject{o.schema, of}
	}
	return nil
}

func (o fieldObject) Member(name string) any {
	switch name {
	case "name":
		return textValue(o.def.Name)
	case "description":
		return textValue(o.def.Description)
	case "args":
		return inputs(o.schema, o.def.Arguments)
	case "type":
		return typeObject{o.schema, o.def.Type}
	case "isDeprecated":
		return truthValue(false)
	}
	return nil // deprecationReason
}

func (o inputObject) Member(name string) any {
	switch name {
	case "name":
		return textValue(o.def.Name)
	case "description":
		return textValue(o.def.Description)
	case "type":
		return typeObject{o.schema, o.def.Type}
	case "defaultValue":
		if o.def.DefaultValue != nil {
			return textValue(o.def.DefaultValue.String())
		}
	case "isDeprecated":
		return truthValue(false)
	}
	return nil
}

func (o enumValueObject) Member(name string) any {
	switch name {
	case "name":
		return textValue(o.def.Name)
	case "description":
		return textValue(o.def.Description)
	case "isDeprecated":
		return truthValue(false)
	}
	return nil
}

func (o directiveObject) Member(name string) any {
	switch name {
	case "name":
		return textValue(o.def.Name)
	case "description":
		return textValue(o.def.Description)
	case "isRepeatable":
		return truthValue(o.def.IsRepeatable)
	case "locations":
		names := make([]string, len(o.def.Locations))
		for i, l := range o.def.Locations {
			names[i] = quoted(string(l))
		}
		return json.RawMessage("[" + strings.Join(names, ",") + "]")
	case "args":
		return inputs(o.schema, o.def.Arguments)
	}
	return nil
}
