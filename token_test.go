package isojot_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/isojot/isojot"
)

// TestDecodeVectors runs testdata/tokens.json.
func TestDecodeVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name, Token, UserID, SessionID, Error string
		Exp                                   int64
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 40 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		claims, err := isojot.Decode(v.Token)
		switch {
		case v.Error != "":
			if !errors.Is(err, isojot.ErrTokenMalformed) || !strings.Contains(err.Error(), v.Error) {
				t.Errorf("%s: error %v, want %q", v.Name, err, v.Error)
			}
		case err != nil:
			t.Errorf("%s: %v", v.Name, err)
		case claims.UserID != v.UserID || claims.SessionID != v.SessionID || claims.Expiry.Unix() != v.Exp:
			t.Errorf("%s: %+v", v.Name, claims)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiJ1MSIsImV4cCI6MX0.x")
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := isojot.Decode(token)
		if (claims == nil) == (err == nil) {
			t.Fatalf("%v, %v", claims, err)
		}
		if err == nil && (claims.UserID == "" || claims.Expiry.Unix() <= 0) {
			t.Fatalf("accepted %+v", claims)
		}
	})
}
