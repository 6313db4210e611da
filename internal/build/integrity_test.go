package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The hashes must be those that browsers compute, of the files as they are.
func TestSeal(t *testing.T) {
	dist := t.TempDir()
	writeTree(t, dist, map[string]string{"isojot.js": "script", "isojot.wasm": "", "other.js": "no part of a page"})
	var out strings.Builder
	if err := seal(dist, &out); err != nil {
		t.Fatal(err)
	}
	// printf %s script | openssl dgst -sha384 -binary | base64, and of nothing.
	want := map[string]string{
		"isojot.js":   "sha384-6ue5d2QaPwlaMGhNVnY+j4dug2fnmrD4zxJxcL2G/+on/gwRUMV5t16bKlY1s8CK",
		"isojot.wasm": "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb",
	}
	data, err := os.ReadFile(filepath.Join(dist, integrityFile))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("%d hashes, want %d: %v", len(got), len(want), got)
	}
	for name, hash := range want {
		if got[name] != hash || !strings.Contains(out.String(), hash) {
			t.Errorf("%s: %s, want %s; printed:\n%s", name, got[name], hash, out.String())
		}
	}
}

func TestCompressProgram(t *testing.T) {
	dist := t.TempDir()
	program := strings.Repeat("program ", 1000)
	writeTree(t, dist, map[string]string{"isojot.wasm": program, "isojot.wasm.br": "of another"})
	if err := compressProgram(dist, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, e := range encodings {
		packed, err := os.ReadFile(filepath.Join(dist, "isojot.wasm"+e.suffix))
		if err != nil || !e.holds(packed, []byte(program)) {
			t.Errorf("isojot.wasm%s does not expand to the program (%v)", e.suffix, err)
		}
	}
}
