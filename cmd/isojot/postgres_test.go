package main

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/pgtest"
)

// passwordOf is the password of a database's URL, which nothing may show.
func passwordOf(t *testing.T, databaseURL string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	if len(password) < 20 {
		t.Fatal("the database has no password to look for")
	}
	return password
}

// A server on PostgreSQL signs up, signs in, makes a JWT and ends the session;
// what it prints and logs does not have the URL's password. The key commands
// work on the same database.
func TestServePostgres(t *testing.T) {
	database := pgtest.New(t)
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--database-url", database, "--dev")
	lines := p.until(t, "token")
	got := facts(lines)
	guest := clientOf(t, got["endpoint"])
	if _, err := guest.Account.Create(t.Context(), isojot.CreateAccount{UserID: "ann", Email: "ann@example.com", Password: "password123"}); err != nil {
		t.Fatal(err)
	}
	session, err := guest.Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "ann@example.com", Password: "password123"})
	if err != nil {
		t.Fatal(err)
	}
	ann := clientOf(t, got["endpoint"], isojot.WithSession(session.Secret))
	jwt, err := ann.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	service := clientOf(t, got["endpoint"], isojot.WithJWT(jwt.JWT))
	if user, err := service.Account.Get(t.Context()); err != nil || user.ID != "ann" {
		t.Errorf("by the JWT: %v, %v", user, err)
	}
	said := strings.Join(lines, "\n") + useKeys(t, database, jwt.JWT)
	if err := ann.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Error(err)
	}
	if _, err := service.Account.Get(t.Context()); !errors.Is(err, isojot.ErrUnauthorizedScope) {
		t.Errorf("by the JWT of a session that has ended: %v", err)
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if said += p.stderr.String(); strings.Contains(said, passwordOf(t, database)) {
		t.Errorf("it says %s", said)
	}
	if !strings.HasPrefix(got["data"], "postgres://127.0.0.1:") {
		t.Errorf("its data is %q", got["data"])
	}
}

// useKeys runs each command that works on a database, and returns what they
// say.
func useKeys(t *testing.T, database, jwt string) (said string) {
	t.Helper()
	for _, args := range []string{"key create --name backend", "key list", "key jwt --format hex", "key rotate --alg EdDSA",
		"key claims iat", "jwt mint --user ann", "jwt verify " + jwt} {
		code, stdout, stderr := runFor(t, append(strings.Fields(args), "--database-url", database)...)
		if code != 0 || stdout == "" {
			t.Errorf("%s: code %d, %s", args, code, stderr)
		}
		said += stdout + stderr
	}
	if code, _, stderr := runFor(t, "key", "revoke", "--database-url", database, "nothing"); code != exitFailure || !strings.Contains(stderr, "no key") {
		t.Errorf("key revoke: code %d, %s", code, stderr)
	}
	return said
}

// clientOf is a client of a server.
func clientOf(t *testing.T, endpoint string, options ...isojot.Option) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient(endpoint, "demo", options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
