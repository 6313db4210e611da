package dts

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// methodPreferences is the type parameter of methods that concern preferences.
const methodPreferences = "<P extends Models.Preferences = Models.DefaultPreferences>"

// methods writes both call shapes of each operation of a service, of which
// receiver is the Go type.
func (g *generator) methods(w *writer, receiver string) error {
	service := lowerCamel(receiver) + "."
	written := map[string]bool{}
	for _, m := range g.source.methods {
		operation := g.operationOf(m, service)
		if m.receiver != receiver || operation == "" {
			continue
		}
		if len(written) > 0 {
			w.line("")
		}
		written[operation] = true
		if err := g.method(w, m, operation); err != nil {
			return fmt.Errorf("%s: %w", operation, err)
		}
	}
	for operation := range g.operations {
		if strings.HasPrefix(operation, service) && !written[operation] {
			return fmt.Errorf("no method of *%s mentions %s", receiver, operation)
		}
	}
	return nil
}

// operationOf is the operation that the method's body names, by its name or by
// its descriptor's, such as opAccountGet; or "".
func (g *generator) operationOf(m method, service string) (operation string) {
	ast.Inspect(m.decl.Body, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok {
			for _, o := range g.operations {
				if strings.HasPrefix(o.Name, service) && strings.EqualFold(ident.Name, "op"+o.Field()) {
					operation = o.Name
				}
			}
		}
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		name, err := strconv.Unquote(literal.Value)
		if _, known := g.operations[name]; err == nil && known && strings.HasPrefix(name, service) {
			operation = name
		}
		return true
	})
	return operation
}

// signature is a method in the words of TypeScript.
type signature struct {
	name, generic, result string
	params                []param
}

type param struct {
	field
	kind string
}

func (g *generator) method(w *writer, m method, operation string) error {
	_, name, _ := strings.Cut(operation, ".")
	result, of, err := g.result(m.decl.Type.Results)
	if err != nil {
		return err
	}
	s := signature{name: name, result: result}
	if s.params, err = g.params(m, operation); err != nil {
		return err
	}
	if s.hasPreferences() {
		s.generic = methodPreferences
	}
	doc, err := g.prose(m.doc, m.name, of)
	if err != nil {
		return err
	}
	w.comment(doc)
	return g.shapes(w, s)
}

// hasPreferences reports whether the method takes or gives those of a user.
func (s signature) hasPreferences() bool {
	return s.result == "P" || strings.HasSuffix(s.result, "<P>") ||
		slices.ContainsFunc(s.params, func(p param) bool { return p.kind == "Partial<P>" })
}

// result is what the method's promise resolves with, and the fields of that.
func (g *generator) result(results *ast.FieldList) (string, []field, error) {
	if len(results.List) == 1 {
		return "{}", nil, nil // an error alone
	}
	kind, err := g.typeOf("", results.List[0].Type, "Models.")
	if star, ok := results.List[0].Type.(*ast.StarExpr); ok && err == nil {
		return kind, g.source.within(fmt.Sprint(star.X)), nil
	}
	return kind, nil, err
}

// within are the fields of a struct and of those that it lists.
func (s *source) within(name string) []field {
	model := s.structs[name]
	if model == nil {
		return nil
	}
	fields := model.fields
	for _, f := range model.fields {
		if list, ok := f.kind.(*ast.ArrayType); ok {
			fields = append(slices.Clip(fields), s.within(fmt.Sprint(list.Elt))...)
		}
	}
	return fields
}

// params are the operation's parameters in the order of its entry. In Go they
// are the fields of a struct, or arguments.
func (g *generator) params(m method, operation string) ([]param, error) {
	var fields []field
	for _, argument := range m.decl.Type.Params.List[1:] { // after the context
		if own := g.source.structs[fmt.Sprint(argument.Type)]; own != nil {
			fields = append(fields, own.fields...)
			continue
		}
		for _, ident := range argument.Names {
			fields = append(fields, field{name: ident.Name, json: ident.Name, kind: argument.Type})
		}
	}
	var params []param
	for _, own := range g.operations[operation].Params {
		name := own.Name
		i := slices.IndexFunc(fields, func(f field) bool { return strings.EqualFold(f.json, name) })
		if i < 0 {
			return nil, fmt.Errorf("%s has no parameter %s", m.name, name)
		}
		kind, err := g.typeOf(name, fields[i].kind, "Models.")
		if err != nil {
			return nil, err
		}
		if kind == "P" {
			kind = "Partial<P>"
		}
		p := param{field: fields[i], kind: kind}
		p.json, p.optional = name, own.Optional
		params = append(params, p)
	}
	return params, nil
}

// shapes writes the method with an object, and the older one with positions.
func (g *generator) shapes(w *writer, s signature) error {
	if len(s.params) == 0 {
		w.line("%s%s(options?: CallOptions): Promise<%s>;", s.name, s.generic, s.result)
		return nil
	}
	optional := !slices.ContainsFunc(s.params, func(p param) bool { return !p.optional })
	w.line("%s%s(params%s: {", s.name, s.generic, question(optional))
	w.indent += 2
	var fields []field
	for _, p := range s.params {
		fields = append(fields, p.field)
	}
	for _, p := range s.params {
		doc, err := g.prose(p.doc, p.name, fields)
		if err != nil {
			return err
		}
		w.comment(doc)
		w.line("%s%s: %s;", p.json, question(p.optional), p.kind)
	}
	w.indent -= 2
	w.line("} & CallOptions): Promise<%s>;", s.result)
	w.line("/** @deprecated Pass one object. */")
	w.line("%s%s(%s): Promise<%s>;", s.name, s.generic, positions(s.params), s.result)
	return nil
}

func positions(params []param) string {
	var list []string
	for _, p := range params {
		list = append(list, p.json+question(p.optional)+": "+p.kind)
	}
	return strings.Join(list, ", ")
}
