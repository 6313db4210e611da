package dts

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/describe"
	"github.com/isojot/isojot/internal/operations"
)

// services writes a class for each service of the package, but for some.
func (g *generator) services(w *writer, but []string) error {
	var written []string
	for _, o := range g.api.Operations {
		class := o.Class()
		if class == "" || slices.Contains(but, class) || slices.Contains(written, class) || len(g.operations(class)) == 0 {
			continue
		}
		if written != nil {
			w.line("")
		}
		written = append(written, class)
		w.comment(describe.Service(o.Service()) + "\nCalls reject with an AppwriteException; a missing required parameter throws one at once.")
		w.line("export class %s {", class)
		err := w.within(func() error {
			w.line("constructor(client: Client | ServerClient);\n")
			w.line("client: Client | ServerClient;\n")
			return g.methods(w, class, nil)
		})
		if err != nil {
			return err
		}
		w.line("}")
	}
	return nil
}

// methods writes both call shapes of each operation of a class, but for some.
func (g *generator) methods(w *writer, class string, but []string) error {
	all := g.operations(class)
	if len(all) == 0 {
		return fmt.Errorf("no operation is of class %s", class)
	}
	for _, name := range but {
		if !slices.ContainsFunc(all, func(o operations.Operation) bool { return o.Method() == name }) {
			return fmt.Errorf("%s has no method %s to leave out", class, name)
		}
	}
	first := true
	for _, o := range all {
		if slices.Contains(but, o.Method()) {
			continue
		}
		if !first {
			w.line("")
		}
		first = false
		if err := g.method(w, o); err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return nil
}

// signature is a method in the words of TypeScript.
type signature struct {
	name, generic, result string
	params                []param
	// options is the type of those that it takes, or "".
	options string
	// needed: there has to be an object, even where all that is in it is optional.
	needed bool
}

type param struct {
	name, kind, doc string
	optional        bool
}

// optionsOf is the type of the options of a method. What makes a URL only has none.
func optionsOf(o operations.Operation, result string) string {
	switch {
	case o.Kind == operations.Upload:
		return "UploadOptions"
	case strings.HasPrefix(result, "Promise<"):
		return "CallOptions"
	}
	return ""
}

func (g *generator) method(w *writer, o operations.Operation) error {
	doc, own, err := g.doc(o)
	if err != nil {
		return err
	}
	result := g.result(o)
	s := signature{name: o.Method(), generic: generic(typeParameters(o)), result: result, options: optionsOf(o, result), needed: slices.ContainsFunc(o.Params, o.Nullable)}
	if s.params, err = g.params(o, own); err != nil {
		return err
	}
	if instead := describe.Instead(o); instead != "" {
		doc += "\n@deprecated Use " + g.inWords(o, instead) + "."
	}
	w.comment(doc)
	s.write(w)
	return nil
}

// inWords names an operation beside another: by its class, if that is another.
func (g *generator) inWords(beside operations.Operation, name string) string {
	o := operations.Operation{Name: name}
	if o.Class() == beside.Class() {
		return o.Method() + "()"
	}
	return o.Class() + "." + o.Method() + "()"
}

// doc is what is said of the operation: in the Go package, if its type of that
// name has a method for it, which is returned too. Redirections and the like are
// another thing in Go.
func (g *generator) doc(o operations.Operation) (string, *method, error) {
	own := g.source.method(o)
	if own == nil || own.doc == "" || o.Kind != operations.Call {
		return describe.Operation(o), nil, nil
	}
	doc, err := g.prose(own.doc, own.name, g.source.resultOf(own))
	return doc, own, err
}

// params are those that the package has, in the order of its official one.
func (g *generator) params(o operations.Operation, own *method) ([]param, error) {
	fields := g.source.paramsOf(own)
	var params []param
	for _, p := range o.Params {
		if !g.takes(o, p) {
			continue
		}
		doc := describe.Param(o, p)
		if i := slices.IndexFunc(fields, func(f field) bool { return strings.EqualFold(f.json, p.Name) }); i >= 0 {
			text, err := g.prose(fields[i].doc, fields[i].name, fields)
			if err != nil {
				return nil, err
			}
			doc = or(text, doc)
		}
		params = append(params, param{p.Name, kindOf(o, p), doc, p.Optional})
	}
	if o.Kind == operations.Upload {
		params = append(params, param{"onProgress", "(progress: UploadProgress) => void", "Is told of each chunk that has been sent.", true})
	}
	return params, nil
}

// takes reports whether the method has the parameter: of what both official
// packages have, the one for servers takes what servers do.
func (g *generator) takes(o operations.Operation, p operations.Param) bool {
	if g.pkg == Server && o.Only.InServer() {
		return p.Only != operations.Page
	}
	return p.Only != operations.Server
}

// kinds are types of parameters in TypeScript.
var kinds = map[operations.Type]string{
	operations.String: "string", operations.Int: "number", operations.BigInt: "number | bigint", operations.File: "FileInput",
	operations.Prefs: "object", operations.NewRow: "NewRow<Row>", operations.PartialRow: "PartialRow<Row>",
	operations.NewDocument: "NewDocument<Document>", operations.PartialDocument: "PartialDocument<Document>",
}

// kindOf is the type of a parameter. What the table has not is TypeScript.
func kindOf(o operations.Operation, p operations.Param) string {
	if p.Type == operations.Prefs && slices.Equal(typeParameters(o), []string{"Preferences"}) && o.Class() == "Account" {
		return "Partial<Preferences>" // those of teams may be anything there
	}
	return or(kinds[p.Type], string(p.Type))
}

// modelNames are the names of models and of type parameters in an answer.
var modelNames = regexp.MustCompile(`\b[A-Z]\w*`)

// typeParameters are those of the method, which its answer or its parameters name.
func typeParameters(o operations.Operation) (names []string) {
	texts := []string{o.Returns}
	for _, p := range o.Params {
		texts = append(texts, kinds[p.Type])
	}
	for _, name := range modelNames.FindAllString(strings.Join(texts, " "), -1) {
		if parameters[name] != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// result is what the method gives back.
func (g *generator) result(o operations.Operation) string {
	switch {
	case o.Kind == operations.Content && g.pkg == Page:
		return "string"
	case o.Kind == operations.Content:
		return "Promise<ArrayBuffer>"
	case o.Kind == operations.Redirect && (g.pkg == Page || o.Only == operations.Page):
		return "void | string"
	case o.Kind == operations.Redirect:
		return "Promise<string>"
	case o.Returns == "":
		return "Promise<{}>"
	}
	qualified := modelNames.ReplaceAllStringFunc(o.Returns, func(name string) string {
		if parameters[name] != "" {
			return name
		}
		return "Models." + name
	})
	return "Promise<" + qualified + ">"
}

// write writes the shape with an object, and the older one with positions.
func (s signature) write(w *writer) {
	if len(s.params) == 0 {
		w.line("%s%s(%s): %s;", s.name, s.generic, when(s.options != "", "options?: "+s.options), s.result)
		return
	}
	optional := !s.needed && !slices.ContainsFunc(s.params, func(p param) bool { return !p.optional })
	w.line("%s%s(params%s: {", s.name, s.generic, when(optional, "?"))
	for _, p := range s.params {
		w.indent += 2
		w.comment(p.doc)
		w.line("%s%s: %s;", p.name, when(p.optional, "?"), p.kind)
		w.indent -= 2
	}
	w.line("}%s): %s;", when(s.options != "", " & "+s.options), s.result)
	w.line("/** @deprecated Pass one object. */")
	s.writePositions(w)
}

// writePositions writes the shape with positions: on one line if that is of use.
func (s signature) writePositions(w *writer) {
	var list []string
	for _, p := range s.params {
		list = append(list, p.name+when(p.optional, "?")+": "+p.kind)
	}
	begin, end := s.name+s.generic+"(", "): "+s.result+";"
	if line := begin + strings.Join(list, ", ") + end; len(line)+w.indent <= longestLine {
		w.line("%s", line)
		return
	}
	w.line("%s", begin)
	for _, p := range list {
		w.line("  %s,", p)
	}
	w.line("%s", end)
}

const longestLine = 140
