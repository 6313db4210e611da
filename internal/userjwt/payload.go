package userjwt

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// payload is the times that golang-jwt checks, as they come in. What else is
// wrong with the claims is found after the signature was checked, so that a
// forged token is called forged.
type payload struct {
	exp json.RawMessage
	nbf json.RawMessage
	iat *time.Time // nil: not there, or no number
}

// UnmarshalJSON accepts any JSON: a payload that is no object has no claims.
func (p *payload) UnmarshalJSON(b []byte) error {
	var m map[string]json.RawMessage
	if json.Unmarshal(b, &m) != nil {
		return nil
	}
	p.exp, p.nbf = m["exp"], m["nbf"]
	if iat, err := seconds(m["iat"]); err == nil && iat != nil {
		p.iat = &iat.Time
	}
	return nil
}

// seconds reads a claim that is a time in whole unix seconds (RFC 7519
// section 2 would allow fractions; Appwrite issues none). Absent is nil.
func seconds(raw json.RawMessage) (*jwt.NumericDate, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return nil, ErrClaims
	}
	return jwt.NewNumericDate(time.Unix(n, 0)), nil
}

// The claims golang-jwt asks for; those that are never issued are absent.

func (p *payload) GetExpirationTime() (*jwt.NumericDate, error) { return seconds(p.exp) }
func (p *payload) GetNotBefore() (*jwt.NumericDate, error)      { return seconds(p.nbf) }
func (p *payload) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (p *payload) GetIssuer() (string, error)                   { return "", nil }
func (p *payload) GetSubject() (string, error)                  { return "", nil }
func (p *payload) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
