package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgramDoesWithoutFmt holds that the browser program links no fmt, that
// two builds are the same, and that no path of this machine is in it.
func TestProgramDoesWithoutFmt(t *testing.T) {
	var builds [2]string
	for i := range builds {
		target := filepath.Join(t.TempDir(), "isojot.wasm")
		if err := buildProgram(t.Context(), repo(t), target); err != nil {
			t.Fatal(err)
		}
		program, err := os.ReadFile(target)
		if err != nil {
			t.Fatal(err)
		}
		builds[i] = string(program)
	}
	if builds[0] != builds[1] {
		t.Error("two builds differ")
	}
	if strings.Contains(builds[0], "%!(BADINDEX)") {
		t.Error("package fmt is linked: some package of the browser program uses it")
	}
	for _, path := range []string{repo(t), goroot(t)} {
		if strings.Contains(builds[0], path) {
			t.Errorf("the program holds the path %s", path)
		}
	}
}

// TestModuleDirOfAnEmptyCache: on a machine that never built this, the module's
// source is fetched first.
func TestModuleDirOfAnEmptyCache(t *testing.T) {
	if _, err := moduleDir(t.Context(), repo(t), nil, safejsPath); err != nil { // so that the proxy below has it
		t.Fatal(err)
	}
	full, err := goTool(t.Context(), repo(t), nil, "env", "GOMODCACHE")
	if err != nil {
		t.Fatal(err)
	}
	proxy := "GOPROXY=file://" + filepath.ToSlash(strings.TrimSpace(full)) + "/cache/download"
	env := []string{proxy, "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOMODCACHE=" + t.TempDir()}
	dir, err := moduleDir(t.Context(), repo(t), env, safejsPath)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "internal", "catch", "catch.go")); err != nil {
		t.Error(err)
	}
}

// TestUnknownSafejsIsRefused holds that a version whose source differs from
// what the edits expect ends the build.
func TestUnknownSafejsIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, source := range map[string]string{
		"internal/stackerr/stackerr.go": "package stackerr\n",
		"internal/catch/catch.go":       "package catch\n\nimport \"fmt\"\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := leaveOutFmt(dir); err == nil || !strings.Contains(err.Error(), "catch.go") {
		t.Errorf("got %v", err)
	}
}
