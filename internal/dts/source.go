package dts

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// source is what is read of a Go package.
type source struct {
	structs   map[string]*structType
	strings   map[string]bool       // the types that are strings
	maps      map[string]bool       // the types that are maps
	constants map[string][]constant // by their type, in their order
	methods   []method              // those of pointer receivers, in the order of files
}

type structType struct {
	doc    string
	fields []field
}

// field is one that JSON has.
type field struct {
	name, json, doc string
	optional        bool // by omitempty
	kind            ast.Expr
}

type constant struct{ name, value string }

type method struct {
	receiver, name, doc string
	decl                *ast.FuncDecl
}

// parse reads the package in dir, its tests left out. Build tags make no
// difference to what is looked for here.
func parse(dir string) (*source, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	s := &source{structs: map[string]*structType{}, strings: map[string]bool{}, maps: map[string]bool{}, constants: map[string][]constant{}}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if err := s.add(decl); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return s, nil
}

func (s *source) add(decl ast.Decl) error {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		s.addMethod(d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if err := s.addSpec(spec, d.Doc); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *source) addMethod(d *ast.FuncDecl) {
	if d.Recv == nil || !d.Name.IsExported() {
		return
	}
	star, ok := d.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return
	}
	if receiver, ok := star.X.(*ast.Ident); ok {
		s.methods = append(s.methods, method{receiver.Name, d.Name.Name, d.Doc.Text(), d})
	}
}

func (s *source) addSpec(spec ast.Spec, doc *ast.CommentGroup) error {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		return s.addConstants(spec)
	case *ast.TypeSpec:
		switch kind := spec.Type.(type) {
		case *ast.StructType:
			fields, err := fieldsOf(kind)
			s.structs[spec.Name.Name] = &structType{doc.Text(), fields}
			return err
		case *ast.Ident:
			s.strings[spec.Name.Name] = kind.Name == "string"
		case *ast.MapType:
			s.maps[spec.Name.Name] = true
		}
	}
	return nil
}

// addConstants takes those that are given a type and a string.
func (s *source) addConstants(spec *ast.ValueSpec) error {
	kind, ok := spec.Type.(*ast.Ident)
	if !ok {
		return nil
	}
	for i, name := range spec.Names {
		if i >= len(spec.Values) {
			continue
		}
		literal, ok := spec.Values[i].(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			return err
		}
		s.constants[kind.Name] = append(s.constants[kind.Name], constant{name.Name, value})
	}
	return nil
}

func fieldsOf(kind *ast.StructType) ([]field, error) {
	var fields []field
	for _, f := range kind.Fields.List {
		tag, err := jsonTag(f.Tag)
		if err != nil {
			return nil, err
		}
		name, options, _ := strings.Cut(tag, ",")
		for _, ident := range f.Names {
			if name == "-" || !ident.IsExported() {
				continue
			}
			doc := f.Doc.Text()
			if doc == "" {
				doc = f.Comment.Text()
			}
			fields = append(fields, field{ident.Name, or(name, lowerCamel(ident.Name)), doc, options == "omitempty", f.Type})
		}
	}
	return fields, nil
}

func jsonTag(literal *ast.BasicLit) (string, error) {
	if literal == nil {
		return "", nil
	}
	tag, err := strconv.Unquote(literal.Value)
	return reflect.StructTag(tag).Get("json"), err
}

func lowerCamel(name string) string { return strings.ToLower(name[:1]) + name[1:] }

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
