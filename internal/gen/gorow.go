package main

import (
	"strings"
	"text/template"

	"github.com/isojot/isojot/internal/models"
)

// rowsTemplate are the types by which rows are read into the caller's own.
var rowsTemplate = template.Must(template.New("").Parse(`
// {{.Row}}s are the operations that answer with {{.Lower}}s, read into a T, the
// caller's own type, and those of the Service besides. Make them by As:
//
//	{{.Lower}}s := {{.Package}}.As[Post]({{.Package}}.New(client))
type {{.Row}}s[T any] struct{ *Service }

// As returns the service with {{.Lower}}s as values of type T: a struct, whose
// fields have the names of {{.Columns}} as encoding/json finds them, or
// map[string]any.
func As[T any](s *Service) *{{.Row}}s[T] { return &{{.Row}}s[T]{s} }

// {{.Row}} is a {{.Lower}}: what the server keeps of each, and the caller's own.
type {{.Row}}[T any] struct {
{{- range .Fields}}
	{{.Go}} {{.Kind}} ` + "`json:\"{{.JSON}},omit{{.Omit}}\"`" + `
{{- end}}
	// Data is the whole {{.Lower}} as a T, which may have the members above too.
	Data T ` + "`json:\"-\"`" + `
}

// UnmarshalJSON reads a {{.Lower}}.
func (r *{{.Row}}[T]) UnmarshalJSON(text []byte) error {
	type system {{.Row}}[T]
	return service.UnmarshalRow(text, &struct {
		*system
		Sequence *service.Sequence ` + "`json:\"$sequence\"`" + `
	}{(*system)(r), (*service.Sequence)(&r.Sequence)}, &r.Data)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (r {{.Row}}[T]) MarshalJSON() ([]byte, error) {
	type system {{.Row}}[T]
	return service.MarshalRow(system(r), r.Data)
}

// {{.Row}}List is a page of {{.Lower}}s.
type {{.Row}}List[T any] struct {
	// Total counts those of all pages. It is 0 where the call said not to count.
	Total int ` + "`json:\"total\"`" + `
	{{.Row}}s []{{.Row}}[T] ` + "`json:\"{{.Lower}}s\"`" + `
}
`))

type rowField struct{ Go, Kind, JSON, Omit string }

// rows writes them.
func (g *goService) rows() {
	columns := "columns"
	if g.row == "Document" {
		columns = "attributes"
	}
	var fields []rowField
	for _, m := range models.All {
		if m.Name != g.row {
			continue
		}
		for _, f := range m.Fields {
			own := goFieldOf(m, f)
			omit := "empty"
			if own.kind == "isojot.Time" {
				omit = "zero"
			}
			fields = append(fields, rowField{own.name, own.kind, own.json, omit})
		}
	}
	err := rowsTemplate.Execute(&g.types, map[string]any{
		"Row": g.row, "Lower": strings.ToLower(g.row), "Package": g.name, "Columns": columns, "Fields": fields,
	})
	if err != nil {
		panic(err) // a template that does not fit its data
	}
}
