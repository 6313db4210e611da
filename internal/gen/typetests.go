package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/dts"
	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// pairs writes, for each official package, its models beside those of ours: a
// namespace of types cannot be gone through in TypeScript.
func pairs(files map[string][]byte, all []operations.Operation) error {
	for file, official := range map[string]string{"page": "appwrite", "server": "node-appwrite"} {
		var b bytes.Buffer
		fmt.Fprintf(&b, "%simport type * as ours from \"isojot\";\nimport type * as theirs from %q;\n\n", header, official)
		b.WriteString("type Row = theirs.Models.Row & { name: string };\ntype Document = theirs.Models.Document & { name: string };\ntype Preferences = { theme: string };\n\n")
		b.WriteString("/** The models of either package: [ours, theirs]. What only the compiler sees of some is left out. */\nexport interface Models {\n")
		for _, m := range models.All {
			if !inOfficial(m.Only, file) {
				continue
			}
			fmt.Fprintf(&b, "  %s: [%s, %s];\n", m.Name, pairOf("ours", m), pairOf("theirs", m))
		}
		b.WriteString("}\n")
		files["internal/compat/types/models."+file+".gen.ts"] = b.Bytes()
	}
	return nil
}

func inOfficial(only operations.Package, file string) bool {
	if file == string(dts.Server) {
		return only.InServer()
	}
	return only.InPage()
}

// pairOf is the model of a package, of types that both have.
func pairOf(from string, m models.Model) string {
	text := from + ".Models." + m.Name
	if m.Params != nil {
		text += "<" + strings.Join(m.Params, ", ") + ">"
	}
	if slices.ContainsFunc(m.Fields, func(f models.Field) bool { return f.Name == "[__default]" }) {
		text = "Omit<" + text + ", symbol>"
	}
	return text
}
