package isojottest_test

import (
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

// A program's user signs in at the provider that every server of a test has.
func TestSignInAtProvider(t *testing.T) {
	t.Parallel()
	srv := isojottest.NewServer(t)
	client, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	account := client.Account
	ask := isojot.CreateOAuth2Session{Provider: isojottest.DevProvider, Success: "http://localhost:3000/done?a=1", Failure: "http://localhost:3000/failed"}
	start, err := account.CreateOAuth2Token(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	end := srv.SignInAtProvider(start, isojottest.ProviderUser{Email: "ann@example.com", Name: "Ann"})
	if end.Path != "/done" || end.Query().Get("a") != "1" {
		t.Fatalf("the browser ends at %s", end)
	}
	session, err := account.CreateSession(t.Context(), isojot.CreateSession{UserID: end.Query().Get("userId"), Secret: end.Query().Get("secret")})
	if err != nil || session.Provider != isojottest.DevProvider || session.UserID != end.Query().Get("userId") {
		t.Errorf("%+v, %v", session, err)
	}
	if end := srv.SignInAtProvider(start, isojottest.ProviderUser{Email: "ann@example.com", Unverified: true}); end.Path != "/done" {
		t.Errorf("who is known already ends at %s", end)
	}
	srv.Seed(isojottest.User{Email: "bob@example.com"})
	if end := srv.SignInAtProvider(start, isojottest.ProviderUser{Email: "bob@example.com", Unverified: true}); end.Path != "/failed" {
		t.Errorf("an address that is not verified ends at %s", end)
	}
}
