package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// programs is a folder that everybody may read, for functions that run as a
// user of their own; those of t.TempDir are the test's user's alone.
var programs string

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == serverMode {
		runAsServer(os.Args[2:])
		return
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	// Without this, where temporary files are the test's user's alone, no
	// function would have a user of its own.
	if allowsAll(os.TempDir(), 0) != nil {
		os.Setenv("TMPDIR", "/tmp")
	}
	dir, err := os.MkdirTemp("", "isojot-runner-test-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs = dir
	return m.Run()
}

// write writes a program or a file of a function to a folder of its own, and
// returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	dir, err := os.MkdirTemp(programs, "")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	writeAt(t, path, text)
	return path
}

func writeAt(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
