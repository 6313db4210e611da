package auth

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jws"
)

// payload is a token's claims, as jws.Claims. Those that isojot.Decode has read
// are not read a second time, by other rules.
type payload struct {
	all     map[string]any
	decoded *isojot.Claims
	// old reports whether a token that was issued then is too old; nil: none is.
	old func(issued time.Time) bool
}

// read takes a token apart whose form and claims are in order. It verifies
// nothing.
func read(token string) (*payload, error) {
	decoded, err := isojot.Decode(token)
	if err != nil {
		return nil, refused(err)
	}
	return &payload{decoded: decoded}, nil
}

// caller returns the user that the claims name.
func (p *payload) caller(token string) *Caller {
	return &Caller{
		UserID: p.decoded.UserID, SessionID: p.decoded.SessionID, Expiry: p.decoded.Expiry,
		JWT: token, Claims: p.all,
	}
}

// UnmarshalJSON keeps numbers as they are written.
func (p *payload) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(&p.all)
}

// Expiry is the exp that isojot.Decode read.
func (p *payload) Expiry() (*time.Time, error) { return &p.decoded.Expiry, nil }

// NotBefore reads nbf.
func (p *payload) NotBefore() (*time.Time, error) { return p.date("nbf") }

// Issuer reads iss.
func (p *payload) Issuer() (string, error) {
	iss, ok := p.all["iss"]
	if !ok {
		return "", nil
	}
	return text(iss)
}

// Audience reads aud, which is a text or a list of them.
func (p *payload) Audience() ([]string, error) {
	switch aud := p.all["aud"].(type) {
	case string:
		return []string{aud}, nil
	case []any:
		var texts []string
		for _, v := range aud {
			one, err := text(v)
			if err != nil {
				return nil, err
			}
			texts = append(texts, one)
		}
		return texts, nil
	}
	return nil, nil
}

func text(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", jws.BadClaim
	}
	return s, nil
}

// Check checks the age of a token that says when it was issued.
func (p *payload) Check() error {
	issued, err := p.date("iat")
	if err != nil {
		return err
	}
	if p.old != nil && issued != nil && p.old(*issued) {
		return jws.Expired
	}
	return nil
}

// maxDate is the largest number of seconds in a claim, as isojot.Decode has it
// for exp: 2^53.
const maxDate = 1 << 53

// date reads a claim of whole unix seconds; absent and null are nil.
func (p *payload) date(name string) (*time.Time, error) {
	if p.all[name] == nil {
		return nil, nil
	}
	number, _ := p.all[name].(json.Number)
	n, err := number.Int64()
	if err != nil || n < -maxDate || n > maxDate {
		return nil, jws.BadClaim
	}
	at := time.Unix(n, 0)
	return &at, nil
}
