//go:build !js

package isojot_test

import (
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

// TestWithHTTPClient holds that a program's own client brings its transport
// and timeout, but neither its cookies nor its readiness to follow redirects.
func TestWithHTTPClient(t *testing.T) {
	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ada", Email: "ada@example.com"})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := &http.Client{Jar: jar, Timeout: time.Minute}
	c, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithHTTPClient(own))
	if err != nil {
		t.Fatal(err)
	}
	credentials := isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: isojottest.DefaultPassword}
	// With the jar, the second sign-in would carry the first one's session and
	// be refused.
	for range 2 {
		if _, err := c.Account.CreateEmailPasswordSession(t.Context(), credentials); err != nil {
			t.Fatal(err)
		}
	}
	endpoint, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	if kept := jar.Cookies(endpoint); len(kept) != 0 {
		t.Errorf("the jar holds %d cookies", len(kept))
	}
	if own.Jar == nil || own.CheckRedirect != nil {
		t.Error("the program's own client was changed")
	}

	moved, err := isojot.NewClient(servers(t).peer+"/redirect/v1", "demo", isojot.WithHTTPClient(own), isojot.WithSession("s"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := moved.Account.Get(t.Context()); !errors.Is(err, isojot.ErrBadResponse) {
		t.Errorf("after a redirect: %v", err)
	}
	if _, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithHTTPClient(nil)); !errors.Is(err, isojot.ErrInvalidArgument) {
		t.Errorf("nil: %v", err)
	}
}
