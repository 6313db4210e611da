package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// What fails because its caller went away is no error of the server, whatever
// the database calls it; what fails for a caller that waits is one.
func TestCallersThatLeaveAreNoErrors(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := newFixture(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	for _, gone := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		interrupted := endpoint{anywhere: true, handle: func(*call) error {
			if gone {
				cancel()
			}
			return errors.New("store: sqlite3: interrupted")
		}}
		log.Reset()
		f.handler(interrupted).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/v1/account", nil))
		if logged := strings.Contains(log.String(), "level=ERROR"); logged == gone {
			t.Errorf("gone %v: logged %q", gone, log.String())
		}
	}
}
