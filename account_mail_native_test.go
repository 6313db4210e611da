//go:build !js

package isojot_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

// parameters are those of the link of a mail.
func parameters(t *testing.T, srv *isojottest.Server, address string) url.Values {
	t.Helper()
	m := srv.NextMail(t, address)
	if len(m.Links) != 1 {
		t.Fatalf("the mail has the links %q, want one", m.Links)
	}
	link, err := url.Parse(m.Links[0])
	if err != nil {
		t.Fatal(err)
	}
	return link.Query()
}

// A user signs up by a magic link, and sets a first password by a recovery.
func TestMagicLinkAndRecovery(t *testing.T) {
	t.Parallel()
	const address, landing = "eve@example.com", "http://localhost/landing"
	srv := isojottest.NewServer(t)
	client, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	account := client.Account
	token, err := account.CreateMagicURLToken(t.Context(), isojot.CreateMagicURLToken{UserID: "eve", Email: address, URL: landing, Phrase: true})
	if err != nil || token.UserID != "eve" || token.Phrase == "" || token.Secret != "" {
		t.Fatalf("CreateMagicURLToken = %+v, %v", token, err)
	}
	link := parameters(t, srv, address)
	trade := isojot.CreateSession{UserID: link.Get("userId"), Secret: link.Get("secret")}
	session, err := account.CreateSession(t.Context(), trade)
	if err != nil || session.Provider != "magic-url" {
		t.Fatalf("CreateSession = %+v, %v", session, err)
	}
	browser, err := client.With(isojot.WithSession(srv.CreateSession("eve")))
	if err != nil {
		t.Fatal(err)
	}
	if user, err := browser.Account.Get(t.Context()); err != nil || !user.EmailVerification {
		t.Errorf("Get = %+v, %v", user, err)
	}
	if _, err := account.CreateRecovery(t.Context(), isojot.CreateRecovery{Email: address, URL: "https://evil.example"}); !errors.Is(err, isojot.ErrArgumentInvalid) {
		t.Errorf("a recovery that leads elsewhere: %v", err)
	}
	if _, err := account.CreateRecovery(t.Context(), isojot.CreateRecovery{Email: address, URL: landing}); err != nil {
		t.Fatal(err)
	}
	link = parameters(t, srv, address)
	if _, err := account.UpdateRecovery(t.Context(), isojot.UpdateRecovery{UserID: link.Get("userId"), Secret: link.Get("secret"), Password: "first-password"}); err != nil {
		t.Fatal(err)
	}
	fresh, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Account.CreateSession(t.Context(), trade); !errors.Is(err, isojot.ErrUserInvalidToken) {
		t.Errorf("the magic link, again: %v", err)
	}
	if _, err := fresh.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: address, Password: "first-password"}); err != nil {
		t.Error(err)
	}
}
