package dts

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// sample is a package of the root's shape.
const sample = `package sample

import ("context"; "time")

type ErrorType string

const ErrTaken ErrorType = "user_already_exists"

type Reason string

const (
	ReasonUnknown Reason = "unknown"
	ReasonCORS    Reason = "cors"
)

// Person is whoever it is (contract section 9).
type Person struct {
	ID     string         ` + "`json:\"$id\"`" + `
	Seen   Time           ` + "`json:\"seen\"`" + ` // none at first
	Prefs  map[string]any ` + "`json:\"prefs\"`" + `
	Labels []string       ` + "`json:\"labels,omitempty\"`" + `
	Hidden int            ` + "`json:\"-\"`" + `
	own    int
}

type List struct {
	Total int    ` + "`json:\"total\"`" + `
	Users []Person ` + "`json:\"users\"`" + `
}

type Account struct{}

type Create struct {
	// UserID has 1 to 36 letters.
	//
	// In Go, "" will do, see WithKey.
	UserID string ` + "`json:\"userId\"`" + `
	Wait   time.Duration
}

// Create makes a user, whose Seen is empty (contract sections 2 and 3). One
// that exists is ErrTaken. The user's Labels are kept; a JWT by WithJWT.
func (a *Account) Create(ctx context.Context, p Create) (*Person, error) { return call("account.create") }

// List returns all, without Prefs.
func (a *Account) List(ctx context.Context) (*List, error) { return call(opAccountList) }

func (a *Account) Get(ctx context.Context, userID string, prefs Prefs) error { return call("account.get") }
`

var anybody = []operations.Lane{operations.Guest}

var sampleAPI = API{
	Operations: []operations.Operation{
		{Name: "account.create", Lanes: anybody, Returns: "User<Preferences>", Params: []operations.Param{{Name: "userId"}, {Name: "wait", Type: operations.Int, Optional: true}}},
		{Name: "account.list", Lanes: anybody, Returns: "List"},
		{Name: "account.get", Lanes: anybody, Params: []operations.Param{{Name: "userId", Optional: true}, {Name: "prefs", Type: operations.Prefs, Optional: true}}},
		{Name: "account.createVerification", Lanes: anybody, Deprecated: true},
		{Name: "account.wait", Lanes: anybody, Only: operations.Server},
		{Name: "account.left", Lanes: anybody},
		{Name: "account.none"},
		{Name: "users.get", Lanes: anybody, Only: operations.Server, Params: []operations.Param{{Name: "userId"}}, Returns: "User<Preferences>"},
		{Name: "tablesDB.createRow", Lanes: anybody, Params: []operations.Param{{Name: "data", Type: operations.NewRow}}, Returns: "Row"},
		{
			Name: "storage.createFile", Kind: operations.Upload, Lanes: anybody, Returns: "Text | List",
			Params: []operations.Param{{Name: "file", Type: operations.File}, {Name: "folder", Optional: true, Only: operations.Page}, {Name: "name", Optional: true, Only: operations.Server}},
		},
		{Name: "storage.getFileView", Kind: operations.Content, Lanes: anybody, Params: []operations.Param{{Name: "fileId"}}},
		{Name: "account.createOAuth2Session", Kind: operations.Redirect, Only: operations.Page, Lanes: anybody, Params: []operations.Param{{Name: "provider", Type: "OAuthProvider"}}},
		{Name: "project.updateUserLimitPolicy", Only: operations.Server, Lanes: anybody, Params: []operations.Param{{Name: "total", Type: operations.Int, Optional: true}}},
		{Name: "account.createOAuth2Token", Kind: operations.Redirect, Lanes: anybody, Params: []operations.Param{{Name: "provider", Type: "OAuthProvider"}, {Name: "success", Optional: true}, {Name: "failure", Optional: true}, {Name: "scopes", Type: operations.Strings, Optional: true}}},
	},
	Models: []models.Model{
		{Name: "User", Params: []string{"Preferences"}, Fields: []models.Field{{Name: "$id"}, {Name: "seen"}, {Name: "prefs", Type: "Preferences"}, {Name: "labels", Type: "string[]", Optional: true}}},
		{Name: "List", Fields: []models.Field{{Name: "total", Type: "number"}}},
		{Name: "Text", Only: operations.Page, Fields: []models.Field{{Name: "page"}}},
		{Name: "Text", Only: operations.Server, Fields: []models.Field{{Name: "server"}}},
		{Name: "DefaultRow", Is: []string{"Row"}, Index: "any"},
		{Name: "Left"},
	},
	Enums: []models.Enum{
		{Name: "Flag", Values: []models.Value{{Name: "Albania", Value: "al"}, {Name: "Algeria", Value: "dz"}}},
		{Name: "Region", Only: operations.Server, Values: []models.Value{{Name: "Fra", Value: "fra"}}},
	},
}

const sampleTemplate = `export namespace Models {
  //! models User=Person but Left
}
//! page
// A page.
//! server
// A server.
//! end
export type Reason =
  //! union Reason
//! enums
export class Account {
  //! methods Account but left
}
//! services but Account
`

func writeSample(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"sample.go": source, "sample_test.go": "no Go at all"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestGenerate(t *testing.T) {
	for pkg, file := range map[Package]string{Page: "sample.page.d.ts", Server: "sample.server.d.ts"} {
		got, err := Generate(writeSample(t, sample), sampleTemplate, sampleAPI, pkg)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s, got:\n%s\nwant:\n%s", file, got, want)
		}
	}
}

// What cannot be said in TypeScript must stop the build, and say where.
func TestGenerateRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ old, replacement, template, want string }{
		"no such struct":    {"", "", "//! models Nobody", "there is no struct Nobody"},
		"no such command":   {"", "", "//! classes Account", `no command "classes"`},
		"no name":           {"", "", "//! methods", "the mark needs one name"},
		"two names":         {"", "", "//! union Reason ErrorType", "the mark needs one name"},
		"no constants":      {"", "", "//! union Nobody", "there are no constants of type Nobody"},
		"no such class":     {"", "", "//! methods Nobody", "no operation is of class Nobody"},
		"no such method":    {"", "", "//! methods Account but nothing", "Account has no method nothing to leave out"},
		"no end":            {"", "", "//! page\n// A page.", `the template has no end of "page"`},
		"an error unknown":  {"is ErrTaken", "is ErrNobody", sampleTemplate, "account.create: the comment names ErrNobody"},
		"an option of Go's": {"by WithJWT", "by WithKey", sampleTemplate, "account.create: the comment names WithKey, which JavaScript has not"},
		"no Go":             {"package sample", "pack", sampleTemplate, "sample.go"},
	} {
		_, err := Generate(writeSample(t, strings.Replace(sample, tc.old, tc.replacement, 1)), tc.template+"\n", sampleAPI, Server)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.want)
		}
	}
}

// official is the API of the official packages, and what we have besides.
var official = API{Operations: operations.All(), Models: models.All, Enums: models.Enums}

// TestDeclarations holds that the declarations are made of the present source,
// and that "any" is in them only where the official types have it.
func TestDeclarations(t *testing.T) {
	root := filepath.Join("..", "..")
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, "js", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for name, pkg := range map[string]Package{"index.d.ts": Page, "node.d.ts": Server} {
		want, err := Generate(root, read("index.template.d.ts"), official, pkg)
		if err != nil {
			t.Fatal(err)
		}
		got := read(name)
		if got != want {
			t.Errorf("js/%s is stale: run go generate .", name)
		}
		if uses := strangeAny(got); uses != nil {
			t.Errorf("js/%s uses any where the official types do not: %q", name, uses)
		}
	}
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	anything = regexp.MustCompile(`\bany\b`)
)

// officialAny is what the official types have by hand with any in it.
var officialAny = []string{
	"type DefaultPreferences = Preferences & { [key: string]: any };",
	"[key: string]: any;", // of a row or a document of which nothing is known
	"? Partial<Models.Row> & Record<string, any>", "? Partial<Models.Document> & Record<string, any>",
	"export type Payload = { [key: string]: any };",
	"params?: Payload, responseType?: string): Promise<any>;", "): Promise<any>;",
	"channels: string | string[] | Channel<any> | (Channel<any> | string)[],",
	"static any(): string;",
}

// strangeAny are the lines with any that is neither in a type of the official
// packages' models and operations nor in officialAny.
func strangeAny(types string) (lines []string) {
	known := officialAny
	for _, o := range official.Operations {
		for _, p := range o.Params {
			known = append(known, string(p.Type))
		}
	}
	for _, m := range official.Models {
		for _, f := range m.Fields {
			known = append(known, f.Type)
		}
	}
	known = slices.DeleteFunc(slices.Clone(known), func(text string) bool { return !anything.MatchString(text) })
	for line := range strings.Lines(comments.ReplaceAllString(types, "")) {
		for _, text := range known {
			line = strings.ReplaceAll(line, text, "")
		}
		if anything.MatchString(line) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestStrangeAny(t *testing.T) {
	for text, want := range map[string]int{
		"  a?: any;\n": 1, "  f(a: any[][]): any;\n": 1, "  f(a: any[][], b: string): Promise<any>;\n": 0, "  // any\n": 0, "  static any(): string;\n": 0,
	} {
		if got := strangeAny(text); len(got) != want {
			t.Errorf("%q: %q, want %d", text, got, want)
		}
	}
}
