package mask_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// credentialName are the names of fields that are credentials.
var credentialName = regexp.MustCompile(`(Secret|JWT|Key|Password|Token|Cookie|Fallback|Private|Salt|SaltSeparator|Headers|OTP|ConnectionString|ServiceAccountJSON)s?$`)

// plainTag is the tag of fields that are none, though their names say so.
const plainTag = `mask:"-"`

// publicPackages are the folders of the packages that programs import.
func publicPackages(t *testing.T) []string {
	t.Helper()
	services, err := filepath.Glob("../../services/*")
	if err != nil || len(services) == 0 {
		t.Fatalf("%d packages below services/, %v", len(services), err)
	}
	for _, dir := range []string{".", "auth", "ssr", "server", "isojottest", "isojotoauth2"} {
		services = append(services, filepath.Join("../..", dir))
	}
	return services
}

// credentialTypes are the exported structs of the public packages that have such
// a field, by package and name.
func credentialTypes(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, dir := range publicPackages(t) {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(names), err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				addCredentialTypes(t, name, nil, found)
			}
		}
	}
	if len(found) < 10 {
		t.Fatalf("found only %v", found)
	}
	return found
}

// addCredentialTypes adds those of a file, or of source if that is not nil.
func addCredentialTypes(t *testing.T, name string, source any, found map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
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

// holdsCredential reports whether a struct has a field that is a credential by its
// name, and by its type may be one.
func holdsCredential(t ast.Expr) bool {
	fields, ok := t.(*ast.StructType)
	if !ok {
		return false
	}
	for _, field := range fields.Fields.List {
		if holdsCredential(field.Type) {
			return true
		}
		if field.Tag != nil && strings.Contains(field.Tag.Value, plainTag) {
			continue
		}
		for _, name := range fieldNames(field) {
			if ast.IsExported(name) && credentialName.MatchString(name) && !noText[types.ExprString(field.Type)] {
				return true
			}
		}
	}
	return false
}

// noText are types that hold no text: what else has a credential's name has to be
// printed by a test.
var noText = map[string]bool{"bool": true, "int": true, "int64": true, "time.Time": true, "time.Duration": true}

// fieldNames are a field's names; an embedded one has its type's.
func fieldNames(field *ast.Field) (names []string) {
	for _, name := range field.Names {
		names = append(names, name.Name)
	}
	if names == nil {
		embedded := strings.TrimPrefix(types.ExprString(field.Type), "*")
		embedded, _, _ = strings.Cut(embedded, "[") // a generic one's arguments
		names = append(names, embedded[strings.LastIndexByte(embedded, '.')+1:])
	}
	return names
}

// A planted struct is found, whatever type its credential is of.
func TestPlantedCredentialTypes(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]bool{
		"Password string": true, "Secret *string": true, "APIKey json.RawMessage": true, "Private crypto.Signer": true,
		"Tokens []string": true, "Password Hash": true, "Token any": true, "Cookies map[int]string": true, "Token *Token": true,
		"Token": true, "*isojot.Token": true, "Secret[string]": true, "Login struct{ Password string }": true,
		"Key string `mask:\"-\"`": false, "Salt string": true, "ServiceAccountJSON map[string]any": true,
		"Cookies bool": false, "LastKey time.Time": false, "Name string": false, "token string": false, "login": false,
	} {
		found := map[string]bool{}
		addCredentialTypes(t, "planted.go", "package teams\ntype Planted struct { "+field+" }", found)
		if found["teams.Planted"] != want {
			t.Errorf("%s is found: %t, want %t", field, !want, want)
		}
	}
}

// Whoever adds a service adds what it prints.
func TestServicesArePublic(t *testing.T) {
	t.Parallel()
	if packages := publicPackages(t); !slices.Contains(packages, filepath.FromSlash("../../services/locale")) {
		t.Errorf("services/locale is not among %q", packages)
	}
}
