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

// The packages that others import must compile as a dependency: what they
// embed or generate has to be committed.
func TestForeignModule(t *testing.T) {
	clone := bareClone(t)
	dir := t.TempDir()
	for name, source := range map[string]string{"main.go": "main.go.txt", "shop_test.go": "shop_test.go.txt"} {
		copyInto(t, filepath.Join("testdata", "foreign", source), filepath.Join(dir, name))
	}
	copyInto(t, filepath.Join(clone, "go.sum"), filepath.Join(dir, "go.sum"))
	writeTree(t, dir, map[string]string{"go.mod": foreignMod(t, clone)})
	if got := strings.TrimSpace(output(t, dir, "go", "run", "-mod=mod", ".")); got != "shop" {
		t.Errorf("the program says %q", got)
	}
	output(t, dir, "go", "test", "-mod=mod", "-count=1", ".")
}

// foreignMod is the go.mod of a module that depends on the clone. It names
// the clone's own dependencies too, so that resolving them needs no network.
func foreignMod(t *testing.T, clone string) string {
	t.Helper()
	mod, err := os.ReadFile(filepath.Join(clone, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(mod), "module "+modulePath, "module example.com/shop", 1)
	return text + "\nrequire " + modulePath + " v0.0.0\nreplace " + modulePath + " => " + clone + "\n"
}

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
