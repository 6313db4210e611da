package userjwt

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// payload holds the times that are checked, undecoded. Other faults of the claims
// are looked for once the signature is verified, so that a forged token is called
// forged.
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
	p.iat, _ = seconds(m["iat"])
	return nil
}

// seconds reads a claim that is a time in whole unix seconds (RFC 7519
// section 2 would allow fractions; Appwrite issues none). Absent is nil.
func seconds(raw json.RawMessage) (*time.Time, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return nil, ErrClaims
	}
	at := time.Unix(n, 0)
	return &at, nil
}

// What jws.Claims asks for; claims that are never issued are absent.

func (p *payload) Expiry() (*time.Time, error)    { return seconds(p.exp) }
func (p *payload) NotBefore() (*time.Time, error) { return seconds(p.nbf) }
func (p *payload) Issuer() (string, error)        { return "", nil }
func (p *payload) Audience() ([]string, error)    { return nil, nil }
func (p *payload) Check() error                   { return nil }
