package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// lanesInWords are the lanes in the README.
var lanesInWords = [...]string{operations.Guest: "guest", operations.Session: "session", operations.JWT: "JWT", operations.Key: "key"}

// clientTable is the README's list of the client's operations, those together
// that take the same identities. Of an operation with an older name, the newer is
// listed.
func clientTable(all []operations.Operation) []byte {
	byLanes := map[string][]string{}
	for _, o := range all {
		if len(o.Lanes) == 0 || o.Endpoint == nil || o.Deprecated || !ofCallers(o) {
			continue
		}
		var lanes []string
		for _, lane := range o.Lanes {
			lanes = append(lanes, lanesInWords[lane])
		}
		key := strings.Join(lanes, ", ")
		byLanes[key] = append(byLanes[key], o.Name)
	}
	var b bytes.Buffer
	b.WriteString("| identity, best first | operations |\n|---|---|\n")
	for _, lanes := range slices.Sorted(maps.Keys(byLanes)) {
		slices.Sort(byLanes[lanes])
		fmt.Fprintf(&b, "| %s | %s |\n", lanes, "`"+strings.Join(byLanes[lanes], "`, `")+"`")
	}
	return b.Bytes()
}

// ofCallers reports whether the operation is of what every caller may use, and no
// server's alone.
func ofCallers(o operations.Operation) bool {
	return slices.Contains([]string{"account", "graphql", "teams", ""}, o.Service()) || o.Service() == "functions" && o.Only == operations.Both
}

// scriptServices is the table, in js/README.md, of the classes of services and how
// many operations each has in pages and in servers.
func scriptServices(all []operations.Operation) []byte {
	pages, servers := map[string]int{}, map[string]int{}
	for _, o := range ofClients(all) {
		if o.Class() == "" || o.Only == operations.Neither {
			continue
		}
		servers[o.Class()]++
		if o.Only.InPage() {
			pages[o.Class()]++
		}
	}
	counted := func(counts map[string]int) (text string, total int) {
		var list []string
		for _, class := range slices.Sorted(maps.Keys(counts)) {
			list = append(list, fmt.Sprintf("`%s` (%d)", class, counts[class]))
			total += counts[class]
		}
		return strings.Join(list, ", "), total
	}
	// A mark within a table would end it.
	b := bytes.NewBufferString("\n| | |\n|---|---|\n")
	for _, row := range []struct {
		of     string
		counts map[string]int
	}{{"pages", pages}, {"servers", servers}} {
		list, total := counted(row.counts)
		fmt.Fprintf(b, "| services of %s | %s: %d operations |\n", row.of, list, total)
	}
	b.WriteString("| helpers | `ID`, `Query`, `Operator`, `Channel`, `Permission`, `Role`, `InputFile` (servers), `AppwriteException`, and all enumerations |\n")
	return b.Bytes()
}

// serverTable is the list, in docs/parity.md, of what the server answers.
func serverTable(all []operations.Operation) []byte {
	var services, aliases []string
	methods := map[string][]string{}
	for _, o := range all {
		if o.Endpoint == nil {
			continue
		}
		service := cmp.Or(o.Service(), "others")
		if o.Endpoint.KeyOnly {
			service += " (API key)"
		}
		if methods[service] == nil {
			services = append(services, service)
		}
		methods[service] = append(methods[service], o.Method())
		for _, alias := range o.Aliases {
			aliases = append(aliases, fmt.Sprintf("`%s` (%s)", alias, o.Name))
		}
	}
	var b bytes.Buffer
	b.WriteString("| service | operations |\n|---|---|\n")
	for _, service := range services {
		fmt.Fprintf(&b, "| %s | %s |\n", service, strings.Join(methods[service], ", "))
	}
	fmt.Fprintf(&b, "| older paths | %s |\n", strings.Join(aliases, ", "))
	return b.Bytes()
}
