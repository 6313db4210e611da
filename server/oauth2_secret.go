package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// oauth2SecretDigits is the length of the secret of a one-time token that ends a
	// sign-in at a provider, in hex digits.
	oauth2SecretDigits = 64
	// oauth2SecretLife is how long it can be traded for a session.
	oauth2SecretLife = time.Minute
)

// secretClaims are what the secret is wrapped in on its way through the browser's
// URL.
type secretClaims struct {
	Secret   string `json:"secret"`
	Provider string `json:"provider,omitempty"`
	jwt.RegisteredClaims
}

// maxNamedProvider is how long the provider's name may be in what is wrapped, which
// with it has to be a secret of valid length. Nobody here reads it.
const maxNamedProvider = 16

// wrapSecret wraps the secret of a one-time token in a JWT (HS256).
func (c *call) wrapSecret(secret, provider string) (string, error) {
	if len(provider) > maxNamedProvider {
		provider = ""
	}
	signer := c.project.Keys.Signer(c.now)
	return jwt.NewWithClaims(jwt.SigningMethodHS256, secretClaims{secret, provider, jwt.RegisteredClaims{
		ExpiresAt: jwt.NewNumericDate(c.now.Add(oauth2SecretLife)),
	}}).SignedString(wrappingKey(signer.Secret()))
}

// oauth2SecretPrefix begins what the hash of such a secret is made of: the secret
// alone, which everybody can read in the JWT, is none.
const oauth2SecretPrefix = "oauth2:"

// storedSecret is what the hash of the secret is made of.
func storedSecret(secret string) string { return oauth2SecretPrefix + secret }

// openSecret is what the hash of a one-time token's secret is made of, by the
// secret that is sent: for one that is wrapped, by this project and within its
// time, what was wrapped.
func (c *call) openSecret(sent string) string {
	if strings.HasPrefix(sent, oauth2SecretPrefix) { // sent by nobody who got it from here
		return ""
	}
	if strings.Count(sent, ".") != 2 { // no JWT
		return sent
	}
	for _, timed := range c.project.Keys {
		var claims secretClaims
		_, err := jwt.ParseWithClaims(sent, &claims, func(*jwt.Token) (any, error) { return wrappingKey(timed.Secret()), nil },
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(c.s.now))
		if err == nil && claims.Secret != "" {
			return storedSecret(claims.Secret)
		}
	}
	return sent
}

// wrappingKey is a key for that alone, of one that signs the project's JWTs.
func wrappingKey(secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("isojot oauth2 secret"))
	return mac.Sum(nil)
}
