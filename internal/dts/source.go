package dts

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// source is what is read of a Go package.
type source struct {
	structs   map[string]*structType
	constants map[string][]constant // by their type, in their order
	methods   []method              // those of pointer receivers, in the order of files
}

type structType struct {
	name, doc string
	fields    []field
}

// field is one that JSON has.
type field struct {
	name, json, doc string
	kind            ast.Expr
}

// field is the one that JSON calls so, or nil.
func (s *structType) field(json string) *field {
	if s == nil {
		return nil
	}
	for i := range s.fields {
		if s.fields[i].json == json {
			return &s.fields[i]
		}
	}
	return nil
}

type constant struct{ name, value string }

type method struct {
	receiver, name, doc string
	decl                *ast.FuncDecl
}

// parse reads the package in dir, its tests left out, and what is generated,
// whose comments are package describe's. Build tags make no difference to what is
// looked for here.
func parse(dir string) (*source, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	s := &source{structs: map[string]*structType{}, constants: map[string][]constant{}}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if ast.IsGenerated(file) {
			continue
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
		if kind, ok := spec.Type.(*ast.StructType); ok {
			fields, err := fieldsOf(kind)
			s.structs[spec.Name.Name] = &structType{spec.Name.Name, doc.Text(), fields}
			return err
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
		name, _, _ := strings.Cut(tag, ",")
		for _, ident := range f.Names {
			if name == "-" || !ident.IsExported() {
				continue
			}
			doc := f.Doc.Text()
			if doc == "" {
				doc = f.Comment.Text()
			}
			fields = append(fields, field{ident.Name, or(name, lowerCamel(ident.Name)), doc, f.Type})
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

// method is the one of the type of the operation's class whose body names the
// operation, or nil.
func (s *source) method(o operations.Operation) *method {
	for i := range s.methods {
		if m := &s.methods[i]; m.receiver == o.Class() && m.performs(o) {
			return m
		}
	}
	return nil
}

// performs reports whether the body names the operation, by its name or by its
// descriptor's, such as opAccountGet.
func (m *method) performs(o operations.Operation) (found bool) {
	ast.Inspect(m.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			found = found || n.Kind == token.STRING && n.Value == strconv.Quote(o.Name)
		case *ast.Ident:
			found = found || strings.EqualFold(n.Name, "op"+o.Field())
		}
		return !found
	})
	return found
}

// resultOf are the fields of what the method gives back, and of what that lists.
func (s *source) resultOf(m *method) []field {
	star, ok := m.decl.Type.Results.List[0].Type.(*ast.StarExpr)
	if !ok {
		return nil
	}
	return s.within(fmt.Sprint(star.X))
}

// within are the fields of a struct and of those that it lists.
func (s *source) within(name string) []field {
	own := s.structs[name]
	if own == nil {
		return nil
	}
	fields := own.fields
	for _, f := range own.fields {
		if list, ok := f.kind.(*ast.ArrayType); ok {
			fields = append(slices.Clip(fields), s.within(fmt.Sprint(list.Elt))...)
		}
	}
	return fields
}

// paramsOf are the method's parameters: its arguments, but for a struct its
// fields.
func (s *source) paramsOf(m *method) (fields []field) {
	if m == nil {
		return nil
	}
	for _, argument := range m.decl.Type.Params.List[1:] { // after the context
		if own := s.structs[fmt.Sprint(argument.Type)]; own != nil {
			fields = append(fields, own.fields...)
			continue
		}
		for _, ident := range argument.Names {
			fields = append(fields, field{name: ident.Name, json: ident.Name, kind: argument.Type})
		}
	}
	return fields
}

func lowerCamel(name string) string { return strings.ToLower(name[:1]) + name[1:] }

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
