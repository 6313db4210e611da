package server

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// beginners are the functions of this package and those below it that may begin
// a transaction, by package and receiver. Of a request's methods these are act,
// which all that changes something goes through, and noteAccess, which rests on
// no right. The others act for the program itself: its own methods, the keyring,
// and what runs executions.
var beginners = map[string]bool{
	"server.call.act": true, "server.call.noteAccess": true,
	"server.Server.CreateUser": true, "server.Server.CreateSession": true, "server.Server.SetUserStatus": true,
	"projects.Keyring.Create": true, "projects.Keyring.Revoke": true, "projects.Keyring.rotate": true, "projects.Keyring.SetClaims": true,
	"projects.Keyring.SetSetting": true, "projects.Keyring.UnsetSetting": true,
	"server.userImport.writeTurn":   true,
	"executions.Engine.failOrphans": true, "executions.Engine.disownLost": true, "executions.Engine.tryFinish": true,
}

// A handler that began a transaction by itself would trust what was looked at
// before the body came.
func TestRequestsChangeThingsByAct(t *testing.T) {
	own, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Glob("internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	ofCalls, begin := 0, map[string]bool{}
	for _, name := range slices.Concat(own, below) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := file.Name.Name + "." + receiver(f) + f.Name.Name
			if strings.HasPrefix(name, "server.call.") {
				ofCalls++
			}
			if beginsTransaction(f) {
				begin[name] = true
			}
		}
	}
	for name := range begin {
		if !beginners[name] {
			t.Errorf("%s begins a transaction by itself: use act", name)
		}
	}
	if !maps.Equal(begin, beginners) {
		t.Errorf("%q begin transactions, and %q may", slices.Sorted(maps.Keys(begin)), slices.Sorted(maps.Keys(beginners)))
	}
	if ofCalls < 100 {
		t.Errorf("only %d methods of call were found", ofCalls)
	}
}

// receiver is the type of a method and a period, "" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	kind := f.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	name, ok := kind.(*ast.Ident)
	if !ok {
		return "?."
	}
	return name.Name + "."
}

// beginsTransaction reports whether a function calls the database's Tx: of
// whatever is called db.
func beginsTransaction(f *ast.FuncDecl) (begins bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		tx, ok := n.(*ast.SelectorExpr)
		if !ok || tx.Sel.Name != "Tx" {
			return true
		}
		switch of := tx.X.(type) {
		case *ast.SelectorExpr:
			begins = begins || of.Sel.Name == "db"
		case *ast.Ident:
			begins = begins || of.Name == "db"
		}
		return true
	})
	return begins
}
