package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// safejsPath is the one dependency of the browser program.
const safejsPath = "github.com/hack-pad/safejs"

// plainStackerr takes the place of safejs's package of that name, which adds
// stack traces to what "%+v" prints of an error.
const plainStackerr = `//go:build js && wasm

// Package stackerr adds nothing to errors here.
package stackerr

// WithStack returns err.
func WithStack(err error) error { return err }
`

// fmtEdits are what else of safejs needs package fmt, by file: the text of a
// panic with a value that is no error, which syscall/js has not, and those of
// InstanceOf. Each is followed by what takes its place.
var fmtEdits = map[string][]string{
	"internal/catch/catch.go": {
		`"fmt"`, `"errors"`,
		`fmt.Errorf("%+v", value)`, `errors.New("panic with a value that is no error")`,
	},
	"value.go": {
		`"fmt"`, `"errors"`,
		`fmt.Errorf("invalid type for instanceof: %v", t.Type())`, `errors.New("invalid type for instanceof")`,
		`fmt.Errorf("invalid constructor type for instanceof: %v", err)`, `errors.New("invalid constructor type for instanceof")`,
		`fmt.Errorf("invalid constructor type for instanceof: %v", prototype.Type())`, `errors.New("invalid constructor type for instanceof")`,
	},
}

// withoutFmt makes a go.mod that is the repository's but for safejs, which it
// takes from a copy that does without package fmt. fmt and what it brings
// (reflection, the operating system) would add 90 kB to what a page downloads.
// It returns the flag that makes the go command use it. Both lie in bin: the
// copy's path gets into the program, and must be the same in every clone.
func withoutFmt(ctx context.Context, repo string) (flag string, err error) {
	source, err := moduleDir(ctx, repo, nil, safejsPath)
	if err != nil {
		return "", err
	}
	copied := filepath.Join(repo, "bin", "safejs")
	if err := os.RemoveAll(copied); err != nil {
		return "", err
	}
	if err := copyTree(source, copied); err != nil {
		return "", err
	}
	if err := leaveOutFmt(copied); err != nil {
		return "", fmt.Errorf("%s is not as internal/build/safejs.go knows it: %w", safejsPath, err)
	}
	mod := filepath.Join(repo, "bin", "wasm.mod")
	for _, kind := range []string{"mod", "sum"} {
		if err := copyFile(filepath.Join(repo, "go."+kind), filepath.Join(repo, "bin", "wasm."+kind)); err != nil {
			return "", err
		}
	}
	_, err = goTool(ctx, repo, nil, "mod", "edit", "-replace", safejsPath+"=./bin/safejs", mod)
	return "-modfile=" + mod, err
}

// moduleDir is where the source of a module lies that the repository requires.
// It is downloaded first: where nothing was built yet, `go list` alone knows of
// no folder.
func moduleDir(ctx context.Context, repo string, env []string, path string) (string, error) {
	if _, err := goTool(ctx, repo, env, "mod", "download", path); err != nil {
		return "", err
	}
	out, err := goTool(ctx, repo, env, "list", "-m", "-f", "{{.Dir}}", path)
	return strings.TrimSpace(out), err
}

// leaveOutFmt changes the copy of safejs.
func leaveOutFmt(copied string) error {
	stackerr := filepath.Join(copied, "internal", "stackerr", "stackerr.go")
	if _, err := os.Stat(stackerr); err != nil {
		return err
	}
	if err := os.WriteFile(stackerr, []byte(plainStackerr), 0o644); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(fmtEdits)) {
		if err := edit(filepath.Join(copied, filepath.FromSlash(name)), fmtEdits[name]); err != nil {
			return err
		}
	}
	return nil
}

// edit replaces texts of a file, each of which it must have once.
func edit(path string, edits []string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i := 0; i < len(edits); i += 2 {
		if n := strings.Count(string(source), edits[i]); n != 1 {
			return fmt.Errorf("%q occurs %d times in %s instead of once", edits[i], n, filepath.Base(path))
		}
	}
	return os.WriteFile(path, []byte(strings.NewReplacer(edits...).Replace(string(source))), 0o644)
}

// copyTree copies the module's files, writable: those of the module cache are
// not.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
