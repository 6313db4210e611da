package locale_test

import (
	"os"
	"testing"
)

// endpoint is that of a server with the project demo, which
// internal/testpeer/run has started: WebAssembly cannot listen.
func endpoint(t *testing.T) string {
	t.Helper()
	url := os.Getenv("ISOJOT_ENDPOINT")
	if url == "" {
		t.Fatal("ISOJOT_ENDPOINT is not set: run this by `make test-wasm`")
	}
	return url
}
