package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// warned starts a server and returns the warnings of its start.
func warned(t *testing.T, args ...string) string {
	t.Helper()
	p := start(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--memory", "--dev"}, args...)...)
	lines := p.until(t, "token")
	for p.lines.Scan() && strings.TrimSpace(p.lines.Text()) != "" {
		lines = append(lines, p.lines.Text())
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d, stderr %s", code, p.stderr.String())
	}
	var found []string
	for _, line := range lines {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "warning "); ok && !strings.Contains(text, noPageHint) && !strings.Contains(text, "functions: ") {
			found = append(found, strings.TrimSpace(text))
		}
	}
	return strings.Join(found, "\n")
}

// A folder of functions without one is a mistake that nothing else tells.
func TestAFolderWithoutFunctionsIsWarnedOf(t *testing.T) {
	empty, parent := t.TempDir(), t.TempDir()
	one := filepath.Join(parent, "one")
	if err := os.Mkdir(one, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(one, "function.json"), []byte(`{"target":"command:cat","execute":["any"]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	none, itself := "no function in "+empty+": each is a folder with a function.json", "no function in "+one+": it is one itself, give its parent: --functions "
	if got := warned(t, "--functions", empty, "--function", "echo=command:cat"); !strings.HasPrefix(got, none) {
		t.Errorf("an empty folder: %q", got)
	}
	if got := warned(t, "--functions", one); got != itself+parent {
		t.Errorf("a function: %q", got)
	}
	if got := warned(t, "--project", "a", "--project", "b", "--functions", parent, "--functions", "b="+one); got != itself+"b="+parent {
		t.Errorf("a function for another project: %q", got)
	}
	if got := warned(t, "--functions", parent); got != "" {
		t.Errorf("a function's parent: %q", got)
	}
	code, _, stderr := runFor(t, "exec", "--functions", empty, "--", "true")
	if code != 0 || !strings.Contains(stderr, "level=WARN") || !strings.Contains(stderr, none) {
		t.Errorf("exec: exit code %d, stderr %q", code, stderr)
	}
}

// Every site can act for those who are signed in only where one was warned.
func TestEveryOriginIsWarnedOf(t *testing.T) {
	if got := warned(t, "--allow-origin", "*"); !strings.HasPrefix(got, "--allow-origin *: every site can act") {
		t.Errorf("*: %q", got)
	}
	got := warned(t, "--project", "a", "--project", "b", "--allow-origin", "b=*", "--allow-origin", "b= *")
	if !strings.HasPrefix(got, "--allow-origin b=*: every site can act") || strings.Count(got, "\n") != 0 {
		t.Errorf("* of a project: %q", got)
	}
	if got := warned(t, "--allow-origin", "*.example.com", "--allow-origin", "https://a.example.org"); got != "" {
		t.Errorf("without *: %q", got)
	}
	code, help, _ := runFor(t, "serve", "--help")
	if flat := strings.Join(strings.Fields(help), " "); code != 0 || !strings.Contains(flat, "*.example.com is every host below example.com, * every site there is") {
		t.Errorf("the help does not say what the wildcards mean: %s", help)
	}
}
