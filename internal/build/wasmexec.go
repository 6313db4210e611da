package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// wasmExecModule is what js/src imports to get Go's JavaScript runtime.
const wasmExecModule = "isojot:wasm_exec"

// scopeName is the parameter that stands for globalThis in the wrapped runtime.
const scopeName = "__isojotScope"

// scopedNames are the names that the host, not the language, gives a meaning
// to, and those whose meaning a caller may replace (Date and the timers, to
// move the program's time). In the wrapped runtime each is a property of the
// scope, looked up at each use.
var scopedNames = []string{
	"Date", "TextDecoder", "TextEncoder", "clearTimeout", "console", "crypto",
	"fs", "path", "performance", "process", "require", "setTimeout",
}

// presentNames are those that the runtime looks for first, to refuse the platform or to
// stand in for them. Neither is needed: js/src/engine/scope.js checks the platform,
// in words of its own, and the program uses no files but for output.
var presentNames = []string{"crypto", "performance", "TextEncoder", "TextDecoder", "fs", "process", "path"}

// unimported are the functions of the runtime that the browser program does not
// import, and a page need not load.
var unimported = []string{"syscall/js.valueDelete", "syscall/js.valueInstanceOf", "debug"}

// printing is what gives the scope its file system.
//
//go:embed output.js
var printing string

// wasmExecNotice keeps the notice that the runtime's licence asks for in the
// minified files.
const wasmExecNotice = "/*! contains wasm_exec.js of the Go distribution: Copyright 2018 The Go Authors, BSD-3-Clause, https://go.dev/LICENSE */\n"

// wasmExecPlugin resolves wasmExecModule to the wrapped wasm_exec.js of the
// toolchain in goroot: runtime and compiled program must come from one
// toolchain, since nothing promises that they fit otherwise.
func wasmExecPlugin(goroot string) api.Plugin {
	return moduleOf(wasmExecModule, func() (string, error) { return wrapWasmExec(goroot) })
}

// wrapWasmExec returns a module whose default export takes a scope object and
// returns the class Go bound to it. The class reads and writes that object
// where the original uses globalThis and the host's bare names, so that nothing
// reaches the page, any number of instances live side by side, and fetch, time
// and storage can differ from one to the next.
func wrapWasmExec(goroot string) (string, error) {
	source, err := readWasmExec(goroot)
	if err != nil {
		return "", err
	}
	for _, name := range unimported {
		if source, err = withoutFunction(source, name); err != nil {
			return "", err
		}
	}
	// Substitution by esbuild's parser, not by pattern: it leaves strings,
	// properties and local variables of these names alone.
	define := map[string]string{"globalThis": scopeName}
	for _, name := range presentNames {
		define["globalThis."+name] = "true"
	}
	for _, name := range scopedNames {
		define[name] = scopeName + "." + name
	}
	result := api.Transform(source, api.TransformOptions{Define: define, MinifySyntax: true, Engines: oldest, Sourcefile: "wasm_exec.js"})
	if len(result.Errors) > 0 {
		return "", messageError(result.Errors)
	}
	return fmt.Sprintf("%s%s\nexport default function (%s) {\nprintTo(%[3]s);\n%s\nreturn %[3]s.Go;\n}\n", wasmExecNotice, printing, scopeName, result.Code), nil
}

// withoutFunction is the runtime without a function that it offers to programs. The
// lines of one are between those that have its name and its last brace, which are
// indented alike.
func withoutFunction(source, name string) (string, error) {
	const indent = "\n\t\t\t\t\t"
	before, rest, found := strings.Cut(source, indent+`"`+name+`": (`)
	_, after, ended := strings.Cut(rest, indent+"},")
	if !found || !ended {
		return "", fmt.Errorf("wasm_exec.js is not as internal/build/wasmexec.go knows it: it has no function %q", name)
	}
	return before + after, nil
}

func readWasmExec(goroot string) (string, error) {
	path := filepath.Join(goroot, "lib", "wasm", "wasm_exec.js")
	source, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the Go toolchain's wasm_exec.js (install Go from https://go.dev/dl, some distributions leave the file out): %w", err)
	}
	return string(source), nil
}

// messageError turns esbuild's messages into one error with file and line.
func messageError(messages []api.Message) error {
	lines := api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return errors.New(strings.TrimSpace(strings.Join(lines, "")))
}
