package isojot_test

import (
	"os"
	"testing"
)

// addresses are the servers that tests call.
type addresses struct{ api, peer, dead string }

// showsSetCookie tells whether the platform lets programs see Set-Cookie:
// browsers do not.
func showsSetCookie() bool { return os.Getenv("ISOJOT_TEST_BROWSER") == "" }

// servers reads where internal/testpeer/run started them: a program compiled
// to WebAssembly cannot listen.
func servers(t *testing.T) addresses {
	t.Helper()
	read := func(name string) string {
		value := os.Getenv(name)
		if value == "" {
			t.Fatalf("%s is not set: run this by `make test-wasm`", name)
		}
		return value
	}
	return addresses{api: read("ISOJOT_ENDPOINT"), peer: read("ISOJOT_TEST_PEER"), dead: read("ISOJOT_TEST_DEAD")}
}
