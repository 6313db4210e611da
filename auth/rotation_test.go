package auth_test

import (
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
)

// A verifier that keeps a key set for its 10 minutes takes the tokens of a
// rotated key from the first one on, those of the key before until they
// expire, and after that none that the old key could sign.
func TestJWKSFollowsRotation(t *testing.T) {
	srv, base := service(t)
	srv.Freeze()
	rotate := rotatesTo(t, srv, "EdDSA")
	srv.Seed(isojottest.User{ID: "ann", Email: "ann@example.com"})
	client, err := base.With(isojot.WithSession(srv.CreateSession("ann")))
	if err != nil {
		t.Fatal(err)
	}
	create := func(d time.Duration) string {
		t.Helper()
		made, err := client.Account.CreateJWT(t.Context(), isojot.CreateJWT{Duration: d})
		if err != nil {
			t.Fatal(err)
		}
		return made.JWT
	}
	// With leeway, what ends a token on time is that its key is gone.
	j := jwks(t, srv.URL+server.JWKSPath(srv.Project), auth.WithClock(srv.Now), auth.WithLeeway(auth.MaxLeeway))
	good := func(token string) {
		t.Helper()
		caller, err := j.Verify(t.Context(), token)
		wantUser(t, caller, err, "ann")
	}
	good(create(time.Minute))

	rotate(server.Rotation{})
	srv.Advance(15*time.Minute - time.Second)
	last := create(time.Hour)
	good(last) // the set is fetched anew, and has the next key already
	srv.Advance(time.Second)
	good(create(time.Minute))
	srv.Advance(time.Hour - 2*time.Second)
	good(last)
	srv.Advance(2 * time.Second)
	j2 := jwks(t, srv.URL+server.JWKSPath(srv.Project), auth.WithClock(srv.Now), auth.WithLeeway(auth.MaxLeeway))
	_, err = j2.Verify(t.Context(), last)
	wantRefused(t, err, isojot.ReasonUnknown, last)
}

// A project that gives up its public keys publishes none. Their tokens are
// refused once the set is due, as they are at the project itself at once.
func TestJWKSFollowsTheLastKeysWithdrawal(t *testing.T) {
	srv, base := service(t)
	srv.Freeze()
	rotate := rotatesTo(t, srv, "EdDSA")
	_, token := signIn(t, srv, base, "ann")
	j := jwks(t, srv.URL+server.JWKSPath(srv.Project), auth.WithClock(srv.Now))
	caller, err := j.Verify(t.Context(), token)
	wantUser(t, caller, err, "ann")
	rotate(server.Rotation{Algorithm: "HS256", Revoke: true})
	srv.Advance(auth.DefaultMaxAge) // within the token's life
	_, err = j.Verify(t.Context(), token)
	wantRefused(t, err, isojot.ReasonUnknown, token)
}

// rotatesTo has the server's project sign by the algorithm, and returns what
// rotates its key again.
func rotatesTo(t *testing.T, srv *isojottest.Server, algorithm string) (rotate func(server.Rotation)) {
	t.Helper()
	keys := srv.Handler.(*server.Server).Keys()
	rotate = func(r server.Rotation) {
		t.Helper()
		if _, err := keys.Rotate(t.Context(), srv.Project, r); err != nil {
			t.Fatal(err)
		}
	}
	rotate(server.Rotation{Algorithm: algorithm})
	return rotate
}
