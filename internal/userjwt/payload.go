package userjwt

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// payload is the claims as they come in. It keeps faults for the time after
// the signature was checked, so that a forged token is called forged.
type payload struct {
	claims Claims
	exp    json.RawMessage
	nbf    json.RawMessage
	iat    *time.Time // nil: not there, or no number
	fault  error
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
	var okUser, okSession bool
	p.claims.UserID, okUser = text(m["userId"])
	p.claims.SessionID, okSession = text(m["sessionId"])
	if !okUser || !okSession {
		p.fault = ErrClaims
	}
	return nil
}

// text reads a claim that names something. Numbers and booleans stand for
// their digits and letters, as in PHP, which no id in use can equal; null is
// absent; lists and objects are faults.
func text(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", true
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	return string(raw), raw[0] != '[' && raw[0] != '{'
}

// seconds reads a claim that is a time in whole unix seconds. Absent is nil.
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

// expiry reads exp, which as in Appwrite may have a fraction, or be digits in a
// string. The fraction is dropped: no token lives longer than it says.
func expiry(raw json.RawMessage) (*jwt.NumericDate, error) {
	text := string(raw)
	var quoted string
	if json.Unmarshal(raw, &quoted) == nil {
		text = cmp.Or(quoted, text)
	}
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0123456789") == "" {
		text = whole
	}
	return seconds(json.RawMessage(text))
}

// Validate makes golang-jwt refuse the faults kept so far, after its checks
// of the signature, and notes the expiry.
func (p *payload) Validate() error {
	if exp, err := expiry(p.exp); err == nil && exp != nil {
		p.claims.Expiry = exp.Unix()
	}
	return p.fault
}

// The claims golang-jwt asks for; those that are never issued are absent.

func (p *payload) GetExpirationTime() (*jwt.NumericDate, error) { return expiry(p.exp) }
func (p *payload) GetNotBefore() (*jwt.NumericDate, error)      { return seconds(p.nbf) }
func (p *payload) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (p *payload) GetIssuer() (string, error)                   { return "", nil }
func (p *payload) GetSubject() (string, error)                  { return "", nil }
func (p *payload) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
