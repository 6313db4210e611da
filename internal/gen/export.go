package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

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
	in, ok := map[string]func(operations.Package) bool{"page": operations.Package.InPage, "server": operations.Package.InServer}[list]
	if !ok {
		return fmt.Errorf("-list %s: there is no such package; pass page or server", list)
	}
	var entries []exported
	for _, o := range all {
		if len(o.Lanes) > 0 && o.Service() != "" && in(o.Only) {
			entries = append(entries, exportedOf(o, in))
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(entries)
}

func exportedOf(o operations.Operation, in func(operations.Package) bool) exported {
	method, path, _ := strings.Cut(o.Pattern, " ")
	e := exported{
		Service: o.Class(), Name: o.Method(), Operation: o.Name, Method: method, Path: path, Kind: kindNames[o.Kind],
		Accept: o.Accept, Deprecated: o.Deprecated, Returns: o.Returns, Params: []exportedParam{},
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
