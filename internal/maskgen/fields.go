package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strconv"

	"github.com/isojot/isojot/internal/credential"
)

// masks are the functions of package mask for the types of fields.
var masks = map[string]string{"string": "Of", "map[string]any": "Object"}

// field is a credential, and the function of package mask for its type.
type field struct{ Name, Mask string }

// credentials returns the fields that are credentials. It is an error where one is
// of a type that has no mask and is not plainly printed without a credential, and
// where one is within a struct that has no methods of its own.
func (p *source) credentials(s *ast.StructType) (found []field, err error) {
	for _, declared := range s.Fields.List {
		if inner := p.bare(declared); inner != nil {
			if within, err := p.credentials(inner); err != nil || len(within) > 0 {
				return nil, fmt.Errorf("%s has credentials: write Format and MarshalJSON of the struct by hand", types.ExprString(declared.Type))
			}
		}
		kind := types.ExprString(declared.Type)
		for _, name := range namesOf(declared) {
			switch {
			case !ast.IsExported(name) || !credential.Named(name, tagOf(declared)) || p.harmless(declared.Type):
			case len(declared.Names) > 0 && masks[kind] != "":
				found = append(found, field{name, masks[kind]})
			default:
				return nil, fmt.Errorf("%s is a %s: write Format and MarshalJSON of the struct by hand", name, kind)
			}
		}
	}
	return found, nil
}

// tagOf is a field's tag, "" where there is none.
func tagOf(field *ast.Field) reflect.StructTag {
	if field.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return "" // which no compiler takes
	}
	return reflect.StructTag(tag)
}

// namesOf are a field's names. That of an embedded one is its type's.
func namesOf(field *ast.Field) (names []string) {
	for _, name := range field.Names {
		names = append(names, name.Name)
	}
	if names == nil {
		names = append(names, typeName(field.Type))
	}
	return names
}

// typeName is the name by which a type is embedded.
func typeName(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return typeName(t.X)
	case *ast.SelectorExpr:
		return t.Sel.Name
	case *ast.IndexExpr:
		return typeName(t.X)
	case *ast.IndexListExpr:
		return typeName(t.X)
	}
	return types.ExprString(t)
}

// bare is the struct that a field is printed as a part of, or that has no name;
// nil where there is none, or it has methods of its own.
func (p *source) bare(field *ast.Field) *ast.StructType {
	t := field.Type
	if field.Names == nil {
		name := typeName(t)
		if p.byHand[name] || p.structs[name] != nil {
			return nil
		}
		t = p.types[name]
	}
	inner, _ := t.(*ast.StructType)
	return inner
}

// plain are the types that hold no text.
var plain = []string{
	"bool", "int", "int8", "int16", "int32", "int64", "uint", "uint16", "uint32", "uint64", "uintptr", "float32", "float64",
	"time.Duration", "time.Time",
}

// harmless reports whether what is of a type is printed without a credential: it
// holds no text, or types of this package that mask themselves.
func (p *source) harmless(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.FuncType, *ast.ChanType:
		return true
	case *ast.StarExpr:
		return p.harmless(t.X)
	case *ast.ArrayType:
		return p.harmless(t.Elt)
	case *ast.MapType:
		return p.harmless(t.Key) && p.harmless(t.Value)
	}
	name := types.ExprString(t)
	if p.byHand[name] || p.structs[name] != nil || slices.Contains(plain, name) {
		return true
	}
	declared := p.types[name]
	return declared != nil && types.ExprString(declared) != name && p.harmless(declared)
}
