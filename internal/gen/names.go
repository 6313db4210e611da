package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// helpers are the exports of the npm package that are neither of a service nor
// enumerations, nor bound to a platform.
var helpers = []string{"AppwriteException", "Channel", "Condition", "ID", "Operator", "Permission", "Query", "Realtime", "Role"}

// named are the parts of the entries that name all exports, as CommonJS and
// scripts need it.
func named() []part {
	var parts []part
	for _, entry := range []struct {
		file, module string
		in           func(operations.Package) bool
	}{
		{"js/src/entry-browser-cjs.js", "pages", operations.Package.InPage},
		{"js/src/entry-script.js", "pages", operations.Package.InPage},
		{"js/src/entry-cjs.js", "servers", func(p operations.Package) bool { return p != operations.Neither }},
	} {
		parts = append(parts,
			part{entry.file, "// begin imports: go run ./internal/gen\n", "// end imports", func(all []operations.Operation) []byte {
				return fmt.Appendf(nil, "import {\n%s} from \"./%s.js\";\n", lines(exports(all, entry.in)), entry.module)
			}},
			part{entry.file, "  // begin names: go run ./internal/gen\n", "  // end names", func(all []operations.Operation) []byte {
				return []byte(lines(exports(all, entry.in)))
			}})
	}
	return parts
}

// exports are the names that a platform exports and that are not bound to it, in
// alphabetical order.
func exports(all []operations.Operation, in func(operations.Package) bool) []string {
	names := slices.Clone(helpers)
	for _, o := range all {
		if len(o.Lanes) > 0 && o.Class() != "" && in(o.Only) {
			names = append(names, o.Class())
		}
	}
	for _, e := range models.Enums {
		if in(e.Only) {
			names = append(names, e.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// lines are names with commas, several a line.
func lines(names []string) string {
	const width = 130
	var b bytes.Buffer
	line := " "
	for _, name := range names {
		if len(line)+len(name)+2 > width {
			b.WriteString(line + "\n")
			line = " "
		}
		line += " " + name + ","
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
	return b.String()
}
