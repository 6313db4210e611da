package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
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

func TestWasmExecMissing(t *testing.T) {
	if _, err := wrapWasmExec(t.TempDir()); err == nil {
		t.Fatal("no error for a GOROOT without wasm_exec.js")
	}
}
