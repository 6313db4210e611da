package browser

import (
	"os"
	"strings"
	"testing"
)

// TestTags holds that every file but doc.go is for the browser build only, so
// that the package is empty, and harmless, elsewhere.
func TestTags(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || name == "doc.go" || name == "tags_test.go" {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(source), "//go:build js && wasm\n") {
			t.Errorf("%s lacks //go:build js && wasm", name)
		}
	}
}
