package replay

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each rule that names a deliberate difference is how a row of docs/parity.md
// begins.
func TestParityRulesAreInTheDocumentation(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "parity.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "\n## Deliberate differences\n")
	if !ok {
		t.Fatal("docs/parity.md has no deliberate differences")
	}
	for _, c := range classes2 {
		row, ok := strings.CutPrefix(c.rule, parityPrefix)
		if !ok && !strings.HasPrefix(c.rule, "none: ") {
			t.Errorf("the rule %q begins neither with parity: nor with none:", c.rule)
		}
		if ok && !strings.Contains(table, "\n| "+row) {
			t.Errorf("no row of docs/parity.md begins with %q", row)
		}
	}
}

// A rule of parity.md is listed only by the classes that say so.
func TestListedRulesAreKnown(t *testing.T) {
	known := map[string]bool{}
	for _, c := range classes2 {
		known[c.rule] = true
	}
	var listed list
	if err := readJSON(filepath.Join(root, collections[1].listFile), &listed); err != nil {
		t.Fatal(err)
	}
	for _, d := range listed.Differences {
		if !known[d.Rule] {
			t.Errorf("%s: no class has the rule %q", d.key(), d.Rule)
		}
	}
}
