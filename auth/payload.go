package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
)

// payload is a token's claims for golang-jwt. Those that isojot.Decode has read
// are not read a second time, by other rules.
type payload struct {
	jwt.MapClaims // iss and aud are read by its methods
	decoded       *isojot.Claims
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

// caller is whom the claims name.
func (p *payload) caller(token string) *Caller {
	return &Caller{
		UserID: p.decoded.UserID, SessionID: p.decoded.SessionID, Expiry: p.decoded.Expiry,
		JWT: token, Claims: p.MapClaims,
	}
}

// UnmarshalJSON keeps numbers as they are written.
func (p *payload) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(&p.MapClaims)
}

// GetExpirationTime is the exp that isojot.Decode read.
func (p *payload) GetExpirationTime() (*jwt.NumericDate, error) {
	return jwt.NewNumericDate(p.decoded.Expiry), nil
}

// GetNotBefore reads nbf.
func (p *payload) GetNotBefore() (*jwt.NumericDate, error) { return p.date("nbf") }

// GetIssuedAt reads iat.
func (p *payload) GetIssuedAt() (*jwt.NumericDate, error) { return p.date("iat") }

// Validate checks the age of a token that says when it was issued.
func (p *payload) Validate() error {
	issued, err := p.GetIssuedAt()
	if err != nil {
		return err
	}
	if p.old != nil && issued != nil && p.old(issued.Time) {
		return jwt.ErrTokenExpired
	}
	return nil
}

// maxDate is the largest number of seconds in a claim, as isojot.Decode has it
// for exp: 2^53.
const maxDate = 1 << 53

// date reads a claim of whole unix seconds; absent and null are nil.
func (p *payload) date(name string) (*jwt.NumericDate, error) {
	if p.MapClaims[name] == nil {
		return nil, nil
	}
	number, _ := p.MapClaims[name].(json.Number)
	n, err := number.Int64()
	if err != nil || n < -maxDate || n > maxDate {
		return nil, fmt.Errorf("%w: %s is not a whole number of seconds within 2^53", jwt.ErrInvalidType, name)
	}
	return jwt.NewNumericDate(time.Unix(n, 0)), nil
}
