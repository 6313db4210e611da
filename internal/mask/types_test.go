package mask_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// credentialName are the names of fields that are credentials.
var credentialName = regexp.MustCompile(`(Secret|JWT|Key|Password|Token|Cookie|Fallback|Private)s?$`)

// credentialTypes are the exported structs of the public packages that have such
// a field, by package and name.
func credentialTypes(t *testing.T) map[string]bool {
	found := map[string]bool{}
	for _, dir := range []string{".", "auth", "ssr", "server", "isojottest", "isojotoauth2"} {
		names, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				addCredentialTypes(t, name, found)
			}
		}
	}
	if len(found) < 10 {
		t.Fatalf("found only %v", found)
	}
	return found
}

func addCredentialTypes(t *testing.T, name string, found map[string]bool) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() && holdsCredential(spec.Type) {
			found[file.Name.Name+"."+spec.Name.Name] = true
		}
		return true
	})
}

func holdsCredential(t ast.Expr) bool {
	fields, ok := t.(*ast.StructType)
	if !ok {
		return false
	}
	for _, field := range fields.Fields.List {
		for _, name := range field.Names {
			switch types.ExprString(field.Type) {
			case "string", "[]byte", "crypto.Signer", "[]string", "map[string]string":
				if name.IsExported() && credentialName.MatchString(name.Name) {
					return true
				}
			}
		}
	}
	return false
}
