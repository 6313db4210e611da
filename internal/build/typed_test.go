package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWithoutTyped(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{}
	for _, name := range typedFiles {
		files[name] = "package isojot\n"
	}
	writeTree(t, dir, files)
	flag, err := withoutTyped(dir)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(strings.TrimPrefix(flag, "-overlay="))
	if err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &overlay); err != nil {
		t.Fatal(err)
	}
	for _, name := range typedFiles {
		if by, ok := overlay.Replace[filepath.Join(dir, name)]; !ok || by != "" {
			t.Errorf("%s is not taken for absent: %s", name, data)
		}
	}
	// One that was renamed would be linked again, and nobody would see it.
	if err := os.Remove(filepath.Join(dir, typedFiles[1])); err != nil {
		t.Fatal(err)
	}
	if _, err := withoutTyped(dir); err == nil || !strings.Contains(err.Error(), typedFiles[1]) {
		t.Errorf("without %s: %v", typedFiles[1], err)
	}
}
