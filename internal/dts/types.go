package dts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/describe"
	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// parameters are what the type parameters of models and methods stand for. As
// in the official packages they have the names of models.
var parameters = map[string]string{
	"Row":         "Row extends Models.Row = Models.DefaultRow",
	"Document":    "Document extends Models.Document = Models.DefaultDocument",
	"Preferences": "Preferences extends Models.Preferences = Models.DefaultPreferences",
}

// generic lists type parameters behind a name.
func generic(names []string) string {
	var list []string
	for _, name := range names {
		list = append(list, parameters[name])
	}
	if list == nil {
		return ""
	}
	return "<" + strings.Join(list, ", ") + ">"
}

// models writes a type for each model of the package, but for some. Those of
// words, given as Name or Name=Other, have the comments of the Go struct of that
// name.
func (g *generator) models(w *writer, words, but []string) error {
	commented := map[string]*structType{}
	for _, word := range words {
		name, other, _ := strings.Cut(word, "=")
		own := g.source.structs[or(other, name)]
		if own == nil {
			return fmt.Errorf("there is no struct %s", or(other, name))
		}
		commented[name] = own
	}
	first := true
	for _, m := range g.ownModels() {
		if slices.Contains(but, m.Name) {
			continue
		}
		if !first {
			w.line("")
		}
		first = false
		if err := g.model(w, m, commented[m.Name]); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// ownModels are those of the package. The one for servers has the models of the
// other as the official package for servers has them, where it does.
func (g *generator) ownModels() []models.Model {
	return own(g, g.api.Models, func(m models.Model) (string, operations.Package) { return m.Name, m.Only })
}

func own[T any](g *generator, all []T, entry func(T) (name string, only operations.Package)) (list []T) {
	servers := map[string]bool{}
	for _, t := range all {
		if name, only := entry(t); only.InServer() {
			servers[name] = true
		}
	}
	for _, t := range all {
		name, only := entry(t)
		if g.has(only) && (g.pkg == Page || only != operations.Page || !servers[name]) {
			list = append(list, t)
		}
	}
	return list
}

func (g *generator) model(w *writer, m models.Model, commented *structType) error {
	doc := describe.Model(m)
	if commented != nil {
		var err error
		if doc, err = g.prose(commented.doc, commented.name, commented.fields); err != nil {
			return err
		}
	}
	w.comment(doc)
	declared := fmt.Sprintf("type %s%s = %s", m.Name, generic(m.Params), strings.Join(append(slices.Clone(m.Is), "{"), " & "))
	if len(m.Fields) == 0 && m.Index == "" {
		w.line("%s};", declared)
		return nil
	}
	w.line("%s", declared)
	err := w.within(func() error {
		if m.Index != "" {
			w.line("[key: string]: %s;", m.Index)
		}
		for _, f := range m.Fields {
			if err := g.member(w, m, f, commented); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		return nil
	})
	w.line("};")
	return err
}

// member writes a field as a property.
func (g *generator) member(w *writer, m models.Model, f models.Field, commented *structType) error {
	doc := describe.Field(m, f)
	if own := commented.field(f.Name); own != nil {
		text, err := g.prose(own.doc, own.name, commented.fields)
		if err != nil {
			return err
		}
		doc = or(text, doc)
	}
	w.comment(doc)
	w.line("%s%s: %s;", f.Name, when(f.Optional, "?"), or(f.Type, "string"))
	return nil
}

// enums writes the enumerations of the package.
func (g *generator) enums(w *writer) {
	all := own(g, g.api.Enums, func(e models.Enum) (string, operations.Package) { return e.Name, e.Only })
	for i, e := range all {
		if i > 0 {
			w.line("")
		}
		w.comment(describe.Enum(e))
		w.line("export enum %s {", e.Name)
		for _, v := range e.Values {
			w.line("  %s = %q,", v.Name, v.Value)
		}
		w.line("}")
	}
}

// when is text where something holds.
func when(holds bool, text string) string {
	if holds {
		return text
	}
	return ""
}
