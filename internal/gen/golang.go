package main

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"unicode"

	"github.com/isojot/isojot/internal/operations"
)

// goFiles writes the descriptors of the root package's operations, the table of
// all, the methods of Account that are not written by hand, and the packages below
// services/.
func goFiles(files map[string][]byte, all []operations.Operation) error {
	hand, err := byHand(".")
	if err != nil {
		return err
	}
	account, err := accountFile(ofGo(all, "account"), hand)
	if err != nil {
		return fmt.Errorf("account_gen.go: %w", err)
	}
	root, err := typesOf(account, hand)
	if err != nil {
		return err
	}
	files["account_gen.go"] = account
	files["routes_gen.go"], files["table_gen.go"] = rootFile(all), tableFile(all)
	for service := range goServices {
		own, dir := ofGo(all, service), "services/"+strings.ToLower(service)+"/"
		files[dir+"operations_gen.go"] = serviceFile(strings.ToLower(service), own)
		if files[dir+"service_gen.go"], err = servicePackage(service, own, root); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	if files["internal/mask/printed_gen_test.go"], err = maskTest(files); err != nil {
		return err
	}
	files["services/locale/operations_gen.go"] = serviceFile("locale", ofGo(all, "locale"))
	for name, text := range files {
		if strings.HasSuffix(name, ".go") {
			if files[name], err = format.Source(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// ofGo are the operations of a service that clients perform, in the order of their
// names.
func ofGo(all []operations.Operation, service string) []operations.Operation {
	own := slices.DeleteFunc(slices.Clone(all), func(o operations.Operation) bool { return len(o.Lanes) == 0 || o.Service() != service })
	slices.SortFunc(own, func(a, b operations.Operation) int { return strings.Compare(a.Name, b.Name) })
	return own
}

// rootFile is the root package's: a variable for each operation that it has a
// method for, so that programs link those they name.
func rootFile(all []operations.Operation) []byte {
	var b bytes.Buffer
	b.WriteString(header + "package isojot\n\nvar (\n")
	for _, service := range []string{"account", "functions", "graphql", ""} {
		for _, o := range ofGo(all, service) {
			if service != "functions" || o.Only == operations.Both && o.Endpoint != nil {
				fmt.Fprintf(&b, "%s = %s\n", variable(o.Field()), descriptor(o, ""))
			}
		}
	}
	b.WriteString(")\n\n// changingFields are the operations that may change the session, as GraphQL\n// names them: * stands for letters or none, and a name for all that begin with it.\nvar changingFields = [...]string{\n")
	for _, field := range changing(all) {
		fmt.Fprintf(&b, "%q,\n", field)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// serviceFile are the descriptors of a package below services/.
func serviceFile(name string, own []operations.Operation) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%spackage %s\n\nimport %q\n\nvar (\n", header, name, modulePath)
	for _, o := range own {
		fmt.Fprintf(&b, "%s = %s\n", variable(o.Method()), descriptor(o, "isojot."))
	}
	b.WriteString(")\n")
	return b.Bytes()
}

func variable(name string) string { return "op" + strings.ToUpper(name[:1]) + name[1:] }

// The names of constants of the root package.
var (
	laneConstants   = [...]string{operations.Guest: "LaneGuest", operations.Session: "LaneSession", operations.JWT: "LaneJWT", operations.Key: "LaneKey"}
	effectConstants = [...]string{operations.None: "EffectNone", operations.SignsIn: "EffectSignsIn", operations.EndsSession: "EffectEndsSession",
		operations.EndsAll: "EffectEndsAll", operations.Envelope: "EffectEnvelope", operations.MaySignIn: "EffectMaySignIn"}
)

// descriptor is the operation as an isojot.Operation; qualifier is what goes
// before the root package's names.
func descriptor(o operations.Operation, qualifier string) string {
	var lanes, params, optional []string
	for _, lane := range o.Lanes {
		lanes = append(lanes, qualifier+laneConstants[lane])
	}
	for _, p := range o.Params {
		params = append(params, fmt.Sprintf("%q", p.OnWire()))
		if left(o, p) {
			optional = append(optional, fmt.Sprintf("%q", p.OnWire()))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%[1]sOperation{Name: %[2]q, Route: %[1]sRoute{\nPattern: %[3]q,\nLanes: []%[1]sLane{%[4]s},\n", qualifier, o.Name, o.Pattern, strings.Join(lanes, ", "))
	if params != nil {
		fmt.Fprintf(&b, "Params: []string{%s},\n", strings.Join(params, ", "))
	}
	if optional != nil {
		fmt.Fprintf(&b, "Optional: []string{%s},\n", strings.Join(optional, ", "))
	}
	if o.Effect != operations.None {
		fmt.Fprintf(&b, "Effect: %s%s,\n", qualifier, effectConstants[o.Effect])
	}
	if answer := answerOf(o); answer != "" {
		fmt.Fprintf(&b, "Answer: %s%s,\n", qualifier, answer)
	}
	if accept := acceptOf(o); accept > 0 {
		fmt.Fprintf(&b, "Accept: %s%s,\n", qualifier, accepted[accept][1])
	}
	b.WriteString("}}\n")
	return b.String()
}

// changing are the GraphQL fields of operations that may change the session, with
// patterns for sign-ins, which other servers have under other names. One that
// another is the beginning of is left out, since a text that has the one has the
// other.
func changing(all []operations.Operation) []string {
	var fields []string
	for _, o := range all {
		switch {
		case o.Effect == operations.SignsIn: // which another server may offer
			fields = append(fields, signIns(o.Method()))
		case o.Effect == operations.MaySignIn:
			fields = append(fields, o.Field())
		case o.Answer == "" || o.Effect == operations.None || o.Effect == operations.Envelope:
		default:
			fields = append(fields, o.Field())
		}
	}
	slices.Sort(fields)
	fields = slices.Compact(fields)
	return slices.DeleteFunc(slices.Clone(fields), func(field string) bool {
		return slices.ContainsFunc(fields, func(other string) bool { return other != field && strings.HasPrefix(field, other) })
	})
}

const session = "Session"

// signIns are the fields that make a session as a method of class Account does:
// those of its verb. Older servers have createEmailSession, for example, where
// newer ones have createEmailPasswordSession.
func signIns(method string) string {
	name := "account" + strings.ToUpper(method[:1]) + method[1:]
	if !strings.HasSuffix(method, session) {
		return name
	}
	verb := method[:strings.IndexFunc(method, unicode.IsUpper)]
	return name[:len("account")+len(verb)] + "*" + session
}
