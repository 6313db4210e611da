package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// The wrapped runtime must work where no host object exists but those of its
// scope, for two programs at once, and leave no trace.
func TestWasmExecStaysInItsScope(t *testing.T) {
	dir := t.TempDir()
	script, wasm := filepath.Join(dir, "runtime.js"), filepath.Join(dir, "scope.wasm")
	result := api.Build(api.BuildOptions{
		Stdin:      &api.StdinOptions{Contents: `export { default } from "isojot:wasm_exec"`},
		Bundle:     true,
		Format:     api.FormatIIFE,
		GlobalName: "wrapped",
		Plugins:    []api.Plugin{wasmExecPlugin(goroot(t))},
		LogLevel:   api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		t.Fatal(messageError(result.Errors))
	}
	if err := os.WriteFile(script, result.OutputFiles[0].Contents, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := buildWasm(t.Context(), ".", "./testdata/scope", wasm); err != nil {
		t.Fatal(err)
	}
	var saw struct {
		Lines, Leaked, ThisCalls []string
		Times                    []int64
	}
	if err := json.Unmarshal([]byte(node(t, ".", "testdata/scope.mjs", script, wasm)), &saw); err != nil {
		t.Fatal(err)
	}
	if len(saw.Leaked) > 0 {
		t.Errorf("left on the global object: %q", saw.Leaked)
	}
	if len(saw.ThisCalls) > 0 {
		t.Errorf("called as methods of the scope: %q", saw.ThisCalls)
	}
	if want := []int64{1_000_000, 2_000_000}; !slices.Equal(saw.Times, want) {
		t.Errorf("the programs' clocks said %d, their scopes %d", saw.Times, want)
	}
	slices.Sort(saw.Lines)
	if want := []string{"runtime", "runtime", "written", "written"}; !slices.Equal(saw.Lines, want) {
		t.Errorf("output %q, want %q", saw.Lines, want)
	}
}

// The runtime offers what the program imports, and of the rest what costs nothing
// to keep.
func TestWasmExecOffersWhatIsImported(t *testing.T) {
	wrapped, err := wrapWasmExec(goroot(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range unimported {
		if strings.Contains(wrapped, `"`+name+`"`) || strings.Contains(wrapped, name+":") {
			t.Errorf("%s is offered", name)
		}
	}
	target := filepath.Join(t.TempDir(), "isojot.wasm")
	if err := buildProgram(t.Context(), repo(t), target); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	imported := 0
	for _, name := range importsOf(t, program) {
		if !strings.Contains(wrapped, `"`+name+`"`) {
			t.Errorf("%s is not offered", name)
		}
		imported++
	}
	if imported < 10 {
		t.Errorf("the program imports %d functions", imported)
	}
}

// importsOf are the names of what a WebAssembly program imports from the module
// gojs, which each of them follows.
func importsOf(t *testing.T, program []byte) (names []string) {
	t.Helper()
	for parts := bytes.Split(program, []byte("\x04gojs")); len(parts) > 1; parts = parts[1:] {
		n := int(parts[1][0])
		names = append(names, string(parts[1][1:1+n]))
	}
	return names
}

func TestWasmExecMissing(t *testing.T) {
	if _, err := wrapWasmExec(t.TempDir()); err == nil {
		t.Fatal("no error for a GOROOT without wasm_exec.js")
	}
}
