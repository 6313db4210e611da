package main

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// The names that lanes and effects have in JavaScript.
var (
	laneNames   = [...]string{operations.Guest: "guest", operations.Session: "session", operations.JWT: "jwt", operations.Key: "key"}
	effectNames = [...]string{operations.SignsIn: "signs in", operations.EndsSession: "ends session", operations.EndsAll: "ends all", operations.Envelope: "envelope"}
)

// scripts writes a module for each service of the npm package.
func scripts(files map[string][]byte, all []operations.Operation) error {
	services := map[string]*bytes.Buffer{}
	for _, o := range ofClients(all) {
		if !inRoot(o) {
			continue
		}
		module := cmp.Or(o.Service(), "client")
		b := services[module]
		if b == nil {
			b = bytes.NewBufferString(header)
			if module == "graphql" {
				fmt.Fprintf(b, "// The operations that may change the session, as GraphQL names them; * stands for letters or none.\nconst changing = %q;\n\n", strings.Join(changing(all), " "))
			}
			fmt.Fprintf(b, "export const %s = {\n", module)
			services[module] = b
		}
		fmt.Fprintf(b, "  %s: { %s },\n", o.Method(), entry(o))
	}
	files["js/src/api/missing.gen.js"] = missing()
	for module, b := range services {
		files["js/src/api/"+module+".gen.js"] = append(b.Bytes(), "};\n"...)
	}
	return nil
}

// missing is the list of what the official Account has and ours has not.
func missing() []byte {
	var b bytes.Buffer
	b.WriteString(header + "export const missing = [\n")
	for _, method := range operations.Missing() {
		fmt.Fprintf(&b, "  %q,\n", method)
	}
	b.WriteString("];\n")
	return b.Bytes()
}

// entry are the members of an operation's object.
func entry(o operations.Operation) string {
	var lanes, params []string
	for _, lane := range o.Lanes {
		lanes = append(lanes, laneNames[lane])
	}
	for _, p := range o.Params {
		p.Name = p.OnWire()
		if p.Type == operations.Object || p.Type == operations.Prefs {
			p.Name += "{}"
		}
		if p.Optional {
			p.Name += "?"
		}
		params = append(params, p.Name)
	}
	text := fmt.Sprintf("pattern: %q, lanes: %q", o.Pattern, strings.Join(lanes, " "))
	if params != nil {
		text += fmt.Sprintf(", params: %q", strings.Join(params, " "))
	}
	if o.Effect != operations.None {
		text += fmt.Sprintf(", effect: %q", effectNames[o.Effect])
	}
	if o.Effect == operations.Envelope {
		text += ", changing"
	}
	return text
}
