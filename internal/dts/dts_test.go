package dts

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

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

// User is whoever it is (contract section 9).
type User struct {
	ID     string         ` + "`json:\"$id\"`" + `
	Seen   Time           ` + "`json:\"seen\"`" + ` // none at first
	Prefs  map[string]any ` + "`json:\"prefs\"`" + `
	Labels []string       ` + "`json:\"labels,omitempty\"`" + `
	Cost   Cost           ` + "`json:\"cost\"`" + `
	Hash   Hash           ` + "`json:\"hash\"`" + `
	Hidden int            ` + "`json:\"-\"`" + `
	own    int
}

type Cost map[string]any

type Hash string

type List struct {
	Total int    ` + "`json:\"total\"`" + `
	Users []User ` + "`json:\"users\"`" + `
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
func (a *Account) Create(ctx context.Context, p Create) (*User, error) { return call("account.create") }

// List returns all, without Prefs.
func (a *Account) List(ctx context.Context) (*List, error) { return call("account.list") }

func (a *Account) Get(ctx context.Context, userID string, prefs Prefs) error { return call("account.get") }
`

var anybody = []operations.Lane{operations.Guest}

var sampleOperations = []operations.Operation{
	{Name: "account.create", Lanes: anybody, Params: []operations.Param{{Name: "userId"}, {Name: "wait", Optional: true}}},
	{Name: "account.list", Lanes: anybody},
	{Name: "account.get", Lanes: anybody, Params: []operations.Param{{Name: "userId", Optional: true}, {Name: "prefs", Optional: true}}},
	{Name: "users.get", Lanes: anybody},
}

const sampleTemplate = `export namespace Models {
  //! models User=Person List
}
export type Reason =
  //! union Reason
export class Account {
  //! methods Account
}
`

const sampleTypes = header + `export namespace Models {
  /** Whoever it is. */
  type Person<P extends Preferences = DefaultPreferences> = {
    $id: string;
    /** None at first. */
    seen: string;
    prefs: P;
    labels?: string[];
    cost: object;
    hash: string;
  };

  type List = {
    total: number;
    users: Person[];
  };
}
export type Reason =
  | "unknown"
  | "cors";
export class Account {
  /**
   * Makes a user, whose ` + "`seen` is empty. One that exists is `user_already_exists`. The user's `labels` are kept;" + `
   * a JWT by ` + "`setJWT()`" + `.
   */
  create<P extends Models.Preferences = Models.DefaultPreferences>(params: {
    /** 1 to 36 letters. */
    userId: string;
    wait?: number;
  } & CallOptions): Promise<Models.Person<P>>;
  /** @deprecated Pass one object. */
  create<P extends Models.Preferences = Models.DefaultPreferences>(userId: string, wait?: number): Promise<Models.Person<P>>;

  /** Returns all, without ` + "`prefs`" + `. */
  list(options?: CallOptions): Promise<Models.List>;

  get<P extends Models.Preferences = Models.DefaultPreferences>(params?: {
    userId?: string;
    prefs?: Partial<P>;
  } & CallOptions): Promise<{}>;
  /** @deprecated Pass one object. */
  get<P extends Models.Preferences = Models.DefaultPreferences>(userId?: string, prefs?: Partial<P>): Promise<{}>;
}
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
	got, err := Generate(writeSample(t, sample), sampleTemplate, sampleOperations)
	if err != nil {
		t.Fatal(err)
	}
	if got != sampleTypes {
		t.Errorf("got:\n%s\nwant:\n%s", got, sampleTypes)
	}
}

// What cannot be said in TypeScript must stop the build, and say where.
func TestGenerateRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ old, replacement, template, want string }{
		"no such struct":     {"", "", "//! models Nobody", "there is no struct Nobody"},
		"no such command":    {"", "", "//! classes Account", `no command "classes"`},
		"no name":            {"", "", "//! models", "a mark is a command and a name"},
		"no constants":       {"", "", "//! union Nobody", "there are no constants of type Nobody"},
		"a type unknown":     {"Total int", "Total chan int", sampleTemplate, "List.Total: no TypeScript type is known for *ast.ChanType"},
		"a model not named":  {"", "", "//! models List", "List.Users: no TypeScript type is known for User: name it among the models"},
		"an error unknown":   {"is ErrTaken", "is ErrNobody", sampleTemplate, "account.create: the comment names ErrNobody"},
		"an option of Go's":  {"by WithJWT", "by WithKey", sampleTemplate, "account.create: the comment names WithKey, which JavaScript has not"},
		"a method missing":   {`call("account.list")`, `call("list")`, sampleTemplate, "no method of *Account mentions account.list"},
		"a parameter not in": {"UserID string", "User string", sampleTemplate, "Create has no parameter userId"},
		"no Go":              {"package sample", "pack", sampleTemplate, "sample.go"},
	} {
		source := strings.Replace(sample, tc.old, tc.replacement, 1)
		if name == "a parameter not in" {
			source = strings.Replace(source, `json:"userId"`, `json:"user"`, 1)
		}
		_, err := Generate(writeSample(t, source), tc.template+"\n", sampleOperations)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.want)
		}
	}
}

// TestDeclarations holds that index.d.ts is made of the present source, and
// that "any" is in it only where the official types have it.
func TestDeclarations(t *testing.T) {
	root := filepath.Join("..", "..")
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, "js", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	carried := slices.DeleteFunc(operations.All(), func(o operations.Operation) bool { return !operations.Carried(o) })
	want, err := Generate(root, read("index.template.d.ts"), carried)
	if err != nil {
		t.Fatal(err)
	}
	got := read("index.d.ts")
	if got != want {
		t.Error("js/index.d.ts is stale: run go generate .")
	}
	comments := regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	var uses []string
	for line := range strings.Lines(comments.ReplaceAllString(got, "")) {
		if regexp.MustCompile(`\bany\b`).MatchString(line) && !strings.Contains(line, "static any()") {
			uses = append(uses, strings.TrimSpace(line))
		}
	}
	if len(uses) != 1 || !strings.HasPrefix(uses[0], "type DefaultPreferences =") {
		t.Errorf("any is used in %q", uses)
	}
}
