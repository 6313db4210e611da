package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// declared is what a package declares by hand.
type declared struct {
	types   map[string]bool
	methods map[string]bool // by receiver and name, such as Account.Get
}

// byHand reads what is written by hand of the package in dir, which need not be
// there yet.
func byHand(dir string) (declared, error) {
	d := declared{types: map[string]bool{}, methods: map[string]bool{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return d, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") || strings.HasSuffix(name, ".gen.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return d, err
		}
		for _, decl := range file.Decls {
			d.add(decl)
		}
	}
	return d, nil
}

func (d declared) add(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv != nil {
			receiver := strings.TrimPrefix(types.ExprString(decl.Recv.List[0].Type), "*")
			d.methods[receiver+"."+decl.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				d.types[t.Name.Name] = true
			}
		}
	}
}

// typesOf are the types that the root package declares, by hand and in generated
// code.
func typesOf(code []byte, hand declared) (map[string]bool, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "account_gen.go", code, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	all := declared{types: map[string]bool{}, methods: map[string]bool{}}
	for name := range hand.types {
		all.types[name] = true
	}
	for _, decl := range file.Decls {
		all.add(decl)
	}
	return all.types, nil
}
