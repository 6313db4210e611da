package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

func TestJWKSVerifies(t *testing.T) {
	ed, ec, second := ed25519Key(t), p256Key(t), p256Key(t)
	i := newIssuer(t, set(t,
		public(t, "ed", ed, members{"alg": "EdDSA"}),
		public(t, "ec", ec, members{"alg": "ES256", "key_ops": []string{"verify"}}),
		public(t, "second", second, nil),
		members{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "rsa"},
		members{"kty": "from the future", "kid": 7},
	))
	j := jwks(t, i.url)
	for name, token := range map[string]string{
		"EdDSA":             signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims("")),
		"ES256":             signed(t, jwt.SigningMethodES256, ec, "ec", claims("")),
		"ES256, second key": signed(t, jwt.SigningMethodES256, second, "second", claims("")),
		"no kid, one key":   signed(t, jwt.SigningMethodEdDSA, ed, "", claims("")),
	} {
		caller, err := j.Verify(t.Context(), token)
		if err != nil || caller.UserID != "ann" || caller.SessionID != "s1" {
			t.Errorf("%s: %v, %v", name, caller, err)
		}
	}
	wantCount(t, &i.fetches, 1)
}

func TestJWKSRefuses(t *testing.T) {
	ed, ec, other := ed25519Key(t), p256Key(t), p256Key(t)
	edPublic := []byte(ed.Public().(ed25519.PublicKey))
	i := newIssuer(t, set(t, public(t, "ed", ed, nil), public(t, "ec", ec, nil), public(t, "other", other, nil)))
	j := jwks(t, i.url)
	header := func(text string) string { return hs256(unsigned(text, claims("")), edPublic) }
	for name, token := range map[string]string{
		"another's key":             signed(t, jwt.SigningMethodES256, other, "ec", claims("")),
		"the key of another alg":    signed(t, jwt.SigningMethodES256, ec, "ed", claims("")),
		"HS256 by the public key":   header(`{"alg":"HS256","kid":"ed"}`),
		"its header changed after":  header(`{"alg":"EdDSA","kid":"ed"}`),
		"alg none":                  header(`{"alg":"none","kid":"ed"}`),
		"kid is a number":           header(`{"alg":"EdDSA","kid":1}`),
		"kid is empty":              header(`{"alg":"EdDSA","kid":""}`),
		"kid is a path":             header(`{"alg":"EdDSA","kid":"../../etc/passwd"}`),
		"no kid, two keys":          signed(t, jwt.SigningMethodES256, ec, "", claims("")),
		"a key in the header":       header(`{"alg":"EdDSA","kid":"own","jwk":{"kty":"oct","k":"AA"},"jku":"http://127.0.0.1:1"}`),
		"crit":                      header(`{"alg":"EdDSA","kid":"ed","crit":["exp"]}`),
		"expired":                   signed(t, jwt.SigningMethodEdDSA, ed, "ed", fmt.Sprintf(`{"userId":"ann","exp":%d}`, now.Unix())),
		"no exp":                    signed(t, jwt.SigningMethodEdDSA, ed, "ed", `{"userId":"ann"}`),
		"no userId":                 signed(t, jwt.SigningMethodEdDSA, ed, "ed", fmt.Sprintf(`{"sub":"ann","exp":%d}`, now.Unix()+9)),
		"ES256 in the form of ASN1": asn1Token(t, ec, "ec"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := j.Verify(t.Context(), token)
			wantKind(t, err, auth.ErrRefused, token)
		})
	}
}

// asn1Token has a signature as X.509 has it, and JWS does not (RFC 7518 section
// 3.4).
func asn1Token(t *testing.T, private *ecdsa.PrivateKey, kid string) string {
	t.Helper()
	text := unsigned(`{"alg":"ES256","kid":"`+kid+`"}`, claims(""))
	hash := crypto.SHA256.New()
	hash.Write([]byte(text))
	signature, err := ecdsa.SignASN1(rand.Reader, private, hash.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// A key that is not for verifying these tokens is not used.
func TestJWKSLeavesKeysOut(t *testing.T) {
	ec := p256Key(t)
	token := signed(t, jwt.SigningMethodES256, ec, "ec", claims(""))
	zero := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	for name, more := range map[string]members{
		"for encryption":           {"use": "enc"},
		"for signing only":         {"key_ops": []string{"sign"}},
		"for another algorithm":    {"alg": "RS256"},
		"private":                  {"d": zero},
		"not on the curve":         {"x": zero},
		"of another length":        {"x": "AQ"},
		"not base64url":            {"x": "+/"},
		"of another curve":         {"crv": "P-384"},
		"of another type":          {"kty": "RSA"},
		"of a member's wrong type": {"use": 1},
	} {
		t.Run(name, func(t *testing.T) {
			good := public(t, "good", ed25519Key(t), nil)
			j := jwks(t, newIssuer(t, set(t, public(t, "ec", ec, more), good)).url)
			_, err := j.Verify(t.Context(), token)
			wantRefused(t, err, isojot.ReasonUnknown, token)
		})
	}
}

func TestJWKSIssuerAndAudience(t *testing.T) {
	ed := ed25519Key(t)
	i := newIssuer(t, set(t, public(t, "ed", ed, nil)))
	j := jwks(t, i.url, auth.WithIssuer("https://issuer.example"), auth.WithAudience("orders"))
	for more, good := range map[string]bool{
		`,"iss":"https://issuer.example","aud":"orders"`:          true,
		`,"iss":"https://issuer.example","aud":["mail","orders"]`: true,
		`,"iss":"https://issuer.example","aud":"mail"`:            false,
		`,"iss":"https://issuer.example"`:                         false,
		`,"iss":"https://issuer.example/","aud":"orders"`:         false,
		`,"aud":"orders"`: false,
		`,"iss":["https://issuer.example"],"aud":"orders"`:           false,
		`,"iss":"https://issuer.example","aud":{"orders":"orders"}`:  false,
		`,"iss":"https://issuer.example","aud":"orders","iat":1`:     true, // however old
		`,"iss":"https://issuer.example","aud":"orders","nbf":9e300`: false,
	} {
		token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims(more))
		caller, err := j.Verify(t.Context(), token)
		if good {
			wantUser(t, caller, err, "ann")
			continue
		}
		wantKind(t, err, auth.ErrRefused, token)
	}
}

func TestJWKSLiveness(t *testing.T) {
	ed := ed25519Key(t)
	i := newIssuer(t, set(t, public(t, "ed", ed, nil)))
	ended := auth.VerifierFunc(func(context.Context, string) (*auth.Caller, error) { return nil, auth.ErrRefused })
	_, err := jwks(t, i.url, auth.WithLiveness(ended)).Verify(t.Context(), signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims("")))
	wantKind(t, err, auth.ErrRefused, "")
}

func TestNewJWKSRefusesWhatIsFaulty(t *testing.T) {
	const url = "https://issuer.example/jwks.json"
	for _, good := range []string{url, "http://localhost:1/x", "http://127.0.0.2/x", "http://[::1]:80/x"} {
		if err := jwksError(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for text, err := range map[string]error{
		"not absolute":         jwksError("/jwks.json"),
		"has a user name":      jwksError("https://user:secret@issuer.example/"),
		"or fragment":          jwksError(url + "#x"),
		"not https":            jwksError("http://issuer.example/jwks.json"),
		"is not https (http":   jwksError("file://localhost/etc/passwd"),
		"max age: 59.9":        jwksError(url, auth.MaxAge(time.Minute-1)),
		"max age: 24h0m0.0":    jwksError(url, auth.MaxAge(24*time.Hour+1)),
		"cool-down: 999":       jwksError(url, auth.Cooldown(time.Second-1)),
		"cool-down: 1m0.0":     jwksError(url, auth.Cooldown(time.Minute+1)),
		"HTTP client: nil":     jwksError(url, auth.WithHTTPClient(nil)),
		`issuer: ""`:           jwksError(url, auth.WithIssuer("")),
		`audience: ""`:         jwksError(url, auth.WithAudience("")),
		"leeway: 5m0.0":        jwksError(url, auth.WithLeeway(auth.MaxLeeway+1)),
		"clock: nil; leave":    jwksError(url, auth.WithClock(nil)),
		"the verifier is nil;": jwksError(url, auth.WithLiveness(nil)),
	} {
		wantInvalid(t, err, text)
		if strings.Contains(err.Error(), "secret@") {
			t.Errorf("the error holds the password: %v", err)
		}
	}
}

func jwksError(url string, opts ...auth.JWKSOption) error {
	_, err := auth.NewJWKS(url, opts...)
	return err
}
