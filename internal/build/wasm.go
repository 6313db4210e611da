package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// wasmEnv selects Go's WebAssembly target for JavaScript hosts.
var wasmEnv = []string{"GOOS=js", "GOARCH=wasm"}

// wasmFlags are the flags of every WebAssembly build, ours and those it is
// measured against. They leave out what a browser never needs (symbols, DWARF)
// and what would make two builds of one source differ (paths, build IDs, VCS
// stamps). The compiler's flags stay at their defaults.
var wasmFlags = []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="}

// wasmCommand compiles the browser program to js/dist/isojot.wasm, with its
// compressed forms beside it for servers that do not compress by themselves.
func wasmCommand(ctx context.Context, repo string, args []string, out io.Writer) error {
	if err := noArguments("wasm", args); err != nil {
		return err
	}
	target := filepath.Join(repo, "js", "dist", "isojot.wasm")
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := buildProgram(ctx, repo, target); err != nil {
		return err
	}
	dist := filepath.Dir(target)
	if err := compressProgram(dist, out); err != nil {
		return err
	}
	return seal(dist, out)
}

// compressProgram makes isojot.wasm.br and .gz in dist.
func compressProgram(dist string, out io.Writer) error {
	data, err := os.ReadFile(filepath.Join(dist, "isojot.wasm"))
	if err != nil {
		return err
	}
	files := map[string][]byte{"isojot.wasm": data}
	if err := addCompressed(dist, files, "isojot.wasm"); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writeIfChanged(filepath.Join(dist, name), files[name]); err != nil {
			return err
		}
		fmt.Fprintf(out, "js/dist/%-16s %d kB\n", name, kilobytes(int64(len(files[name]))))
	}
	// go build makes a program, which this is to no system.
	return os.Chmod(filepath.Join(dist, "isojot.wasm"), 0o644)
}

// buildProgram compiles the browser program to the file target.
func buildProgram(ctx context.Context, repo, target string) error {
	flags, err := programFlags(ctx, repo)
	if err != nil {
		return err
	}
	return buildJoined(ctx, repo, "./wasm", target, flags...)
}

// programFlags make the go command leave out of the browser program what it
// does without, such as what errors say to Go (internal/caller).
func programFlags(ctx context.Context, repo string) ([]string, error) {
	modfile, err := withoutFmt(ctx, repo)
	if err != nil {
		return nil, err
	}
	overlay, err := withoutTyped(repo)
	return []string{modfile, overlay, "-tags=javascript"}, err
}

// buildJoined is buildWasm, with the program's data segments joined.
func buildJoined(ctx context.Context, dir, pkg, target string, flags ...string) error {
	if err := buildWasm(ctx, dir, pkg, target, flags...); err != nil {
		return err
	}
	return joinFile(target)
}

// buildWasm compiles the package pkg, as seen from dir, to the file target.
func buildWasm(ctx context.Context, dir, pkg, target string, flags ...string) error {
	args := append([]string{"build", "-o", target}, wasmFlags...)
	args = append(args, flags...)
	_, err := goTool(ctx, dir, wasmEnv, append(args, pkg)...)
	return err
}

// kilobytes rounds n bytes to units of 1000 bytes.
func kilobytes(n int64) int64 { return (n + 500) / 1000 }
