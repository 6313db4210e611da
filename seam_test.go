package isojot_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestOnlyTheTransportIsTagged keeps the seam at the bottom: of this package's
// files only the two transports may differ between platforms.
func TestOnlyTheTransportIsTagged(t *testing.T) {
	seam := map[string]bool{"transport_js.go": true, "transport_native.go": true}
	suffix := regexp.MustCompile(`_(js|wasm|linux|darwin|windows|unix|native)\.go$`)
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tagged := suffix.MatchString(name) || strings.Contains("\n"+string(source), "\n//go:build ")
		if tagged != seam[name] {
			t.Errorf("%s: platform-dependent is %v, want %v", name, tagged, seam[name])
		}
		if tagged {
			found++
		}
	}
	if found != len(seam) {
		t.Errorf("%d of the %d files of the seam were found", found, len(seam))
	}
}
