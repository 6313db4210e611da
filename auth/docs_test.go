package auth_test

import (
	"os"
	"strings"
	"testing"
)

// TestDocsShowWhatRuns holds that each line of the Go code in the chapter on
// verifying stands in the examples, which are compiled and run.
func TestDocsShowWhatRuns(t *testing.T) {
	docs, err := os.ReadFile("../docs/backends.md")
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
	_, chapter, _ := strings.Cut(string(docs), "\n## Verify a JWT\n")
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	blocks := strings.Split(chapter, "```go\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("the chapter has no Go code")
	}
	for _, block := range blocks {
		code, _, _ := strings.Cut(block, "```")
		for line := range strings.Lines(code) {
			if line = strings.TrimSpace(line); line != "" && !run[line] {
				t.Errorf("in no example: %s", line)
			}
		}
	}
}
