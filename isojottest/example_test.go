package isojottest_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

// A test of a service that acts for users by their JWTs: the JWT works, and
// when the clock has moved by its 15 minutes it does not.
func Example() {
	var t *testing.T // the test's own

	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com", Name: "Ann"})
	client, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}

	browser, err := client.With(isojot.WithSession(srv.CreateSession("ann")))
	if err != nil {
		t.Fatal(err)
	}
	jwt, err := browser.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}

	service, err := client.With(isojot.WithJWT(jwt.JWT))
	if err != nil {
		t.Fatal(err)
	}
	if user, err := service.Account.Get(t.Context()); err != nil || user.Name != "Ann" {
		t.Errorf("Get = %v, %v", user, err)
	}
	srv.Advance(15 * time.Minute)
	if _, err := service.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUserJWTInvalid) {
		t.Errorf("Get with an expired JWT: %v", err)
	}
}

// A test of an app whose users forget their passwords: it follows the link of
// the mail that the server would send.
func ExampleServer_NextMail() {
	var t *testing.T // the test's own

	srv := isojottest.NewServer(t)
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com", Name: "Ann"})
	client, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Account.CreateRecovery(t.Context(), isojot.CreateRecovery{Email: "ann@example.com", URL: "http://localhost/recover"}); err != nil {
		t.Fatal(err)
	}

	link, err := url.Parse(srv.NextMail(t, "ann@example.com").Links[0])
	if err != nil {
		t.Fatal(err)
	}
	secret := link.Query().Get("secret")
	_, err = client.Account.UpdateRecovery(t.Context(), isojot.UpdateRecovery{UserID: "ann", Secret: secret, Password: "another password"})
	if err != nil {
		t.Error(err)
	}
}
