package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// placeholder is the one committed file in the assets folder: go:embed needs a
// folder that exists in a bare clone.
const placeholder = "placeholder.txt"

// browserFiles are what a page can load from the server: the two browser builds
// and the worker with their source maps, and the program.
var browserFiles = []string{"isojot.js", "isojot.js.map", "isojot.mjs", "isojot.mjs.map", "isojot.wasm", "worker.js", "worker.js.map"}

// assetsCommand fills cmd/isojot/assets with the page and the browser build and
// removes what is no longer part of them.
func assetsCommand(ctx context.Context, repo string, args []string, out io.Writer) error {
	if err := noArguments("assets", args); err != nil {
		return err
	}
	files, err := collectAssets(repo)
	if err != nil {
		return err
	}
	dir := filepath.Join(repo, "cmd", "isojot", "assets")
	if err := addCompressed(filepath.Join(repo, "js", "dist"), files, "isojot.wasm"); err != nil {
		return err
	}
	if err := syncFolder(dir, files); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "cmd/isojot/assets  %d files\n", len(files))
	return err
}

// collectAssets reads the files to embed, by their slash-separated path under
// the server's root.
func collectAssets(repo string) (map[string][]byte, error) {
	files := map[string][]byte{}
	page, err := os.ReadFile(filepath.Join(repo, "index.html"))
	if err != nil {
		return nil, err
	}
	files["index.html"] = page
	for _, name := range browserFiles {
		data, err := os.ReadFile(filepath.Join(repo, "js", "dist", name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("js/dist/%s is missing: run make js wasm first", name)
		}
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, addPageFolder(repo, files)
}

// addPageFolder adds what lies in page/, if there is such a folder.
func addPageFolder(repo string, files map[string][]byte) error {
	root := os.DirFS(repo)
	if _, err := fs.Stat(root, "page"); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fs.WalkDir(root, "page", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(root, path)
		return err
	})
}

// addCompressed adds the compressed forms of files[name], taking them from dir
// where they are there and current.
func addCompressed(dir string, files map[string][]byte, name string) error {
	for _, e := range encodings {
		old, err := os.ReadFile(filepath.Join(dir, name+e.suffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err == nil && e.holds(old, files[name]) {
			files[name+e.suffix] = old
			continue
		}
		if files[name+e.suffix], err = e.compress(files[name]); err != nil {
			return fmt.Errorf("%s%s: %w", name, e.suffix, err)
		}
	}
	return nil
}

// syncFolder makes dir hold files and the placeholder, and nothing else.
func syncFolder(dir string, files map[string][]byte) error {
	for path, data := range files {
		if err := writeIfChanged(filepath.Join(dir, filepath.FromSlash(path)), data); err != nil {
			return err
		}
	}
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if _, wanted := files[name]; wanted || name == placeholder {
			return nil
		}
		return os.Remove(path)
	})
}

// writeIfChanged leaves an equal file alone: its modification time is part of
// what tells go build that the binary is current. A new one appears at once in
// full, so that a build beside this one never embeds half a file.
func writeIfChanged(path string, data []byte) error {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	// The name begins with a dot: go:embed leaves such files out.
	temp, err := os.CreateTemp(filepath.Dir(path), "."+strings.TrimPrefix(filepath.Base(path), "."))
	if err != nil {
		return err
	}
	_, writeErr := temp.Write(data)
	err = errors.Join(writeErr, temp.Chmod(0o644), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
