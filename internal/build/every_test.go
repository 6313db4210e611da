package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fails runs a program that must fail, and returns what it said.
func fails(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("%s %s: exit code 0, output %s", name, strings.Join(args, " "), out)
	}
	return string(out)
}

// lastLine is the last line of a text that ends with one.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// What fails in one module keeps no other from running, and is not forgotten.
func TestEveryModuleRuns(t *testing.T) {
	dir := t.TempDir()
	copyScript(t, dir, "modules.sh")
	writeTree(t, dir, map[string]string{"go.mod": "", "a/go.mod": "", "a/bad": "", "b/go.mod": "", "c/go.mod": "", "c/bad": "", "d/go.mod": ""})
	command := []string{"sh", "-c", "touch ran; test ! -e bad"}
	said := fails(t, dir, "scripts/modules.sh", command...)
	if got, want := lastLine(said), "== failed in ./a ./c: "+strings.Join(command, " "); got != want {
		t.Errorf("it ends with %q, want %q", got, want)
	}
	for _, module := range []string{"", "a", "b", "c", "d"} {
		if _, err := os.Stat(filepath.Join(dir, module, "ran")); err != nil {
			t.Error(err)
		}
	}
	for _, module := range []string{"a", "c"} {
		if err := os.Remove(filepath.Join(dir, module, "bad")); err != nil {
			t.Fatal(err)
		}
	}
	if said := output(t, dir, "scripts/modules.sh", command...); strings.Contains(said, "failed") {
		t.Errorf("where nothing fails it says %q", said)
	}
}

// The same of the parts of make test, by a make that notes what it is asked for.
func TestEveryPartOfTheTestsRuns(t *testing.T) {
	t.Setenv("MAKEFLAGS", "") // of a make that runs this
	asked := filepath.Join(t.TempDir(), "asked")
	fake := filepath.Join(t.TempDir(), "make")
	script := "#!/bin/sh\nshift\necho $1 >>" + asked + "\ncase $1 in test-go|test-js) exit 2;; esac\n"
	if err := os.WriteFile(fake, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copyScript(t, dir, "targets.sh")
	copyInto(t, filepath.Join(repo(t), "Makefile"), filepath.Join(dir, "Makefile"))
	parts := []string{"test-go", "test-wasm", "test-js", "test-wasm-browser", "test-browser", "test-frameworks"}
	for target, want := range map[string][]string{"test": parts, "test-all": append(parts, "test-runtimes")} {
		said := fails(t, dir, "make", target, "MAKE="+fake)
		if !slices.Contains(strings.Split(said, "\n"), "== failed: test-go test-js") {
			t.Errorf("make %s says %q", target, said)
		}
		got, err := os.ReadFile(asked)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(strings.Fields(string(got)), " ") != strings.Join(want, " ") {
			t.Errorf("make %s made %q, want %q", target, got, want)
		}
		if err := os.Remove(asked); err != nil {
			t.Fatal(err)
		}
	}
}

// make run says what it does before it begins, one line for each step, and what
// serves in the end; of what the steps say it shows nothing. It uses Go alone.
func TestRunSaysWhatItDoes(t *testing.T) {
	dir, path := t.TempDir(), t.TempDir()
	copyInto(t, filepath.Join(repo(t), "Makefile"), filepath.Join(dir, "Makefile"))
	const fake = `#!/bin/sh
echo "go did $*"
case "$*" in
*bin/build*) made=bin/build ;;
*bin/isojot*) made=bin/isojot ;;
*) exit 0 ;;
esac
mkdir -p bin
printf '#!/bin/sh\necho "did $*"\n' >$made
chmod +x $made
`
	if err := os.WriteFile(filepath.Join(path, "go"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MAKEFLAGS", "") // of a make that runs this
	t.Setenv("PATH", path+":/usr/bin:/bin")
	const steps = `== the first build takes a minute or two
== compile the build tools to bin/build
go did build -C internal/build -o ../../bin/build .
== compile the browser program to js/dist/isojot.wasm, and compress it
== bundle the npm package to js/dist
== gather the files of the page in cmd/isojot/assets
== compile the server to bin/isojot
go did build -trimpath -ldflags=-s -w -o bin/isojot ./cmd/isojot
== compile the function of the page to bin/whoami
go did build -C examples/function-go -o ../../bin/whoami .
bin/isojot serve --dev --function whoami=command:bin/whoami --addr 127.0.0.1:7600
did serve --dev --function whoami=command:bin/whoami --addr 127.0.0.1:7600
`
	_, again, _ := strings.Cut(steps, "\n")
	for _, want := range []string{steps, again} {
		if got := output(t, dir, "make", "--no-print-directory", "run", "ARGS=--addr 127.0.0.1:7600"); got != want {
			t.Errorf("it says\n%s\nwant\n%s", got, want)
		}
	}
}

// copyScript copies one of the repository's scripts to the same place in dir.
func copyScript(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(dir, "scripts"), 0o755); err != nil {
		t.Fatal(err)
	}
	copyInto(t, filepath.Join(repo(t), "scripts", name), filepath.Join(dir, "scripts", name))
	if err := os.Chmod(filepath.Join(dir, "scripts", name), 0o755); err != nil {
		t.Fatal(err)
	}
}
