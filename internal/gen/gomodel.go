package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/credential"
	"github.com/isojot/isojot/internal/describe"
	"github.com/isojot/isojot/internal/models"
)

// goModel is a model in Go: all that either official package says of it, and of
// the models of a union those of all.
type goModel struct {
	name   string
	first  models.Model // the first of those that it is made of
	fields []goField
}

type goField struct {
	json, name, kind string
	doc              string
	optional         bool
	plain            bool // no credential, though its name says so
}

// modelNames are models whose names in Go are others: the root package has those
// names for something else.
var modelNames = map[string]string{"Token": "OneTimeToken", "Headers": "Header", "Jwt": "JWT"}

// goModelName is the name of a model in Go.
func goModelName(name string) string { return cmp.Or(modelNames[name], goName(name)) }

// ours are the models that are made by hand for their type parameters.
var ours = []string{"Row", "RowList", "Document", "DocumentList", "Preferences"}

// membersOf are the models of a type of TypeScript: several for a union.
func membersOf(kind string) (members []string, list bool) {
	kind, list = strings.CutSuffix(kind, "[]")
	for part := range strings.SplitSeq(strings.Trim(kind, "()"), "|") {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(part), "Models."), "<")
		members = append(members, name)
	}
	return members, list
}

// modelType is the Go name of a model, or of a union of some, such as Column.
func modelType(members []string) string {
	if len(members) == 1 {
		return goModelName(members[0])
	}
	common := words(members[0])
	for _, name := range members[1:] {
		own := words(name)
		for i := range common {
			if i >= len(own) || own[i] != common[i] {
				common = common[:i]
				break
			}
		}
	}
	return goName(strings.Join(common, ""))
}

func isModel(name string) bool {
	return slices.ContainsFunc(models.All, func(m models.Model) bool { return m.Name == name })
}

func isEnum(name string) bool {
	return slices.ContainsFunc(models.Enums, func(e models.Enum) bool { return e.Name == name })
}

// mergedModel is the model of all that have one of the names.
func mergedModel(members []string) goModel {
	m := goModel{name: modelType(members)}
	seen := map[string]int{}
	count := 0
	for _, name := range members {
		for _, model := range models.All {
			if model.Name != name {
				continue
			}
			if count++; count == 1 {
				m.first = model
			}
			for _, f := range model.Fields {
				seen[f.Name]++
				m.add(goFieldOf(model, f))
			}
		}
	}
	for i := range m.fields {
		m.fields[i].optional = m.fields[i].optional || seen[m.fields[i].json] < count
	}
	return m
}

// add adds a field, or merges it with that of its name: one that is of several
// types stays as it came.
func (m *goModel) add(f goField) {
	i := slices.IndexFunc(m.fields, func(other goField) bool { return other.json == f.json })
	if i < 0 {
		m.fields = append(m.fields, f)
		return
	}
	old := &m.fields[i]
	old.optional = old.optional || f.optional
	if old.kind != f.kind {
		old.kind = "json.RawMessage"
	}
}

// dates are the fields that are times beside those whose names end with At.
var dates = map[string]bool{
	"expire": true, "registration": true, "passwordUpdate": true, "joined": true, "invited": true, "time": true, "providerAccessTokenExpiry": true,
	"idleUntil": true,
}

// fractions are the numbers that are no whole ones.
var fractions = map[string]bool{"price": true, "cpu": true, "cpus": true, "uptime": true, "lagSeconds": true, "usedPercent": true, "duration": true}

// byteCounts are the numbers that may be larger than an int where that has 32
// bits: mostly counts of bytes.
var byteCounts = map[string]bool{
	"buildSize": true, "bytesMax": true, "bytesUsed": true, "deploymentSize": true, "fileSize": true, "maximumFileSize": true, "size": true,
	"sizeActual": true, "sizeOriginal": true, "sourceSize": true, "storage": true, "totalSize": true,
}

func goFieldOf(model models.Model, f models.Field) goField {
	g := goField{json: f.Name, name: goName(f.Name), doc: describe.Field(model, f), optional: f.Optional, plain: plainKeys[f.Name]}
	limit := f.Name == "default" || f.Name == "min" || f.Name == "max"
	switch {
	case f.Type == "" && (strings.HasSuffix(f.Name, "At") || dates[f.Name]):
		g.kind = "isojot.Time"
	case f.Type == "":
		g.kind = "string"
	case f.Type == "boolean":
		g.kind = "bool"
	case f.Type == "number" && (fractions[f.Name] || limit && strings.HasSuffix(model.Name, "Float")):
		g.kind = "float64"
	case f.Type == "number" && !limit && !byteCounts[f.Name]:
		g.kind = "int"
	case f.Type == "number" || f.Type == "number | bigint":
		g.kind = "int64"
	case f.Type == "number[]" && f.Name == "lengths":
		g.kind = "[]int"
	case strings.HasPrefix(f.Type, "number["):
		g.kind = strings.Repeat("[]", strings.Count(f.Type, "[]")) + "float64"
	case f.Type == "string[]":
		g.kind = "[]string"
	case f.Type == "object":
		g.kind = "map[string]any"
	case f.Type == "Record<string, any>[]":
		g.kind = "[]map[string]any"
	case f.Type == "Preferences":
		g.kind = "isojot.Prefs"
	default:
		members, list := membersOf(f.Type)
		g.kind = goEnumName(members[0])
		// An enumeration that has a model's name is meant where a field has it.
		if !isEnum(members[0]) || len(members) > 1 {
			g.kind = modelType(members)
		}
		if list {
			g.kind = "[]" + g.kind
		}
	}
	if limit && f.Optional && !strings.HasPrefix(g.kind, "[]") {
		g.kind = "*" + g.kind
	}
	return g
}

// plainKeys are the fields and parameters that a credential's name have and are
// none: the names of columns, and of what else has a key for a name.
var plainKeys = map[string]bool{"key": true, "newKey": true, "twoWayKey": true}

// goPackage is what is generated of a package's types.
type goPackage struct {
	name  string          // the package's
	root  map[string]bool // the types of the root package, where this is another
	owned map[string]bool // the types that are declared by hand
	seen  map[string]bool // those that were written
	alias map[string]bool // those that are the root package's
	types bytes.Buffer
}

// need writes the types that a type of TypeScript names, and those that they name
// in turn.
func (g *goPackage) need(kind string) {
	members, _ := membersOf(kind)
	if slices.Contains(ours, members[0]) {
		return
	}
	if isModel(members[0]) {
		g.needModel(members)
	} else if isEnum(members[0]) {
		g.needEnum(members[0])
	}
}

// taken reports whether the type is there already, and takes it.
func (g *goPackage) taken(name string) bool {
	if g.seen[name] || g.owned[name] {
		return true
	}
	g.seen[name] = true
	if g.root[name] {
		g.alias[name] = true
		return true
	}
	return false
}

func (g *goPackage) needModel(members []string) {
	m := mergedModel(members)
	if g.taken(m.name) {
		return
	}
	fmt.Fprintf(&g.types, "%stype %s struct {\n", comment(m.name+" "+modelWords(m)), m.name)
	for _, f := range m.fields {
		if f.doc != "" {
			g.types.WriteString(comment(f.doc))
		}
		fmt.Fprintf(&g.types, "%s %s `json:\"%s%s\"%s`\n", f.name, g.qualified(f.kind), f.json, omitted(f), plainTag(f.name, f.plain))
	}
	g.types.WriteString("}\n\n")
	for _, name := range members {
		for _, model := range models.All {
			if model.Name == name {
				g.needFields(model)
			}
		}
	}
}

func (g *goPackage) needFields(model models.Model) {
	for _, f := range model.Fields {
		members, _ := membersOf(f.Type)
		switch {
		case isEnum(members[0]) && len(members) == 1:
			g.needEnum(members[0])
		case isModel(members[0]):
			g.need(f.Type)
		}
	}
}

// omitted is the option of a field that some answers lack.
func omitted(f goField) string {
	switch {
	case !f.optional:
		return ""
	case f.kind == "isojot.Time":
		return ",omitzero"
	}
	return ",omitempty"
}

// plainTag tells maskgen that a field is no credential.
func plainTag(field string, plain bool) string {
	if plain && credential.Named(field, "") {
		return ` mask:"-"`
	}
	return ""
}

// qualified is a type as the package writes it.
func (g *goPackage) qualified(kind string) string {
	if g.name == rootName {
		return strings.ReplaceAll(kind, "isojot.", "")
	}
	return kind
}

func (g *goPackage) needEnum(name string) {
	own := goEnumName(name)
	if g.taken(own) {
		return
	}
	fmt.Fprintf(&g.types, "%stype %s string\n\n// The values of %s.\nconst (\n", comment(own+" "+enumWords(name)), own, own)
	written := map[string]bool{}
	for _, e := range models.Enums {
		if e.Name != name {
			continue
		}
		for _, v := range e.Values {
			if !written[v.Value] {
				fmt.Fprintf(&g.types, "%s %s = %q\n", goConstant(own, v.Name, v.Value), own, v.Value)
			}
			written[v.Value] = true
		}
	}
	g.types.WriteString(")\n\n")
}

// enumWords say what an enumeration is, behind its name.
func enumWords(name string) string {
	for _, e := range models.Enums {
		text := describe.Enum(e)
		switch first, _, _ := strings.Cut(text, " "); {
		case e.Name != name || text == "":
		case first == "What" || first == "Which": // it decides that
			return "says " + strings.ToLower(text[:1]) + text[1:]
		default:
			return said(text, "is one of ")
		}
	}
	return "is one of the texts below."
}

// aliases are the types of the root package.
func (g *goPackage) aliases() []byte {
	var names []string
	for name := range g.alias {
		names = append(names, name)
	}
	if names == nil {
		return nil
	}
	slices.Sort(names)
	var b bytes.Buffer
	b.WriteString("// Types of the root package.\ntype (\n")
	for _, name := range names {
		fmt.Fprintf(&b, "%s = isojot.%s\n", name, name)
	}
	b.WriteString(")\n\n")
	return b.Bytes()
}

// unionSentences say what a union is.
var unionSentences = map[string]string{
	"Attribute": "is an attribute of any kind: Type and Format say which. Members that it has not are left at their zero values.",
	"Column":    "is a column of any kind: Type and Format say which. Members that it has not are left at their zero values.",
}

// modelWords say what a model is, behind its name.
func modelWords(m goModel) string {
	if text, ok := unionSentences[m.name]; ok {
		return text
	}
	return said(describe.Model(m.first), "is ")
}

// said is a phrase as what is said of a name: "Whether ..." as what it says, and
// all else as what it is.
func said(phrase, is string) string {
	if phrase == "" {
		return "is a part of what the API answers with."
	}
	first, _, _ := strings.Cut(phrase, " ")
	phrase = strings.ToLower(phrase[:1]) + phrase[1:]
	switch first {
	case "How", "Whether", "Where", "Who":
		return "says " + phrase
	}
	return is + phrase
}
