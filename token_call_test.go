//go:build !js

package isojot_test

import (
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
)

// TestSignOutByTheTokenClient holds that a client that acts by the tokens of
// its own session lets go of them when it signs out, however it was made.
func TestSignOutByTheTokenClient(t *testing.T) {
	srv := isojottest.NewServer(t)
	id := srv.Seed(isojottest.User{Email: "ann@example.com"})[0]
	for name, client := range map[string]func(*isojot.Client, *isojot.SessionTokens) (*isojot.Client, error){
		"of the source": func(_ *isojot.Client, s *isojot.SessionTokens) (*isojot.Client, error) { return s.TokenClient(), nil },
		"by the session": func(c *isojot.Client, s *isojot.SessionTokens) (*isojot.Client, error) {
			return c.With(isojot.WithTokenSource(s))
		},
		"of its own": func(c *isojot.Client, s *isojot.SessionTokens) (*isojot.Client, error) {
			return c.With(isojot.WithTokenSource(s), isojot.WithLocale("de"))
		},
	} {
		signedIn, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithSession(srv.CreateSession(id)))
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := signedIn.Account.TokenSource()
		if err != nil {
			t.Fatal(err)
		}
		defer tokens.Close()
		c, err := client(signedIn, tokens)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Account.Get(t.Context()); err != nil || tokens.Peek() == nil {
			t.Fatalf("%s: %v, token %v", name, err, tokens.Peek())
		}
		if err := c.Account.DeleteSession(t.Context(), "current"); err != nil {
			t.Fatal(err)
		}
		if tokens.Peek() != nil {
			t.Errorf("%s: the token outlives the session", name)
		}
	}
}

// TestTokensAreNotToldOfOthers holds that a client of another session that
// acts by the tokens does not end them when it signs itself out.
func TestTokensAreNotToldOfOthers(t *testing.T) {
	srv := isojottest.NewServer(t)
	ids := srv.Seed(isojottest.User{Email: "ann@example.com"}, isojottest.User{Email: "bob@example.com"})
	ann, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithSession(srv.CreateSession(ids[0])))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := ann.Account.TokenSource()
	if err != nil {
		t.Fatal(err)
	}
	defer tokens.Close()
	bob, err := ann.With(isojot.WithSession(srv.CreateSession(ids[1])), isojot.WithTokenSource(tokens))
	if err != nil {
		t.Fatal(err)
	}
	if user, err := bob.Account.Get(t.Context()); err != nil || user.ID != ids[0] {
		t.Fatalf("Get by Ann's token: %v, %v", user, err)
	}
	if err := bob.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Fatal(err)
	}
	if tokens.Peek() == nil {
		t.Error("Bob's sign-out took Ann's token")
	}
}
