//go:build !js

package isojot_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/isojot/isojot"
)

// A pipe is an *os.File too, and is read in order; of a regular file the size may be
// left out.
func TestUploadOSFile(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		io.WriteString(w, "hello")
		w.Close()
	}()
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, upload := range map[string]isojot.Upload{"a pipe": {Name: "a", Size: 5, Reader: r}, "a file": {Name: "a", Reader: file}} {
		c := &contents{t: t}
		if err := c.upload(upload); err != nil || len(c.sent) != 1 || string(c.sent[0]) != "hello" {
			t.Errorf("%s: %v, %q", name, err, c.sent)
		}
	}
}
