package isojot_test

import (
	"os"
	"strings"
	"testing"
)

// TestREADMEShowsWhatRuns holds that each line of the README's Go code stands
// in example_test.go, which is compiled and run.
func TestREADMEShowsWhatRuns(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	run := map[string]bool{}
	for line := range strings.Lines(string(source)) {
		run[strings.TrimSpace(line)] = true
	}
	blocks := strings.Split(string(readme), "```go\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("the README has no Go code")
	}
	for _, block := range blocks {
		code, _, _ := strings.Cut(block, "```")
		for line := range strings.Lines(code) {
			if line = strings.TrimSpace(line); line != "" && !run[line] {
				t.Errorf("not in example_test.go: %s", line)
			}
		}
	}
}
