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

// Every program on the machine can read a command line, a function without a
// user of its own included.
func TestSecretsInTheCommandLineAreWarnedOf(t *testing.T) {
	const key = "a key of 16 letters or more"
	of := func(flag, variable string) string {
		return "--" + flag + ": all programs on this machine, functions too, can read the command line: give what is secret by the variable " + variable
	}
	apiKey, function := of("api-key", "ISOJOT_API_KEY"), of("function", "ISOJOT_FUNCTION")
	for _, args := range [][]string{{"--api-key", key}, {"--api-key=" + key}, {"-api-key=" + key}} {
		if got := warned(t, args...); got != apiKey {
			t.Errorf("%q: %q", args, got)
		}
	}
	if got := warned(t, "--function", "a=http://ann:secret@127.0.0.1:1", "--function", "b=http://127.0.0.1:1", "--api-key", key); got != apiKey+"\n"+function {
		t.Errorf("a URL with a password: %q", got)
	}
	code, _, stderr := runFor(t, "exec", "--api-key", key, "--", "true")
	if code != 0 || strings.Count(stderr, apiKey) != 1 {
		t.Errorf("exec: exit code %d, stderr %q", code, stderr)
	}
	const database = "postgres://ann:secret@127.0.0.1:1/isojot"
	tells(t, []string{"serve", "--addr", "127.0.0.1:0", "--database-url", database}, exitFailure, "cannot be reached")
	tells(t, []string{"key", "list", "--database-url", database}, exitFailure, of("database-url", "ISOJOT_DATABASE_URL"))
	tells(t, []string{"jwt", "verify", "--key-hex", strings.Repeat("0a", 64), "x"}, exitCannotTell, of("key-hex", "ISOJOT_JWT_KEY"))
}

// What nobody else sees is not warned of, nor what is no secret.
func TestSecretsElsewhereAreNotWarnedOf(t *testing.T) {
	t.Setenv("ISOJOT_API_KEY", "a key of 16 letters or more")
	t.Setenv("ISOJOT_FUNCTION", "a=http://ann:secret@127.0.0.1:1")
	if got := warned(t); got != "" {
		t.Errorf("by variables: %q", got)
	}
	code, _, stderr := runFor(t, "key", "list", "--database-url", "postgres://ann@127.0.0.1:1/isojot")
	if code != exitFailure || strings.Contains(stderr, "warning") {
		t.Errorf("a URL without a password: exit code %d, stderr %q", code, stderr)
	}
	t.Setenv("ISOJOT_DATABASE_URL", "postgres://ann:secret@127.0.0.1:1/isojot")
	code, _, stderr = runFor(t, "key", "list")
	if code != exitFailure || strings.Contains(stderr, "warning") {
		t.Errorf("by the variable: exit code %d, stderr %q", code, stderr)
	}
}
