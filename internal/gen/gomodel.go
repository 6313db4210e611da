package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/models"
)

// goModel is a model in Go: all that either official package says of it, and of
// the models of a union those of all.
type goModel struct {
	name   string
	fields []goField
}

type goField struct {
	json, name, kind string
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
			count++
			for _, f := range model.Fields {
				seen[f.Name]++
				m.add(goFieldOf(model.Name, f))
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

func goFieldOf(model string, f models.Field) goField {
	g := goField{json: f.Name, name: goName(f.Name), optional: f.Optional, plain: plainKeys[f.Name]}
	limit := f.Name == "default" || f.Name == "min" || f.Name == "max"
	switch {
	case f.Type == "" && (strings.HasSuffix(f.Name, "At") || dates[f.Name]):
		g.kind = "isojot.Time"
	case f.Type == "":
		g.kind = "string"
	case f.Type == "boolean":
		g.kind = "bool"
	case f.Type == "number" && (fractions[f.Name] || limit && strings.HasSuffix(model, "Float")):
		g.kind = "float64"
	case f.Type == "number" && !limit:
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
	fmt.Fprintf(&g.types, "// %s %s\ntype %s struct {\n", m.name, modelWords(m.name), m.name)
	for _, f := range m.fields {
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
	if plain && credential.MatchString(field) {
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
	fmt.Fprintf(&g.types, "// %s is one of the texts below.\ntype %s string\n\n// The values of %s.\nconst (\n", own, own, own)
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

// modelWords say what a model is, behind its name.
func modelWords(name string) string {
	if text, ok := modelSentences[name]; ok {
		return text
	}
	if of, ok := strings.CutSuffix(name, "List"); ok {
		return "is a page of what is listed, and how many there are on all pages: values of type " + of + "."
	}
	for _, prefix := range []string{"Column", "Attribute"} {
		if kind, ok := strings.CutPrefix(name, prefix); ok && kind != "" {
			return "is " + article(strings.ToLower(prefix)) + " of the kind " + strings.ToLower(kind) + "."
		}
	}
	return "is a part of what the API answers with."
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

var modelSentences = map[string]string{
	"AppInstallation":                "is an app that a team has let in.",
	"Attribute":                      "is an attribute of a collection, of any kind: Type and Format say which. Members that a kind has not are left at their zero values.",
	"Bucket":                         "is a bucket, which holds files.",
	"Collection":                     "is a collection, which holds documents.",
	"Column":                         "is a column of a table, of any kind: Type and Format say which. Members that a kind has not are left at their zero values.",
	"ColumnIndex":                    "is an index of a table.",
	"Database":                       "is a database.",
	"DatabaseStatus":                 "says how a dedicated database is doing.",
	"DatabaseStatusConnections":      "counts the connections to a database.",
	"DatabaseStatusReplica":          "says how a replica is doing.",
	"DatabaseStatusVolume":           "says how full a volume is.",
	"DedicatedDatabase":              "is a database with a machine of its own.",
	"DedicatedDatabaseMember":        "is one of the machines of a dedicated database.",
	"DedicatedDatabaseReplicas":      "are the machines of a dedicated database.",
	"DedicatedDatabaseSpecification": "is a size in which dedicated databases can be had.",
	"File":                           "is what the server knows of a file.",
	"Identity":                       "is a user's account at another provider.",
	"Index":                          "is an index of a collection.",
	"Log":                            "is something that a user did, and from where.",
	"Membership":                     "is a user's place in a team.",
	"Message":                        "is a message, sent or to be sent.",
	"MFAChallenge":                   "is a second factor that was asked for.",
	"MFAFactors":                     "are the second factors that a user has set up.",
	"MFARecoveryCodes":               "are codes each of which stands in for a second factor once.",
	"MFAType":                        "is what an authenticator app is set up with.",
	"OAuth2Consent":                  "is what a user lets an app do.",
	"OAuth2ConsentToken":             "is a token that an app got by a user's consent.",
	"OneTimeToken":                   "is a one-time token. Its Secret is empty but for callers with an API key, and else on its way to the user.",
	"Presence":                       "says that somebody is there, and what they do.",
	"Provider":                       "is what messages are sent by.",
	"ResourceToken":                  "is a token by which whoever has it may read a file.",
	"Subscriber":                     "is a target that gets the messages of a topic.",
	"Table":                          "is a table, which holds rows.",
	"Target":                         "is an address at which a user can be reached.",
	"Team":                           "is a team of users.",
	"Topic":                          "is what users can subscribe to the messages of.",
	"Transaction":                    "is a transaction: changes that are made all together or not at all.",
}
