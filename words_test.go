package isojot_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// goOnly are files whose messages no JavaScript can get: it has classes of its
// own for what they do.
var goOnly = map[string]bool{"fromfunction.go": true, "graphql.go": true, "upload.go": true, "upload_source.go": true, "upload_state.go": true}

// TestMessagesNameWhatTheCallerHas looks at every text of this package: it may
// name neither Go's identifiers, since JavaScript gets it too, nor the npm
// package's methods. What differs is in internal/caller.
func TestMessagesNameWhatTheCallerHas(t *testing.T) {
	exported := exportedNames(t)
	javascript := regexp.MustCompile(`\b(?:set[A-Z]\w*|createJWT|getToken|peekToken|deleteSessions?|retryAfter|onAuthChange)\b|\(\)`)
	texts := 0
	for file, found := range textsOf(t) {
		for _, text := range found {
			texts++
			for _, word := range strings.FieldsFunc(text, func(r rune) bool {
				return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
			}) {
				if exported[word] && camel.MatchString(word) && !goOnly[file] {
					t.Errorf("%s: %q names %s, which JavaScript has not: see internal/caller", file, text, word)
				}
			}
			if name := javascript.FindString(text); name != "" {
				t.Errorf("%s: %q names %s, which Go has not: see internal/caller", file, text, name)
			}
		}
	}
	if texts < 100 || !exported["WithJWT"] || !exported["TokenSource"] {
		t.Errorf("%d texts, and %d names", texts, len(exported))
	}
}

// camel is what a sentence does not have: "Session" may begin one, WithSession
// is a name.
var camel = regexp.MustCompile(`^[A-Z]\w*[a-z][A-Z]`)

// textsOf are the string literals with a space, by file.
func textsOf(t *testing.T) map[string][]string {
	texts := map[string][]string{}
	for file, tree := range sources(t) {
		ast.Inspect(tree, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == gotoken.STRING {
				text, err := strconv.Unquote(l.Value)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(text, " ") {
					texts[file] = append(texts[file], text)
				}
			}
			return true
		})
	}
	return texts
}

// exportedNames are those of the package, and of its types' members.
func exportedNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	for _, tree := range sources(t) {
		ast.Inspect(tree, func(n ast.Node) bool {
			var declared []*ast.Ident
			switch n := n.(type) {
			case *ast.FuncDecl:
				declared = append(declared, n.Name)
			case *ast.TypeSpec:
				declared = append(declared, n.Name)
			case *ast.ValueSpec:
				declared = n.Names
			case *ast.Field:
				declared = n.Names
			}
			for _, name := range declared {
				if name.IsExported() {
					names[name.Name] = true
				}
			}
			return true
		})
	}
	return names
}

func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".gen.go") || strings.HasSuffix(name, "_gen.go") {
			continue
		}
		tree, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = tree
	}
	return files
}
