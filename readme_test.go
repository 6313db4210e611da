package isojot_test

import (
	"os"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// TestREADMEShowsWhatRuns holds that each line of the README's Go code stands
// in one of the example files, which are compiled and run.
func TestREADMEShowsWhatRuns(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	run := map[string]bool{}
	for _, name := range []string{"example_test.go", "example_token_test.go", "example_function_test.go", "auth/example_test.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			run[strings.TrimSpace(line)] = true
		}
	}
	blocks := strings.Split(string(readme), "```go\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("the README has no Go code")
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

// TestDocsNameEveryReason holds that docs/tokens.md has a row for each.
func TestDocsNameEveryReason(t *testing.T) {
	docs, err := os.ReadFile("docs/tokens.md")
	if err != nil {
		t.Fatal(err)
	}
	reasons := []isojot.Reason{
		isojot.ReasonNoSession, isojot.ReasonCookieBlocked, isojot.ReasonSessionEnded, isojot.ReasonJWTExpired,
		isojot.ReasonJWTMalformed, isojot.ReasonJWTAndSession, isojot.ReasonUserBlocked, isojot.ReasonRateLimited,
		isojot.ReasonCORS, isojot.ReasonNetwork, isojot.ReasonWrongProject, isojot.ReasonUnknown,
	}
	for _, reason := range reasons {
		if !strings.Contains(string(docs), "\n| `"+string(reason)+"` | ") {
			t.Errorf("%s has no row", reason)
		}
		if known := reason != isojot.ReasonUnknown; (reason.Advice() != "") != known {
			t.Errorf("%s: advice %q", reason, reason.Advice())
		}
	}
	if rows := strings.Count(string(docs), "\n| `"); rows != len(reasons) {
		t.Errorf("%d rows for %d reasons", rows, len(reasons))
	}
}
