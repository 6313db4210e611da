package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var sampleAssets = map[string]string{
	"index.html":                        "<!doctype html>",
	"page/page.css":                     "body {}",
	"js/dist/isojot.js":                 "script",
	"js/dist/isojot.js.map":             "{}",
	"js/dist/isojot.mjs":                "module",
	"js/dist/isojot.mjs.map":            "{}",
	"js/dist/worker.js":                 "worker",
	"js/dist/worker.js.map":             "{}",
	"js/dist/isojot.wasm":               strings.Repeat("program ", 100),
	"cmd/isojot/assets/placeholder.txt": "kept",
	"cmd/isojot/assets/page/old.js":     "no longer part of the page",
}

func TestAssets(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, sampleAssets)
	if err := assetsCommand(t.Context(), dir, nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	assets := os.DirFS(filepath.Join(dir, "cmd/isojot/assets"))
	for _, name := range []string{"placeholder.txt", "index.html", "page/page.css", "isojot.js", "isojot.mjs", "isojot.wasm", "worker.js"} {
		if _, err := assets.Open(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := assets.Open("page/old.js"); !os.IsNotExist(err) {
		t.Errorf("page/old.js was not removed: %v", err)
	}
	for _, e := range encodings {
		packed, err := os.ReadFile(filepath.Join(dir, "cmd/isojot/assets", "isojot.wasm"+e.suffix))
		if err != nil {
			t.Fatal(err)
		}
		if !e.holds(packed, []byte(sampleAssets["js/dist/isojot.wasm"])) {
			t.Errorf("isojot.wasm%s does not expand to the program", e.suffix)
		}
	}
}

// An unchanged build must not touch the files (the binary would be linked
// again), a changed one must replace all three forms of the program.
func TestAssetsAgain(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, sampleAssets)
	if err := assetsCommand(t.Context(), dir, nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(dir, "cmd/isojot/assets/isojot.wasm.br")
	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(packed, past, past); err != nil {
		t.Fatal(err)
	}
	if err := assetsCommand(t.Context(), dir, nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(packed); err != nil || !info.ModTime().Equal(past) {
		t.Errorf("an unchanged file was written again: %v, %v", info, err)
	}
	writeTree(t, dir, map[string]string{"js/dist/isojot.wasm": "another"})
	if err := assetsCommand(t.Context(), dir, nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(packed)
	if err != nil || !encodings[0].holds(data, []byte("another")) {
		t.Errorf("isojot.wasm.br is stale (%v)", err)
	}
}

func TestAssetsMissing(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, sampleAssets)
	if err := os.Remove(filepath.Join(dir, "js/dist/isojot.wasm")); err != nil {
		t.Fatal(err)
	}
	err := assetsCommand(t.Context(), dir, nil, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "js/dist/isojot.wasm is missing: run make js wasm") {
		t.Errorf("error %v", err)
	}
}

func TestHoldsRefusesDamage(t *testing.T) {
	data := bytes.Repeat([]byte("abc"), 1000)
	for _, e := range encodings {
		packed, err := e.compress(data)
		if err != nil {
			t.Fatal(err)
		}
		if e.holds(packed[:len(packed)/2], data) {
			t.Errorf("%s: half a file passed for the whole", e.suffix)
		}
	}
}
