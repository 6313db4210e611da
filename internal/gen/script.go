package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// The marks of a line of js/src/api/operation.js, which reads them.
var (
	laneMarks   = [...]string{operations.Guest: "g", operations.Session: "s", operations.JWT: "j", operations.Key: "k"}
	effectMarks = [...]string{operations.None: "", operations.SignsIn: "+", operations.EndsSession: "-", operations.EndsAll: "--", operations.Envelope: "~", operations.MaySignIn: "~+"}
	kindMarks   = [...]string{operations.Call: "", operations.Upload: "upload", operations.Content: "content", operations.Redirect: "redirect"}
)

// scriptSide is one of the two kinds of builds of the npm package: those for pages
// have what the official page package has; those for servers have all.
type scriptSide struct {
	folder string
	in     func(operations.Package) bool
	// performers say by kind which functions perform what is no plain call, and
	// where they are.
	performers func(operations.Operation) string
	imports    map[string]string
}

var scriptSides = []scriptSide{
	{
		folder: "api",
		in:     func(p operations.Package) bool { return p.InPage() || p == operations.Neither },
		performers: func(o operations.Operation) string {
			return map[operations.Kind]string{operations.Upload: "upload", operations.Content: "content", operations.Redirect: "redirect"}[o.Kind]
		},
		imports: map[string]string{"tokens": "./account.js", "content": "./address.js", "redirect": "./address.js", "upload": "./upload.js", "queryFirst": "./graphql.js"},
	},
	{
		folder: "server",
		in:     func(operations.Package) bool { return true },
		performers: func(o operations.Operation) string {
			if o.Kind == operations.Redirect && o.Only == operations.Page {
				return "redirect"
			}
			return map[operations.Kind]string{operations.Upload: "upload"}[o.Kind]
		},
		imports: map[string]string{"tokens": "../api/account.js", "redirect": "../api/address.js", "upload": "./upload.js", "queryFirst": "../api/graphql.js"},
	},
}

// scripts writes the services and the enumerations of the npm package.
func scripts(files map[string][]byte, all []operations.Operation) error {
	for _, side := range scriptSides {
		files["js/src/"+side.folder+"/services.gen.js"] = side.services(all)
		files["js/src/"+side.folder+"/enums.gen.js"] = side.enums()
	}
	files["js/src/engine/changing.gen.js"] = changingModule(all)
	return nil
}

// effectWords are the effects in JavaScript, as operation.js has them for its marks.
var effectWords = [...]string{
	operations.SignsIn: "signs in", operations.MaySignIn: "may sign in", operations.EndsSession: "ends session",
	operations.EndsAll: "ends all", operations.Envelope: "envelope",
}

// changingModule says what may change the session, for calls that have no
// descriptor of a service.
func changingModule(all []operations.Operation) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `%s// The operations that may change the session, as GraphQL names them, separated as a
// regular expression has it.
export const changing = %q;

// Those of other services than the account's, which every page knows.
export const others = [
`, header, strings.ReplaceAll(strings.Join(changing(all), "|"), "*", `\w*`))
	for _, o := range all {
		if o.Effect != operations.None && o.Service() != "account" {
			fmt.Fprintf(&b, "  { pattern: %q, effect: %q },\n", o.Pattern, effectWords[o.Effect])
		}
	}
	b.WriteString("];\n")
	return b.Bytes()
}

// services is a module with a class for each service. Each is of its own, marked
// as pure, so that bundlers drop those that an app does not use.
func (s scriptSide) services(all []operations.Operation) []byte {
	var order []string
	by := map[string][]operations.Operation{}
	for _, o := range all {
		if len(o.Lanes) == 0 || o.Service() == "" || !s.in(o.Only) {
			continue
		}
		if by[o.Class()] == nil {
			order = append(order, o.Class())
		}
		by[o.Class()] = append(by[o.Class()], o)
	}
	slices.Sort(order)
	used := map[string]bool{}
	var b bytes.Buffer
	for _, class := range order {
		s.class(&b, class, by[class], used)
	}
	service := map[string]string{"api": "./service.js", "server": "../api/service.js"}[s.folder]
	return slices.Concat([]byte(header), s.importLines(used), fmt.Appendf(nil, "import { defineService } from %q;\n\n", service), b.Bytes())
}

func (s scriptSide) importLines(used map[string]bool) []byte {
	files := map[string][]string{}
	for name := range used {
		files[s.imports[name]] = append(files[s.imports[name]], name)
	}
	var lines []string
	for file, names := range files {
		slices.Sort(names)
		lines = append(lines, fmt.Sprintf("import { %s } from %q;\n", strings.Join(names, ", "), file))
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, ""))
}

// class writes a service: its name, the path that all of its operations are below, their usual lanes, and
// a line for each.
func (s scriptSide) class(b *bytes.Buffer, class string, all []operations.Operation, used map[string]bool) {
	base, usual := commonPath(all), usualLanes(all)
	var lines []string
	performed := map[string]string{}
	for _, group := range sameRequest(all) {
		o := group[0]
		names := make([]string, len(group))
		for i := range group {
			names[i] = group[i].Method()
		}
		if performer := s.performers(o); performer != "" {
			performed[s.kind(o)] = performer
		}
		name := together(names)
		lines = append(lines, name+" "+s.line(o, usualMethod(name), base, usual))
	}
	members := memberList(class, performed, used)
	fmt.Fprintf(b, "export const %s = /* @__PURE__ */ defineService(%q, %q, %q, `\n%s\n`%s);\n\n", class, class, base, usual, strings.Join(lines, "\n"), members)
}

// memberList is what a class has besides its operations, and by whom those are
// performed that are no plain calls.
func memberList(class string, performed map[string]string, used map[string]bool) string {
	var members []string
	add := func(kind, name string) {
		used[name] = true
		if kind != name {
			name = kind + ": " + name
		}
		members = append(members, name)
	}
	for kind, performer := range performed {
		add(kind, performer)
	}
	if class == "Account" {
		add("methods", "tokens")
	}
	if class == "Graphql" {
		add("arrange", "queryFirst")
	}
	if members == nil {
		return ""
	}
	slices.Sort(members)
	return ", { " + strings.Join(members, ", ") + " }"
}

// sameRequest groups operations that differ by their names alone.
func sameRequest(all []operations.Operation) [][]operations.Operation {
	var groups [][]operations.Operation
	for _, o := range all {
		i := slices.IndexFunc(groups, func(group []operations.Operation) bool {
			first := group[0]
			return first.Pattern == o.Pattern && first.Kind == o.Kind && first.Only == o.Only && first.Accept == o.Accept && first.Effect == o.Effect &&
				slices.Equal(first.Lanes, o.Lanes) && slices.Equal(first.Params, o.Params) && slices.Equal(first.Order, o.Order)
		})
		if i < 0 {
			groups = append(groups, nil)
			i = len(groups) - 1
		}
		groups[i] = append(groups[i], o)
	}
	return groups
}

// together writes names in one: createMfaChallenge and createMFAChallenge as
// createM{fa,FA}Challenge.
func together(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	if len(names) > 2 {
		return "{" + strings.Join(names, ",") + "}"
	}
	a, b := names[0], names[1]
	begin, end := 0, 0
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		begin++
	}
	for end < min(len(a), len(b))-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return a[:begin] + "{" + a[begin:len(a)-end] + "," + b[begin:len(b)-end] + "}" + a[len(a)-end:]
}

// usualMethod is the HTTP method of most operations whose names begin so.
func usualMethod(name string) string {
	for verb, method := range map[string]string{"get": "GET", "list": "GET", "create": "POST", "update": "PATCH", "delete": "DELETE"} {
		if strings.HasPrefix(name, verb) {
			return method
		}
	}
	return ""
}

// line is what js/src/api/operation.js reads of an operation.
func (s scriptSide) line(o operations.Operation, leftOut, base, usual string) string {
	method, path, _ := strings.Cut(o.Pattern, " ")
	if method == leftOut {
		method = ""
	}
	words := []string{method + "/" + strings.TrimPrefix(strings.TrimPrefix(path, base), "/")}
	if marks := s.marks(o, usual); marks != "" {
		words = append(words, ":"+marks)
	}
	for _, p := range o.Params {
		if !s.has(o, p) || o.InPath(p.Name) {
			continue // what is in the path comes first, in its order
		}
		word := p.Name
		if p.Optional && !o.Nullable(p) {
			word += "?"
		}
		if p.Wire != "" {
			word += "=" + p.Wire
		}
		words = append(words, word)
	}
	if o.Order != nil {
		words = append(words, "<"+strings.Join(o.Order, ","))
	}
	return strings.Join(words, " ")
}

// has reports whether the operation has the parameter on this side. Of what both
// packages have, servers have that of theirs: the order of parameters matters.
func (s scriptSide) has(o operations.Operation, p operations.Param) bool {
	return s.in(p.Only) && (s.folder == "api" || p.Only.InServer() || o.Only == operations.Page)
}

func (s scriptSide) marks(o operations.Operation, usual string) string {
	marks := ""
	if lanes := lanesOf(o); lanes != usual {
		marks = lanes
	}
	marks += effectMarks[o.Effect]
	if len(o.Params) > 0 && mayBeObject(o.Params[0].Type) {
		marks += "*"
	}
	if kind := s.kind(o); kind != "" {
		marks += "@" + kind
	}
	// The page package asks for JSON whatever comes.
	if o.Accept != "" && s.folder == "server" {
		marks += ">" + strings.TrimPrefix(o.Accept, operations.NoAccept)
	}
	return marks
}

// kind names how an operation is carried: a server is told where a redirect leads.
func (s scriptSide) kind(o operations.Operation) string {
	if s.folder == "server" && o.Kind == operations.Redirect && o.Only != operations.Page {
		return "location"
	}
	return kindMarks[o.Kind]
}

// mayBeObject reports whether a parameter of the type could be an object, so that
// one that stands first is looked at: it may be the parameter or hold it. So are
// enumerations and lists of them in the official packages.
func mayBeObject(t operations.Type) bool {
	switch t {
	case operations.String, operations.Int, operations.Number, operations.BigInt, operations.Bool, operations.Strings:
		return false
	}
	return true
}

func lanesOf(o operations.Operation) string {
	marks := ""
	for _, lane := range o.Lanes {
		marks += laneMarks[lane]
	}
	return marks
}

// usualLanes are those that most of the operations have.
func usualLanes(all []operations.Operation) string {
	count := map[string]int{}
	for _, o := range all {
		count[lanesOf(o)]++
	}
	var usual string
	for lanes, n := range count {
		if n > count[usual] || n == count[usual] && lanes < usual {
			usual = lanes
		}
	}
	return usual
}

// commonPath is the path that all operations are below, or at.
func commonPath(all []operations.Operation) string {
	path := func(o operations.Operation) string {
		_, path, _ := strings.Cut(o.Pattern, " ")
		return path
	}
	base := path(all[0])
	below := func(o operations.Operation) bool { return path(o) == base || strings.HasPrefix(path(o), base+"/") }
	for strings.Contains(base, "{") || !every(all, below) {
		base = base[:strings.LastIndex(base, "/")]
	}
	return base
}

func every(all []operations.Operation, is func(operations.Operation) bool) bool {
	return !slices.ContainsFunc(all, func(o operations.Operation) bool { return !is(o) })
}

// enums is a module with an object for each enumeration. One that differs between
// the packages is that of the side's own; of the others servers have those of pages.
func (s scriptSide) enums() []byte {
	var b, shared bytes.Buffer
	for i, enum := range models.Enums {
		again := i > 0 && models.Enums[i-1].Name == enum.Name || i+1 < len(models.Enums) && models.Enums[i+1].Name == enum.Name
		switch {
		case !s.in(enum.Only) || again && s.folder == "server" && !enum.Only.InServer():
		case !again && s.folder == "server" && enum.Only.InPage():
			fmt.Fprintf(&shared, "  %s,\n", enum.Name)
		default:
			fmt.Fprintf(&b, "\nexport const %s = /* @__PURE__ */ Object.freeze({\n", enum.Name)
			for _, value := range enum.Values {
				fmt.Fprintf(&b, "  %s: %q,\n", cmp.Or(value.Name, "\"\""), value.Value)
			}
			b.WriteString("});\n")
		}
	}
	begin := strings.TrimSuffix(header, "\n")
	if shared.Len() > 0 {
		begin += "\nexport {\n" + shared.String() + "} from \"../api/enums.gen.js\";\n"
	}
	return append([]byte(begin), b.Bytes()...)
}
