package auth_test

import (
	"fmt"
	"testing"

	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/internal/userjwt"
)

// FuzzLocal holds that Local takes no token that the server refuses, and reads
// the same claims from those that it takes.
func FuzzLocal(f *testing.F) {
	f.Add(`{"typ":"JWT","alg":"HS256"}`, claims(""))
	f.Add(`{"alg":"HS256","kid":"a"}`, claims(""))
	f.Add(`{"alg":"none"}`, claims(""))
	f.Add(`{"alg":"HS256"}`, claims(`,"nbf":1,"iat":`+fmt.Sprint(now.Unix())))
	f.Add(`{"alg":"HS256"}`, claims(`,"iat":1e3,"nbf":null,"sessionId":"s2"`))
	l, err := auth.NewLocal(key, at(now))
	if err != nil {
		f.Fatal(err)
	}
	server := serverRing(f, userjwt.HS256, key)
	f.Fuzz(func(t *testing.T, header, payload string) {
		jwt := hs256(unsigned(header, payload), key)
		caller, err := l.Verify(t.Context(), jwt)
		if err != nil {
			wantKind(t, err, auth.ErrRefused, jwt)
			return
		}
		want, err := server.Verify(jwt, now)
		if err != nil {
			t.Fatalf("Verify = %v; the server: %v", caller, err)
		}
		if got := (userjwt.Claims{UserID: caller.UserID, SessionID: caller.SessionID, Expiry: caller.Expiry.Unix()}); got != want {
			t.Errorf("claims %+v, the server's %+v", got, want)
		}
	})
}
