package server

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The storage is healthy as long as it takes a file, of which nothing is left.
func TestHealthStorage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := newFixture(t, withKey, func(o *Options) { o.Memory, o.DataDir = false, dir })
	before := names(t, dir)
	f.must(200, "GET", "/v1/health/storage", byTestKey, "")
	if after := names(t, dir); !slices.Equal(before, after) {
		t.Errorf("the data directory holds %q, held %q", after, before)
	}
	f.options.DataDir = filepath.Join(dir, "gone")
	f.must(500, "GET", "/v1/health/storage/local", byTestKey, "")
}

// names are the files of a directory.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
