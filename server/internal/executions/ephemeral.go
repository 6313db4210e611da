package executions

import (
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot/internal/store"
)

// The prefixes of keys that functions are handed; Appwrite takes the older one
// too (contract section 1).
const (
	ephemeralPrefix = "ephemeral_"
	dynamicPrefix   = "dynamic_"
)

// EphemeralKeyID is the id of such a key: it is not stored.
const EphemeralKeyID = "function"

// ephemeralClaims are what such a key says, in Appwrite's order.
type ephemeralClaims struct {
	ProjectID string   `json:"projectId"`
	Scopes    []string `json:"scopes"`
	Expiry    int64    `json:"exp"`
}

// newEphemeralKey makes an API key that lives for a while. It is signed by a
// key that this process alone has: not by the project's, with which backends
// verify their users' tokens.
func (s *Engine) newEphemeralKey(project string, scopes []string, now time.Time, life time.Duration) (string, error) {
	if scopes == nil {
		scopes = []string{}
	}
	claims := ephemeralClaims{project, scopes, now.Unix() + int64(life/time.Second)}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(*s.secret.Pointer())
	if err != nil {
		return "", fmt.Errorf("server: signing a function's key: %w", err)
	}
	return ephemeralPrefix + text, nil
}

// EphemeralKey reads such a key; what is none, or another project's, is
// store.ErrNotFound.
func (s *Engine) EphemeralKey(project, key string) (store.Key, error) {
	text, ok := strings.CutPrefix(key, ephemeralPrefix)
	if !ok {
		text, ok = strings.CutPrefix(key, dynamicPrefix)
	}
	if !ok {
		return store.Key{}, store.ErrNotFound
	}
	var claims ephemeralClaims
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithoutClaimsValidation()).
		ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return *s.secret.Pointer(), nil })
	if err != nil || claims.ProjectID != project {
		return store.Key{}, store.ErrNotFound
	}
	return store.Key{ID: EphemeralKeyID, Name: EphemeralKeyID, Scopes: claims.Scopes, ExpiresAt: time.Unix(claims.Expiry, 0)}, nil
}

// IsEphemeral reports whether a key is meant to be a function's.
func IsEphemeral(key string) bool {
	return strings.HasPrefix(key, ephemeralPrefix) || strings.HasPrefix(key, dynamicPrefix)
}

// The claims that golang-jwt asks for. The expiry is for checkKey to compare.

func (c ephemeralClaims) GetExpirationTime() (*jwt.NumericDate, error) { return nil, nil }
func (c ephemeralClaims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c ephemeralClaims) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (c ephemeralClaims) GetIssuer() (string, error)                   { return "", nil }
func (c ephemeralClaims) GetSubject() (string, error)                  { return "", nil }
func (c ephemeralClaims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
