package dts

import (
	"fmt"
	"go/ast"
	"strings"
)

// preferences are what the type parameter of a user's types stands for.
const preferences = "<P extends Preferences = DefaultPreferences>"

// models writes a type for each of the structs, given as Name or Name=Other.
func (g *generator) models(w *writer, words []string) error {
	for _, word := range words {
		name, other, _ := strings.Cut(word, "=")
		g.names[name] = or(other, name)
	}
	for i, word := range words {
		name, _, _ := strings.Cut(word, "=")
		if i > 0 {
			w.line("")
		}
		if err := g.model(w, name); err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) model(w *writer, name string) error {
	model := g.source.structs[name]
	if model == nil {
		return fmt.Errorf("there is no struct %s", name)
	}
	doc, err := g.prose(model.doc, name, model.fields)
	if err != nil {
		return err
	}
	w.comment(doc)
	generic := ""
	if g.hasPreferences(name) {
		generic = preferences
	}
	w.line("type %s%s = {", g.names[name], generic)
	w.indent += 2
	for _, f := range model.fields {
		if err := g.member(w, f, model.fields); err != nil {
			return fmt.Errorf("%s.%s: %w", name, f.name, err)
		}
	}
	w.indent -= 2
	w.line("};")
	return nil
}

// member writes a field as a property.
func (g *generator) member(w *writer, f field, others []field) error {
	kind, err := g.typeOf(f.json, f.kind, "")
	if err != nil {
		return err
	}
	doc, err := g.prose(f.doc, f.name, others)
	if err != nil {
		return err
	}
	w.comment(doc)
	w.line("%s%s: %s;", f.json, question(f.optional), kind)
	return nil
}

func question(optional bool) string {
	if optional {
		return "?"
	}
	return ""
}

// hasPreferences reports whether a struct has those of a user.
func (g *generator) hasPreferences(name string) bool {
	for _, f := range g.source.structs[name].fields {
		if f.json == "prefs" {
			return true
		}
	}
	return false
}

// basic are types that have one name on either side.
var basic = map[string]string{
	"string": "string", "bool": "boolean", "int": "number", "int64": "number", "float64": "number",
	"Time": "string", "time.Duration": "number",
}

// typeOf is a Go type in the words of TypeScript, for the parameter or property
// of that name. Names of models begin with prefix.
func (g *generator) typeOf(name string, kind ast.Expr, prefix string) (string, error) {
	if name == "prefs" {
		return "P", nil
	}
	switch kind := kind.(type) {
	case *ast.StarExpr:
		return g.typeOf(name, kind.X, prefix)
	case *ast.ArrayType:
		of, err := g.typeOf(name, kind.Elt, prefix)
		return of + "[]", err
	case *ast.MapType:
		return "object", nil
	case *ast.SelectorExpr:
		return g.named(fmt.Sprint(kind.X, ".", kind.Sel.Name), prefix)
	case *ast.Ident:
		return g.named(kind.Name, prefix)
	}
	return "", fmt.Errorf("no TypeScript type is known for %T", kind)
}

func (g *generator) named(name, prefix string) (string, error) {
	if kind, ok := basic[name]; ok {
		return kind, nil
	}
	if g.source.strings[name] {
		return "string", nil
	}
	if name == "Prefs" {
		return "P", nil
	}
	if g.source.maps[name] {
		return "object", nil
	}
	if other, ok := g.names[name]; ok {
		if prefix != "" && g.hasPreferences(name) {
			other += "<P>"
		}
		return prefix + other, nil
	}
	return "", fmt.Errorf("no TypeScript type is known for %s: name it among the models", name)
}
