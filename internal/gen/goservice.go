package main

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/describe"
	"github.com/isojot/isojot/internal/operations"
)

// rootName is the root package's.
const rootName = "isojot"

// goServices are the services that have a package below services/, with what its
// comment says, and what a row is called there, if it has rows.
var goServices = map[string]struct{ doc, row string }{
	"avatars":     {"is the service that makes and fetches pictures: flags, initials, QR codes, screenshots.", ""},
	"databases":   {"is the older service that keeps documents in collections. New programs use package tablesdb, under whose names the same data can be had.", "Document"},
	"tablesDB":    {"is the service that keeps rows in tables.", "Row"},
	"documentsDB": {"is the service that keeps documents that have no fixed attributes.", "Document"},
	"vectorsDB":   {"is the service that keeps documents and finds them by vectors.", "Document"},
	"storage":     {"is the service that keeps files in buckets.", ""},
	"teams":       {"is the service that puts users in teams.", ""},
	"messaging":   {"is the service that sends e-mail, SMS and push messages.", ""},
	"presences":   {"is the service that says who is there.", ""},
	"tokens":      {"is the service that makes tokens by which whoever has one may read a file.", ""},
	"users":       {"is the service by which a server manages the users of its project.", ""},
}

// goService is a package while it is written.
type goService struct {
	goPackage
	service string // in the official packages, such as tablesDB
	row     string // what it calls a row, or ""
	all     []operations.Operation
	body    bytes.Buffer
	params  bytes.Buffer
}

// root reports whether it is the root package, whose service is Account.
func (g *goService) root() bool { return g.name == rootName }

// servicePackage writes the methods and types of a package below services/.
func servicePackage(service string, own []operations.Operation, root map[string]bool) ([]byte, error) {
	info := goServices[service]
	g := &goService{service: service, row: info.row, all: own}
	g.goPackage = goPackage{name: strings.ToLower(service), root: root, seen: map[string]bool{}, alias: map[string]bool{}}
	hand, err := byHand("services/" + g.name)
	if err != nil {
		return nil, err
	}
	g.owned = hand.types
	g.methods(hand)
	if g.row != "" {
		g.rows()
	}
	var b bytes.Buffer
	b.WriteString(header + g.packageComment(info.doc) + "package " + g.name + "\n\n" + imports([]byte("*isojot."), g.body.Bytes(), g.params.Bytes(), g.types.Bytes()))
	b.WriteString("// Service is the service of a client.\ntype Service struct{ client *isojot.Client }\n\n" +
		"// New returns the service of the client. Nothing is sent yet.\nfunc New(client *isojot.Client) *Service { return &Service{client} }\n\n")
	b.Write(g.body.Bytes())
	b.Write(g.params.Bytes())
	b.Write(g.aliases())
	b.Write(g.types.Bytes())
	return format.Source(b.Bytes())
}

func (g *goService) packageComment(doc string) string {
	caller := " Calls act for whomever the client does: by its JWT, session or key, else for a guest."
	if slices.Equal(g.all[0].Lanes, []operations.Lane{operations.Key, operations.JWT, operations.Session, operations.Guest}) {
		caller = " Calls go by the client's API key where it has one, even beside a JWT or a session: the service takes nothing else, and would refuse any user."
	}
	return comment("Package " + g.name + " " + doc + caller + " Every error is an *isojot.Error.")
}

// accountFile writes those methods of Account, and the types of their answers, that
// are not written by hand.
func accountFile(own []operations.Operation, hand declared) ([]byte, error) {
	g := &goService{service: "account", all: own}
	g.goPackage = goPackage{name: rootName, owned: hand.types, seen: map[string]bool{}, alias: map[string]bool{}}
	g.methods(hand)
	var b bytes.Buffer
	b.WriteString(header + "package isojot\n\n" + imports(g.body.Bytes(), g.params.Bytes(), g.types.Bytes()))
	b.Write(g.body.Bytes())
	b.Write(g.params.Bytes())
	b.Write(g.types.Bytes())
	return format.Source(b.Bytes())
}

// imports are those that the code needs.
func imports(code ...[]byte) string {
	all := bytes.Join(code, nil)
	var b strings.Builder
	b.WriteString("import (\n")
	for _, use := range [][2]string{
		{"context.Context", "context"}, {"json.RawMessage", "encoding/json"}, {"time.Time", "time"}, {},
		{"*isojot.", modulePath}, {"return service.", modulePath + "/internal/service"},
	} {
		if use[0] == "" {
			b.WriteString("\n")
		} else if bytes.Contains(all, []byte(use[0])) {
			fmt.Fprintf(&b, "%q\n", use[1])
		}
	}
	return b.String() + ")\n\n"
}

const modulePath = "github.com/isojot/isojot"

// methods writes a method for each operation, of two that have one name in Go the
// newer.
func (g *goService) methods(hand declared) {
	for _, o := range g.all {
		receiver := "Service"
		if g.root() {
			receiver = "Account"
		}
		if o.Kind == operations.Redirect { // whose methods are written by hand
			for _, p := range goParams(o) {
				g.needEnumOf(p)
			}
			continue
		}
		if !hand.methods[receiver+"."+goName(o.Method())] && !g.respelled(o) {
			g.method(o)
		}
	}
}

// respelled reports whether the operation is the older spelling of another.
func (g *goService) respelled(o operations.Operation) bool {
	return o.Deprecated && slices.ContainsFunc(g.all, func(other operations.Operation) bool {
		return other.Name != o.Name && !other.Deprecated && goName(other.Method()) == goName(o.Method())
	})
}

// goMethod is a method in Go.
type goMethod struct {
	operations.Operation
	name    string
	params  []goParam
	struct_ bool // the parameters are a struct
}

func (g *goService) method(o operations.Operation) {
	m := goMethod{Operation: o, name: goName(o.Method()), params: goParams(o)}
	for _, p := range m.params {
		m.struct_ = m.struct_ || !o.InPath(p.Name) || len(m.params) > 2
		g.needEnumOf(p)
	}
	result, call := g.result(m)
	receiver := "(s *Service)"
	of := "Service"
	switch {
	case g.root():
		receiver, of = "(a *Account)", "Account"
	case g.answersWithRows(o):
		receiver, of = "(r *"+g.row+"s[T])", g.row+"s"
	}
	g.body.WriteString(comment(m.name + " " + g.sentence(o) + g.moreOn(o)))
	g.deprecation(o)
	fmt.Fprintf(&g.body, "func %s %s(%s) %s {\n%s\n}\n\n", receiver, m.name, m.arguments(true), result, call)
	if o.Kind == operations.Content {
		g.urlMethod(m)
	}
	if m.struct_ {
		g.paramStruct(m, of)
	}
}

func (g *goService) needEnumOf(p goParam) {
	if name := strings.TrimSuffix(string(p.Type), "[]"); isEnum(name) {
		g.needEnum(name)
	}
}

// arguments are a method's.
func (m goMethod) arguments(withContext bool) string {
	var list []string
	if withContext {
		list = append(list, "ctx context.Context")
	}
	if m.struct_ {
		return strings.Join(append(list, "p "+m.name), ", ")
	}
	for i, p := range m.params {
		argument := goArgument(p.wire)
		if i+1 == len(m.params) || m.params[i+1].kind != p.kind {
			argument += " " + p.kind
		}
		list = append(list, argument)
	}
	return strings.Join(list, ", ")
}

// values are the parameters by name.
func (g *goService) values(m goMethod) string {
	if len(m.params) == 0 {
		return "nil"
	}
	qualifier := "service."
	if g.root() {
		qualifier = ""
	}
	var b strings.Builder
	b.WriteString("map[string]any{")
	for _, p := range m.params {
		from := goArgument(p.wire)
		if m.struct_ {
			from = "p." + p.field
		}
		value := p.value(from, qualifier)
		if g.root() {
			value = strings.NewReplacer("isojot.", "", "Unique(", "unique(").Replace(value)
		}
		fmt.Fprintf(&b, "\n%q: %s,", p.wire, value)
	}
	return b.String() + "\n}"
}

// result is what a method returns, and the statement that it consists of.
func (g *goService) result(m goMethod) (result, call string) {
	operation, values := variable(m.Operation.Method()), g.values(m)
	if g.root() {
		return g.rootResult(m, variable(m.Field()), values)
	}
	client := "s.client"
	members, _ := membersOf(m.Returns)
	perform := func(function string) string {
		return "return service." + function + "(ctx, " + client + ", " + operation + ", " + values + ")"
	}
	switch {
	case m.Kind == operations.Content:
		return "(*isojot.Download, error)", perform("Content")
	case m.Returns == "":
		return "error", perform("None")
	case m.Returns == "Preferences":
		return "(isojot.Prefs, error)", perform("Prefs")
	case g.answersWithRows(m.Operation):
		client = "r.client"
		kind := members[0] + "[T]"
		return "(*" + kind + ", error)", perform("JSON[" + kind + "]")
	case m.Kind == operations.Upload:
		g.need(m.Returns)
		return "(*" + modelType(members) + ", error)", perform("Upload[" + modelType(members) + "]")
	}
	g.need(m.Returns)
	return "(*" + modelType(members) + ", error)", perform("JSON[" + modelType(members) + "]")
}

// rootResult is result for Account.
func (g *goService) rootResult(m goMethod, operation, values string) (result, call string) {
	members, _ := membersOf(m.Returns)
	switch {
	case m.Returns == "":
		return "error", "return perform(ctx, a.client, " + operation + ", " + values + ")"
	case m.Effect == operations.SignsIn:
		return "(*Session, error)", "return a.signInBy(ctx, " + operation + ", " + values + ")"
	}
	g.need(m.Returns)
	kind := modelType(members)
	return "(*" + kind + ", error)", "return given[" + kind + "](ctx, a.client, " + operation + ", " + values + ")"
}

// answersWithRows reports whether the operation answers with rows, which are read
// into the caller's own type.
func (g *goService) answersWithRows(o operations.Operation) bool {
	return strings.HasPrefix(o.Returns, "Row") || strings.HasPrefix(o.Returns, "Document")
}

// urlMethod writes the method that says where a page finds the content.
func (g *goService) urlMethod(m goMethod) {
	name := strings.TrimPrefix(m.name, "Get") + "URL"
	g.body.WriteString(comment(name + " is where a page finds what " + m.name + " answers with, as (*isojot.Client).URL says."))
	fmt.Fprintf(&g.body, "func (s *Service) %s(%s) (string, error) {\nreturn service.URL(s.client, %s, %s)\n}\n\n",
		name, m.arguments(false), variable(m.Operation.Method()), g.values(m))
}

// paramStruct writes the struct of a method's parameters.
func (g *goService) paramStruct(m goMethod, of string) {
	var required []string
	for _, p := range m.params {
		if !p.optional && !p.unique {
			required = append(required, p.field)
		}
	}
	text := m.name + " holds the parameters of " + of + "." + m.name + "."
	if len(required) < len(m.params) {
		text += " All of them may be left out" + but(required) + "."
	}
	g.params.WriteString(comment(text))
	fmt.Fprintf(&g.params, "type %s struct {\n", m.name)
	for _, p := range m.params {
		text := describe.Param(m.Operation, p.Param)
		if p.unique {
			text += ` "" lets the server choose.`
		}
		g.params.WriteString(comment(g.inGo(text)))
		tag := plainTag(p.field, plainKeys[p.wire])
		if tag != "" {
			tag = " `" + strings.TrimSpace(tag) + "`"
		}
		fmt.Fprintf(&g.params, "%s %s%s\n", p.field, g.qualified(p.kind), tag)
	}
	g.params.WriteString("}\n\n")
}

func but(required []string) string {
	switch last := len(required) - 1; last {
	case -1:
		return ""
	case 0:
		return " but " + required[0]
	default:
		return " but " + strings.Join(required[:last], ", ") + " and " + required[last]
	}
}

// sentence says what an operation does, behind its method's name.
func (g *goService) sentence(o operations.Operation) string {
	text := describe.Operation(o)
	return g.inGo(strings.ToLower(text[:1]) + text[1:])
}

// inGo is a text with the names that methods have in Go.
func (g *goService) inGo(text string) string {
	fields := strings.Fields(text)
	for i, word := range fields {
		bare := strings.Trim(word, ".,;:()")
		for _, o := range g.all {
			if o.Method() == bare && strings.ToLower(bare) != bare {
				fields[i] = strings.Replace(word, bare, goName(bare), 1)
			}
		}
	}
	return strings.Join(fields, " ")
}

// moreOn is what a method's comment says besides.
func (g *goService) moreOn(o operations.Operation) string {
	switch {
	case o.Kind == operations.Content:
		return " The caller reads the content as it comes, and closes it."
	case isUpload(o):
		return " isojot.Upload says how an upload is watched, ended, and gone on with after a failure."
	}
	return ""
}

func isUpload(o operations.Operation) bool { return o.Kind == operations.Upload }

// deprecation writes the paragraph on an operation that the official packages
// advise against.
func (g *goService) deprecation(o operations.Operation) {
	if !o.Deprecated {
		return
	}
	text := "Appwrite keeps it for older programs."
	service, method, found := strings.Cut(describe.Instead(o), ".")
	switch {
	case found && service == g.service:
		text = "use " + goName(method) + "."
	case found:
		text = "use " + goName(method) + " of package " + strings.ToLower(service) + "."
	}
	g.body.WriteString("//\n" + comment("Deprecated: "+text))
}

// comment is a comment, in lines of at most 80 characters.
func comment(text string) string {
	var b strings.Builder
	line := "//"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > 80 && line != "//" {
			b.WriteString(line + "\n")
			line = "//"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}
