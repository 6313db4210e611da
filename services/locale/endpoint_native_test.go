//go:build !js

package locale_test

import (
	"testing"

	"github.com/isojot/isojot/isojottest"
)

// endpoint is that of a server with the project demo.
func endpoint(t *testing.T) string {
	t.Helper()
	return isojottest.NewServer(t).URL
}
