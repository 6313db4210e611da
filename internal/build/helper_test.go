package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// repo returns the root of the repository that these tests belong to.
func repo(t *testing.T) string {
	t.Helper()
	dir, err := findRepo(".")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func goroot(t *testing.T) string {
	t.Helper()
	out, err := goTool(t.Context(), ".", nil, "env", "GOROOT")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// node runs Node.js with args in dir and returns its standard output.
func node(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return output(t, dir, "node", args...)
}

func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	// A program that hangs must fail its test, not stop the run.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// writeTree writes files, given by slash-separated path, below dir.
func writeTree(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
