package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
)

// publicVectors are tokens by keys that everybody knows, which JWKS, a server
// and npm's jose (internal/compat/jwks.test.mjs) must judge alike.
type publicVectors struct {
	// Keys are private keys: "eddsa" signs, "es256" did before and is still
	// accepted, "revoked" was and is not, "other" is another project's.
	Keys map[string]privateJWK `json:"keys"`
	// UserID is the user that the tokens are of.
	UserID string        `json:"userId"`
	Tokens []publicToken `json:"tokens"`
}

type privateJWK struct {
	Type    string `json:"kty"`
	Curve   string `json:"crv"`
	X       string `json:"x"`
	Y       string `json:"y,omitempty"`
	Private string `json:"d"`
}

type publicToken struct {
	Name  string `json:"name"`
	Token string `json:"token"`
	Good  bool   `json:"good"`
	// Except are those that judge the token otherwise: "auth", "server" or
	// "jose"; Because says why that is right.
	Except  []string `json:"except,omitempty"`
	Because string   `json:"because,omitempty"`
}

// good reports whether the token is good for one of the three.
func (v publicToken) good(who string) bool { return v.Good != slices.Contains(v.Except, who) }

const publicVectorsFile = "../testdata/publickeys.json"

func readPublicVectors(t testing.TB) publicVectors {
	t.Helper()
	data, err := os.ReadFile(publicVectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var vs publicVectors
	if err := json.Unmarshal(data, &vs); err != nil {
		t.Fatal(err)
	}
	return vs
}

// key is the key of a private JWK.
func (k privateJWK) key(t testing.TB) *userjwt.Key {
	t.Helper()
	secret, err := base64.RawURLEncoding.DecodeString(k.Private)
	if err != nil {
		t.Fatal(err)
	}
	algorithm := userjwt.EdDSA
	if k.Type == "EC" {
		algorithm = userjwt.ES256
	}
	made, err := userjwt.NewKey(algorithm, secret)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// serveVectors starts a server whose projects have the vectors' keys.
func serveVectors(t *testing.T, vs publicVectors) *isojottest.Server {
	t.Helper()
	srv := isojottest.NewServer(t, isojottest.WithProjects(server.Project{ID: "demo"}, server.Project{ID: "other"}))
	keys := srv.Handler.(*server.Server).Keys()
	for _, r := range []struct {
		project, key string
		server.Rotation
	}{
		{"demo", "revoked", server.Rotation{}},
		{"demo", "es256", server.Rotation{Revoke: true}},
		{"demo", "eddsa", server.Rotation{AtOnce: true}},
		{"other", "other", server.Rotation{}},
	} {
		r.Private = vs.Keys[r.key].key(t).Private()
		if _, err := keys.Rotate(t.Context(), r.project, r.Rotation); err != nil {
			t.Fatal(err)
		}
	}
	srv.Seed(isojottest.User{ID: vs.UserID, Email: "u1@example.com"})
	return srv
}

// TestPublicKeyVectors holds that JWKS and a server judge the tokens as the
// file says, and that where they differ it says why.
func TestPublicKeyVectors(t *testing.T) {
	vs := readPublicVectors(t)
	srv := serveVectors(t, vs)
	verifier, err := auth.NewJWKS(srv.URL + server.JWKSPath(srv.Project))
	if err != nil {
		t.Fatal(err)
	}
	if len(vs.Tokens) < 50 {
		t.Errorf("only %d tokens", len(vs.Tokens))
	}
	for _, v := range vs.Tokens {
		t.Run(v.Name, func(t *testing.T) {
			if (v.Because == "") != (len(v.Except) == 0) {
				t.Errorf("the exceptions are %v, because %q", v.Except, v.Because)
			}
			caller, err := verifier.Verify(t.Context(), v.Token)
			if (err == nil) != v.good("auth") || err != nil && !errors.Is(err, auth.ErrRefused) {
				t.Errorf("JWKS: %v", err)
			}
			if err == nil && v.good("server") && caller.UserID != vs.UserID {
				t.Errorf("JWKS: user %s", caller.UserID)
			}
			status, body := askServer(t, srv, v.Token)
			if (status == http.StatusOK) != v.good("server") || status != http.StatusOK && status != http.StatusUnauthorized {
				t.Errorf("the server answers %d %s", status, body)
			}
			if status == http.StatusOK && !strings.Contains(body, `"$id":"`+vs.UserID+`"`) {
				t.Errorf("the server answers %s", body)
			}
		})
	}
}

// askServer is what GET /account answers to a token.
func askServer(t *testing.T, srv *isojottest.Server, token string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/account", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Appwrite-Project", srv.Project)
	request.Header.Set("X-Appwrite-JWT", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
