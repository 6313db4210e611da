package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The table of all operations is in programs that call some by name, and in no
// others: typed methods name their descriptors.
func TestTableIsLinkedWhereItIsUsed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		dir, pkg string
		want     bool
	}{
		{"", "./internal/compat/gorequests", true},
		{"examples/go-server", ".", false},
	} {
		program := filepath.Join(t.TempDir(), "program")
		if _, err := goTool(t.Context(), filepath.Join(repo(t), tc.dir), nil, "build", "-o", program, tc.pkg); err != nil {
			t.Fatal(err)
		}
		code, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(code, []byte("\nwebhooks.create POST /webhooks ")); got != tc.want {
			t.Errorf("%s%s has the table: %t, want %t", tc.dir, tc.pkg, got, tc.want)
		}
		if !bytes.Contains(code, []byte("account.get")) {
			t.Errorf("%s%s has no account.get: the test looks at the wrong program", tc.dir, tc.pkg)
		}
	}
}
