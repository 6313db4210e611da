package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bareClone returns a folder with what is committed and nothing that a build
// makes.
func bareClone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	archive := filepath.Join(dir, "head.tar")
	output(t, repo(t), "git", "archive", "--format=tar", "--output="+archive, "HEAD")
	clone := filepath.Join(dir, "isojot")
	if err := os.Mkdir(clone, 0o755); err != nil {
		t.Fatal(err)
	}
	output(t, clone, "tar", "-xf", archive)
	return clone
}

// In a new module, what the README says is all that it takes to use a clone:
// what its packages embed or generate has to be committed. No registry is asked,
// whether it has such a module or not.
func TestForeignModule(t *testing.T) {
	clone := bareClone(t)
	output(t, clone, "go", "mod", "download")
	t.Setenv("GOPROXY", "off")
	t.Setenv("GONOSUMDB", "*")
	t.Setenv("GOFLAGS", "-mod=readonly")
	dir := t.TempDir()
	output(t, dir, "go", "mod", "init", "example.com/shop")
	output(t, dir, "sh", "-c", installLine(t, clone))
	for name, source := range map[string]string{"main.go": "main.go.txt", "shop_test.go": "shop_test.go.txt"} {
		copyInto(t, filepath.Join("testdata", "foreign", source), filepath.Join(dir, name))
	}
	if got := strings.TrimSpace(output(t, dir, "go", "run", ".")); got != "shop" {
		t.Errorf("the program says %q", got)
	}
	output(t, dir, "go", "test", "-count=1", ".")
}

// installLine is the README's command to use the clone in a module.
func installLine(t *testing.T, clone string) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(repo(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(readme)) {
		if strings.Contains(line, "go mod edit ") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	if len(found) != 1 || strings.Count(found[0], "="+pathInReadme) != 1 {
		t.Fatalf("the README's lines with go mod edit: %q, want one, with =%s", found, pathInReadme)
	}
	return strings.Replace(found[0], pathInReadme, clone, 1)
}

// pathInReadme stands for the path of a clone.
const pathInReadme = "PATH"

// The binary of a bare clone has no page, and says how to get it.
func TestBareCloneBuilds(t *testing.T) {
	clone := bareClone(t)
	output(t, clone, "go", "vet", ".", "./server", "./isojottest", "./cmd/...")
	got := output(t, clone, "go", "run", "./cmd/isojot", "version")
	if !strings.Contains(got, "built without the page: run make build") {
		t.Errorf("version says %q", got)
	}
}

func copyInto(t *testing.T, from, to string) {
	t.Helper()
	if err := copyFile(from, to); err != nil {
		t.Fatal(err)
	}
}
