package server

import (
	"path/filepath"
	"strings"
	"testing"
)

// A second server on a data directory would take what the first has under way
// for what a dead one left.
func TestADataDirectoryHasOneServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	o := Options{DataDir: dir, PasswordCost: cheap}
	first, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), `another server uses the data directory "`+dir+`": stop that one, or choose another directory (--data)`) {
			t.Errorf("a second server: %v", err)
		}
	}
	keys, err := OpenKeyring(t.Context(), dir)
	if err != nil {
		t.Fatalf("a keyring beside the server: %v", err)
	}
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := New(t.Context(), o)
	if err != nil {
		t.Fatalf("after the first one's end: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}
