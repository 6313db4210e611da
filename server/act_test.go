package server

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"strings"
	"testing"
)

// beginners are the methods of a request that may begin a transaction: act,
// which all that changes something goes through, and noteAccess, which rests on
// no right.
var beginners = map[string]bool{"act": true, "noteAccess": true}

// A handler that began a transaction by itself would trust what was looked at
// before the body came.
func TestRequestsChangeThingsByAct(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || !ofCall(method) {
				continue
			}
			seen++
			if beginsTransaction(method) && !beginners[method.Name.Name] {
				t.Errorf("call.%s begins a transaction by itself: use act", method.Name.Name)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d methods of call were found", seen)
	}
}

// ofCall reports whether a function is a method of *call.
func ofCall(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return false
	}
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "call"
}

// beginsTransaction reports whether a function calls the database's Tx.
func beginsTransaction(f *ast.FuncDecl) (begins bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		tx, ok := n.(*ast.SelectorExpr)
		if !ok || tx.Sel.Name != "Tx" {
			return true
		}
		db, ok := tx.X.(*ast.SelectorExpr)
		begins = begins || ok && db.Sel.Name == "db"
		return true
	})
	return begins
}
