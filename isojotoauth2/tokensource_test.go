package isojotoauth2_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojotoauth2"
	"github.com/isojot/isojot/isojottest"
)

// sessionTokens is a source for the session of a new user.
func sessionTokens(t *testing.T, srv *isojottest.Server) *isojot.SessionTokens {
	t.Helper()
	ids := srv.Seed(isojottest.User{Email: "ann@example.com"})
	client, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithSession(srv.CreateSession(ids[0])))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := client.Account.TokenSource()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tokens.Close)
	return tokens
}

// A client with oauth2's transport sends the JWT; one JWT serves many calls.
func TestTransportSendsTheJWT(t *testing.T) {
	tokens := sessionTokens(t, isojottest.NewServer(t))
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Header.Get("Authorization"))
	}))
	defer echo.Close()
	hc := &http.Client{Transport: &oauth2.Transport{Source: isojotoauth2.TokenSource(t.Context(), tokens)}}
	for range 3 {
		res, err := hc.Get(echo.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if want := "Bearer " + tokens.Peek().JWT; err != nil || string(body) != want {
			t.Errorf("got %q, %v, want %q", body, err, want)
		}
	}
}

func TestExpiryAndErrorsPassThrough(t *testing.T) {
	tokens := sessionTokens(t, isojottest.NewServer(t))
	got, err := isojotoauth2.TokenSource(t.Context(), tokens).Token()
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(got.Expiry); left > 15*time.Minute || left < 14*time.Minute || !got.Valid() {
		t.Errorf("expires in %v", left)
	}
	tokens.Close()
	if _, err := isojotoauth2.TokenSource(t.Context(), tokens).Token(); !errors.Is(err, isojot.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := isojotoauth2.TokenSource(ctx, sessionTokens(t, isojottest.NewServer(t))).Token(); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that ended: %v", err)
	}
}
