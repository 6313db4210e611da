package isojot_test

import (
	"os"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// TestDocsShowWhatRuns holds that each line of the Go code in these documents
// stands in one of their example files, which are compiled and run.
func TestDocsShowWhatRuns(t *testing.T) {
	for name, sources := range map[string][]string{
		"README.md":                {"example_test.go", "example_token_test.go", "example_function_test.go", "auth/example_test.go", "ssr/example_test.go"},
		"docs/ssr.md":              {"ssr/example_test.go"},
		"docs/tables-and-files.md": {"services/tablesdb/example_test.go", "services/storage/example_test.go"},
	} {
		t.Run(name, func(t *testing.T) { showsWhatRuns(t, name, sources) })
	}
}

func showsWhatRuns(t *testing.T, name string, sources []string) {
	doc, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	run := map[string]bool{}
	for _, name := range sources {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			run[strings.TrimSpace(line)] = true
		}
	}
	blocks := strings.Split(string(doc), "```go\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("it has no Go code")
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
		isojot.ReasonNoSession, isojot.ReasonSessionExists, isojot.ReasonInvalidCredentials, isojot.ReasonMoreFactors, isojot.ReasonInvalidToken,
		isojot.ReasonUserExists,
		isojot.ReasonInvalidArgument, isojot.ReasonNoOperation, isojot.ReasonCookieBlocked, isojot.ReasonSessionEnded, isojot.ReasonJWTExpired,
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
