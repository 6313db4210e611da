package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// exported is an operation of an official package, as tests in JavaScript read it.
type exported struct {
	Service    string          `json:"service"` // the class
	Name       string          `json:"name"`
	Operation  string          `json:"operation"`
	Method     string          `json:"method"`
	Path       string          `json:"path"`
	Kind       string          `json:"kind"`
	Accept     string          `json:"accept,omitempty"`
	Deprecated bool            `json:"deprecated,omitempty"`
	Returns    string          `json:"returns,omitempty"`
	Served     bool            `json:"served,omitempty"` // by this repository's server
	Params     []exportedParam `json:"params"`
}

type exportedParam struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // in TypeScript
	Optional bool   `json:"optional,omitempty"`
	Nullable bool   `json:"nullable,omitempty"`
	In       string `json:"in"` // path, query or body
	Wire     string `json:"wire,omitempty"`
}

// kindNames are the kinds in the list.
var kindNames = [...]string{operations.Call: "call", operations.Upload: "upload", operations.Content: "content", operations.Redirect: "redirect"}

// export writes the operations of a package, page or server, as a JSON list.
func export(w io.Writer, list string, all []operations.Operation) error {
	if list == "models" {
		return encode(w, exportedModels())
	}
	in, ok := map[string]func(operations.Package) bool{"page": operations.Package.InPage, "server": operations.Package.InServer}[list]
	if !ok {
		return fmt.Errorf("-list %s: there is no such package; pass page, server or models", list)
	}
	var entries []exported
	for _, o := range all {
		if len(o.Lanes) > 0 && o.Service() != "" && in(o.Only) {
			entries = append(entries, exportedOf(o, in))
		}
	}
	return encode(w, entries)
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(value)
}

// exportedModel is a model, as tests in JavaScript read it.
type exportedModel struct {
	Name   string          `json:"name"`
	Page   bool            `json:"page,omitempty"`   // the page package has it so
	Server bool            `json:"server,omitempty"` // the server package has it so
	Is     []string        `json:"is,omitempty"`
	Index  string          `json:"index,omitempty"`
	Fields []exportedField `json:"fields"`
}

type exportedField struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // in TypeScript
	Optional bool   `json:"optional,omitempty"`
}

// exportedEnum is an enumeration, as tests in JavaScript read it.
type exportedEnum struct {
	Name   string   `json:"name"`
	Page   bool     `json:"page,omitempty"`
	Server bool     `json:"server,omitempty"`
	Values []string `json:"values"`
}

// exportedModels are the models and enumerations.
func exportedModels() any {
	var all struct {
		Models []exportedModel `json:"models"`
		Enums  []exportedEnum  `json:"enums"`
	}
	for _, m := range models.All {
		e := exportedModel{m.Name, m.Only.InPage(), m.Only.InServer(), m.Is, m.Index, []exportedField{}}
		for _, f := range m.Fields {
			e.Fields = append(e.Fields, exportedField{f.Name, cmp.Or(f.Type, "string"), f.Optional})
		}
		all.Models = append(all.Models, e)
	}
	for _, m := range models.Enums {
		e := exportedEnum{Name: m.Name, Page: m.Only.InPage(), Server: m.Only.InServer()}
		for _, v := range m.Values {
			e.Values = append(e.Values, v.Value)
		}
		all.Enums = append(all.Enums, e)
	}
	return all
}

func exportedOf(o operations.Operation, in func(operations.Package) bool) exported {
	method, path, _ := strings.Cut(o.Pattern, " ")
	e := exported{
		Service: o.Class(), Name: o.Method(), Operation: o.Name, Method: method, Path: path, Kind: kindNames[o.Kind],
		Accept: o.Accept, Deprecated: o.Deprecated, Returns: o.Returns, Served: o.Endpoint != nil, Params: []exportedParam{},
	}
	for _, p := range o.Params {
		if in(p.Only) {
			e.Params = append(e.Params, exportedParam{p.Name, typeScript(p.Type), p.Optional, o.Nullable(p), place(o, p), p.Wire})
		}
	}
	return e
}

// place is where a parameter goes.
func place(o operations.Operation, p operations.Param) string {
	switch {
	case o.InPath(p.Name):
		return "path"
	case strings.HasPrefix(o.Pattern, "GET "):
		return "query"
	}
	return "body"
}

// typeScript is a parameter's type, without type parameters.
func typeScript(t operations.Type) string {
	named := map[operations.Type]string{
		operations.String: "string", operations.Int: "number", operations.BigInt: "number | bigint", operations.File: "File",
		operations.Prefs: "object", operations.NewRow: "object", operations.PartialRow: "object",
		operations.NewDocument: "object", operations.PartialDocument: "object",
	}
	return cmp.Or(named[t], string(t))
}
