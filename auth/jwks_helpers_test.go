package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot/auth"
)

func ed25519Key(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func p256Key(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

type members map[string]any

// public is the JWK of a private key, with more members or others.
func public(t testing.TB, kid string, private crypto.Signer, more members) members {
	t.Helper()
	enc := base64.RawURLEncoding
	out := members{"kid": kid, "use": "sig"}
	switch key := private.Public().(type) {
	case ed25519.PublicKey:
		maps.Copy(out, members{"kty": "OKP", "crv": "Ed25519", "x": enc.EncodeToString(key)})
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(out, members{
			"kty": "EC", "crv": "P-256", "x": enc.EncodeToString(point[1:33]), "y": enc.EncodeToString(point[33:]),
		})
	}
	maps.Copy(out, more)
	return out
}

func set(t testing.TB, keys ...members) string {
	t.Helper()
	body, err := json.Marshal(members{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// signed is a token by that method; a kid of "" is left out.
func signed(t testing.TB, method jwt.SigningMethod, private any, kid, payload string) string {
	t.Helper()
	header := members{"alg": method.Alg()}
	if kid != "" {
		header["kid"] = kid
	}
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	part := unsigned(string(text), payload)
	signature, err := method.Sign(part, private)
	if err != nil {
		t.Fatal(err)
	}
	return part + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// issuer serves a key set that tests change.
type issuer struct {
	url     string
	fetches atomic.Int64

	mu     sync.Mutex
	status int
	body   string
}

func newIssuer(t testing.TB, body string) *issuer {
	t.Helper()
	i := &issuer{status: 200, body: body}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.fetches.Add(1)
		i.mu.Lock()
		defer i.mu.Unlock()
		w.WriteHeader(i.status)
		fmt.Fprint(w, i.body)
	}))
	t.Cleanup(srv.Close)
	i.url = srv.URL
	return i
}

func (i *issuer) serve(status int, body string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.status, i.body = status, body
}

func jwks(t testing.TB, url string, opts ...auth.JWKSOption) *auth.JWKS {
	t.Helper()
	j, err := auth.NewJWKS(url, append([]auth.JWKSOption{at(now)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}
