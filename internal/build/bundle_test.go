package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleSource has the shape of js/src: the entry points, the virtual
// runtime module, the version constant and a file beside the bundle.
var sampleSource = map[string]string{
	"go.mod":                      "module github.com/isojot/isojot\n",
	"js/package.json":             `{"version": "1.2.3"}`,
	"js/src/core.js":              `import makeGo from "isojot:wasm_exec"; export const version = __ISOJOT_VERSION__; export const Go = (scope) => makeGo(scope);`,
	"js/src/entry-browser.js":     `export * from "./core.js"; export const url = new URL("./isojot.wasm", import.meta.url);`,
	"js/src/entry-node.js":        `import { fileURLToPath } from "node:url"; export * from "./core.js"; export const file = fileURLToPath(new URL("./isojot.wasm", import.meta.url));`,
	"js/src/entry-cjs.js":         `import { pathToFileURL } from "node:url"; import { version, Go } from "./core.js"; const file = new URL("./isojot.wasm", pathToFileURL(__filename)).pathname; module.exports = { version, Go, file };`,
	"js/src/entry-edge.js":        `export * from "./core.js"; export const url = new URL("./isojot.wasm", import.meta.url);`,
	"js/src/entry-script.js":      `import { version, Go } from "./core.js"; globalThis.isojot = { version, Go };`,
	"js/src/entry-browser-cjs.js": `import { version, Go } from "./core.js"; module.exports = { version, Go };`,
	"js/src/entry-worker.js":      `import { version } from "./core.js"; postMessage({ version, Go: typeof Go });`,
}

func bundleSample(t *testing.T) (dist string) {
	t.Helper()
	dir := t.TempDir()
	writeTree(t, dir, sampleSource)
	if err := bundleCommand(t.Context(), dir, nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "js", "dist")
}

func TestBundles(t *testing.T) {
	dist := bundleSample(t)
	report := `const go = typeof m.Go({crypto, performance, TextEncoder, TextDecoder});
		console.log([m.version, go, m.file ? m.file.endsWith("/js/dist/isojot.wasm") : "", typeof globalThis.Go].join(" "))`
	for name, program := range map[string][]string{
		"CommonJS": {"-e", `const m = require("./isojot.cjs"); ` + report},
		"Node ESM": {"--input-type=module", "-e", `import * as m from "./isojot.node.mjs"; ` + report},
		// Named exports of CommonJS are found by reading, not by running.
		"CommonJS from ESM": {"--input-type=module", "-e", `import { version, Go, file } from "./isojot.cjs"; const m = { version, Go, file }; ` + report},
	} {
		if got, want := strings.TrimSpace(node(t, dist, program...)), "1.2.3 function true undefined"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	script := `require("node:vm").runInThisContext(require("node:fs").readFileSync("isojot.js", "utf8")); const m = isojot; `
	if got, want := strings.TrimSpace(node(t, dist, "-e", script+report)), "1.2.3 function  undefined"; got != want {
		t.Errorf("script: %q, want %q", got, want)
	}
}

// A worker's script runs by itself, and leaves no global behind.
func TestWorkerBundle(t *testing.T) {
	program := `globalThis.postMessage = ({ version, Go }) => console.log(version, Go, typeof isojot);
		require("node:vm").runInThisContext(require("node:fs").readFileSync("worker.js", "utf8"))`
	if got, want := strings.TrimSpace(node(t, bundleSample(t), "-e", program)), "1.2.3 undefined undefined"; got != want {
		t.Errorf("worker: %q, want %q", got, want)
	}
}

// A bundler must find the program beside the module, and published files must
// not tell where they were built.
func TestBundleContents(t *testing.T) {
	dist := bundleSample(t)
	module, err := os.ReadFile(filepath.Join(dist, "isojot.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`new URL("./isojot.wasm",import.meta.url)`, "The Go Authors", "sourceMappingURL=isojot.mjs.map"} {
		if !strings.Contains(string(module), want) {
			t.Errorf("isojot.mjs lacks %q", want)
		}
	}
	files, err := filepath.Glob(filepath.Join(dist, "*"))
	if err != nil || len(files) != 2*len(bundles)+1 { // and their hashes
		t.Fatalf("files %q, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if place := filepath.Dir(filepath.Dir(dist)); strings.Contains(string(data), place) {
			t.Errorf("%s names the folder it was built in", filepath.Base(file))
		}
	}
}

func TestBundleErrors(t *testing.T) {
	for name, tc := range map[string]struct{ file, content, want string }{
		"syntax":     {"js/src/core.js", "export const = 1", "src/core.js:1:13"},
		"no version": {"js/package.json", "{}", "js/package.json: no version"},
		"bad json":   {"js/package.json", "{", "js/package.json: "},
		// import.meta has no meaning in a script: a warning, which must stop us.
		"import.meta in a script": {"js/src/entry-script.js", "export const u = import.meta.url", "import.meta"},
	} {
		dir := t.TempDir()
		writeTree(t, dir, sampleSource)
		writeTree(t, dir, map[string]string{tc.file: tc.content})
		err := bundleCommand(t.Context(), dir, nil, io.Discard)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.want)
		}
	}
}
