package providers

import (
	"crypto/ecdsa"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// appleKey makes Apple's client secrets: JWTs that a key of the developer signs
// ("Creating a client secret", Sign in with Apple).
type appleKey struct {
	team, id string
	key      *ecdsa.PrivateKey
}

// parseAppleKey reads the key that is given as the client's secret: a file .p8.
func parseAppleKey(c Config) (*appleKey, error) {
	if c.TeamID == "" || c.KeyID == "" {
		return nil, errors.New("there is no team id or key id: Apple's client secrets are signed, and name both")
	}
	key, err := jwt.ParseECPrivateKeyFromPEM([]byte(c.ClientSecret))
	if err != nil {
		return nil, errors.New("the secret is no private key of Apple's: give the text of the file .p8, with its first and last line")
	}
	return &appleKey{c.TeamID, c.KeyID, key}, nil
}

// appleSecretLife is how long a secret holds: for the request that it is made for.
const appleSecretLife = 5 * time.Minute

func (a *appleKey) secret(client string, now time.Time) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"iss": a.team, "sub": client, "aud": "https://appleid.apple.com", "iat": now.Unix(), "exp": now.Add(appleSecretLife).Unix(),
	})
	token.Header["kid"] = a.id
	return token.SignedString(a.key)
}
