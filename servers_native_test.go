//go:build !js

package isojot_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/isojot/isojot/internal/testpeer"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
)

// addresses are the servers that tests call.
type addresses struct{ api, peer, dead string }

// showsSetCookie tells whether the platform lets programs see Set-Cookie.
func showsSetCookie() bool { return true }

// servers starts them for the test.
func servers(t *testing.T) addresses {
	t.Helper()
	peer := httptest.NewServer(testpeer.Handler())
	t.Cleanup(peer.Close)
	dead := httptest.NewServer(nil)
	dead.Close()
	return addresses{api: isojottest.NewServer(t, echoFunction).URL, peer: peer.URL, dead: dead.URL}
}

// echoFunction is the function that internal/testpeer/run has, too.
var echoFunction = isojottest.WithFunctions(server.Function{ID: "echo", Handler: http.HandlerFunc(testpeer.Function), Execute: []string{"any"}})
