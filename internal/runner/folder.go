package runner

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Function is one that a Folder holds.
type Function struct {
	// ID is its folder's name.
	ID string
	// Dir is its folder, absolute.
	Dir string
	*Manifest
	Runner Runner
}

// Folder is a folder of functions, each a folder with a manifest. It is safe for
// concurrent use.
//
// Each time it is asked it looks at the manifests' times and sizes, and reads
// again those that changed: there is no watcher, and an edit takes effect with the
// next call. The functions' code is read by each run's own process anyway.
type Folder struct {
	path   string
	config Config

	mu     sync.Mutex
	loaded map[string]loaded
}

// loaded is a function with the file that it was read from.
type loaded struct {
	*Function
	info fs.FileInfo
}

// OpenFolder reads all functions in path. c applies to all of them; a manifest
// overrides it.
func OpenFolder(path string, c Config) (*Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f := &Folder{path: path, config: c, loaded: map[string]loaded{}}
	if _, err := f.Functions(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Functions are all functions as they are now, by id. A function whose manifest
// became faulty by a change stays as it was, and the error says so.
func (f *Folder) Functions() ([]*Function, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, fmt.Errorf("functions: %w", err)
	}
	ids := map[string]bool{}
	var errs []error
	for _, entry := range entries {
		ids[entry.Name()] = true
		errs = append(errs, f.refresh(entry.Name()))
	}
	for id := range f.loaded {
		if !ids[id] {
			errs = append(errs, f.remove(id))
		}
	}
	var all []*Function
	for _, l := range f.loaded {
		all = append(all, l.Function)
	}
	slices.SortFunc(all, func(a, b *Function) int { return cmp.Compare(a.ID, b.ID) })
	return all, errors.Join(errs...)
}

// Function is the function id as it is now, or nil where there is none. With an
// error it is as it was before its manifest was changed, nil where it never was.
func (f *Folder) Function(id string) (*Function, error) {
	if !functionID.MatchString(id) {
		return nil, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.refresh(id)
	return f.loaded[id].Function, err
}

// Close closes all runners.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for id := range f.loaded {
		errs = append(errs, f.remove(id))
	}
	return errors.Join(errs...)
}

// refresh reads the function id again if its manifest changed.
func (f *Folder) refresh(id string) error {
	dir := filepath.Join(f.path, id)
	path := filepath.Join(dir, ManifestName)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || isNotDir(dir) {
		return f.remove(id) // no function, or no more
	}
	if err != nil {
		return fmt.Errorf("function %s: %w", id, err)
	}
	old, ok := f.loaded[id]
	if ok && sameFile(old.info, info) {
		return nil
	}
	function, err := f.read(id, dir, path)
	if err != nil {
		return fmt.Errorf("function %s: %s: %w", id, ManifestName, err)
	}
	f.loaded[id] = loaded{function, info}
	if ok {
		return old.Runner.Close()
	}
	return nil
}

func isNotDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

func (f *Folder) remove(id string) error {
	old, ok := f.loaded[id]
	if !ok {
		return nil
	}
	delete(f.loaded, id)
	return old.Runner.Close()
}

func (f *Folder) read(id, dir, path string) (*Function, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxManifest {
		return nil, fmt.Errorf("it is longer than %d bytes", maxManifest)
	}
	manifest, err := ParseManifest(id, data)
	if err != nil {
		return nil, err
	}
	runner, err := manifest.runner(f.config, dir)
	if err != nil {
		return nil, err
	}
	return &Function{ID: id, Dir: dir, Manifest: manifest, Runner: runner}, nil
}
