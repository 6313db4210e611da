package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/credential"
)

// maskTest is the part of the test that nothing prints a credential which has the
// generated types.
func maskTest(files map[string][]byte) ([]byte, error) {
	var names, paths []string
	for file, code := range files {
		if !strings.HasSuffix(file, "service_gen.go") && file != "account_gen.go" {
			continue
		}
		own, err := credentialTypes(code)
		if err != nil {
			return nil, err
		}
		names = append(names, own...)
		if dir, _, below := strings.Cut(strings.TrimPrefix(file, "services/"), "/"); below && own != nil {
			paths = append(paths, fmt.Sprintf("%q\n", modulePath+"/services/"+dir))
		}
	}
	slices.Sort(names)
	slices.Sort(paths)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%spackage mask_test\n\nimport (\n%q\n%s)\n\n// printGenerated prints what internal/gen writes.\nfunc printGenerated(p *printer) {\n",
		header, modulePath, strings.Join(paths, ""))
	for _, name := range names {
		fmt.Fprintf(&b, "value(p, filled[%s]())\n", name)
	}
	b.WriteString("}\n")
	return b.Bytes(), nil
}

// credentialTypes are the structs of a file that have a credential, by package and
// name.
func credentialTypes(code []byte) (names []string, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", code, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok && slices.ContainsFunc(s.Fields.List, isCredential) {
			names = append(names, file.Name.Name+"."+spec.Name.Name)
		}
		return false
	})
	return names, nil
}

func isCredential(field *ast.Field) bool {
	var tag reflect.StructTag
	if field.Tag != nil {
		tag = reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
	}
	return slices.ContainsFunc(field.Names, func(name *ast.Ident) bool { return credential.Named(name.Name, tag) })
}
