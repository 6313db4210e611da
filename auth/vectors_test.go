package auth_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/internal/userjwt"
)

type vector struct {
	Name, Token, UserID, SessionID, Error string
	Exp                                   int64
}

func vectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("../testdata/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(data, &vs); err != nil {
		t.Fatal(err)
	}
	return vs
}

// sign gives a vector a good signature, and keeps what follows its own.
func (v vector) sign() string {
	parts := strings.Split(v.Token, ".")
	if len(parts) != 3 || parts[2] == "" {
		return v.Token
	}
	const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return hs256(parts[0]+"."+parts[1], key) + strings.TrimLeft(parts[2], base64url)
}

// Of the vectors that Decode reads, those that never verify.
var neverVerified = []string{"another algorithm, which is for a verifier to judge", "a key id that tries a path"}

// Those that do in 1970 alone: by their exp and iat of 1.
var verifiedIn1970 = []string{"expired long ago", "more claims than we know"}

// TestVectors signs each vector anew and holds that Local and the server say the
// same of it. In 1970 none has expired, so that the
// hostile ones are refused for what is wrong with them.
func TestVectors(t *testing.T) {
	in2026 := time.Unix(1795449600-900, 0) // the exp of most of them, less 15 minutes
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			reads := v.Error == "" && !slices.Contains(neverVerified, v.Name)
			testVector(t, v, time.Unix(0, 0), reads)
			testVector(t, v, in2026, reads && !slices.Contains(verifiedIn1970, v.Name))
		})
	}
}

// serverRing is the keys of a project whose one key has that secret.
func serverRing(t testing.TB, a userjwt.Algorithm, secret []byte) userjwt.Ring {
	t.Helper()
	k, err := userjwt.NewKey(a, secret)
	if err != nil {
		t.Fatal(err)
	}
	return userjwt.Ring{{Key: k}}
}

// testVector holds that both take the vector, or that both refuse it.
func testVector(t *testing.T, v vector, clock time.Time, want bool) {
	t.Helper()
	l, err := auth.NewLocal(key, at(clock))
	if err != nil {
		t.Fatal(err)
	}
	jwt := v.sign()
	caller, err := l.Verify(t.Context(), jwt)
	_, serverErr := serverRing(t, userjwt.HS256, key).Verify(jwt, clock)
	if (err == nil) != want || (serverErr == nil) != want {
		t.Fatalf("at %v: %v, the server: %v", clock, err, serverErr)
	}
	if err != nil {
		if !errors.Is(err, auth.ErrRefused) {
			t.Errorf("at %v: %v", clock, err)
		}
		return
	}
	if caller.UserID != v.UserID || caller.SessionID != v.SessionID || caller.Expiry.Unix() != v.Exp {
		t.Errorf("at %v: caller %v, expiry %v; want %+v", clock, caller, caller.Expiry, v)
	}
}

// TestListsNameVectors holds that the lists above have no name that is gone.
func TestListsNameVectors(t *testing.T) {
	var names []string
	for _, v := range vectors(t) {
		names = append(names, v.Name)
	}
	for _, name := range slices.Concat(neverVerified, verifiedIn1970) {
		if !slices.Contains(names, name) {
			t.Errorf("there is no vector %q", name)
		}
	}
}
