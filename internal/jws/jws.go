// Package jws verifies signed tokens (RFC 7515, RFC 7519) by golang-jwt, for auth
// and userjwt alike. What is wrong with a token it says by a Fault, for which
// each has words of its own.
package jws

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Method signs and verifies by one algorithm.
type Method = jwt.SigningMethod

// The methods: HMAC with SHA-256, Ed25519 (RFC 8037) and ECDSA with P-256.
var (
	HS256 Method = jwt.SigningMethodHS256
	EdDSA Method = jwt.SigningMethodEdDSA
	ES256 Method = jwt.SigningMethodES256
)

// Fault is what is wrong with a token. Its text quotes nothing of the token.
type Fault string

// Error returns the text.
func (f Fault) Error() string { return "jws: " + string(f) }

// The faults, in the order in which they are looked for.
const (
	Malformed   Fault = "the token is malformed"
	NoAlgorithm Fault = "the header names no known algorithm, or there is no key for it"
	Critical    Fault = `the header has "crit" (RFC 7515 section 4.1.11)`
	Signature   Fault = "the signature is not by an accepted algorithm and key"
	Expired     Fault = "the token has expired"
	Early       Fault = "the token is not valid yet"
	Foreign     Fault = "a required claim is missing, or it names another issuer or audience"
	BadClaim    Fault = "a claim is of the wrong type"
)

// Claims are a payload, which is read before the signature is verified, and what
// it says, which is asked for afterwards. A time that is absent is nil. An error
// other than a Fault is a BadClaim.
type Claims interface {
	json.Unmarshaler
	Expiry() (*time.Time, error)
	NotBefore() (*time.Time, error)
	Issuer() (string, error)
	Audience() ([]string, error)
	// Check looks for what else is wrong.
	Check() error
}

// Rules are what a token is held to. exp is required, and there is one spelling
// of a token: base64url is decoded strictly.
type Rules struct {
	Algorithms       []string // that "alg" may name
	Now              func() time.Time
	Leeway           time.Duration
	Issuer, Audience string // "": any
}

// Verifier verifies tokens by Rules. It is safe for concurrent use.
type Verifier struct{ parser *jwt.Parser }

// New returns the Verifier of the rules.
func New(r Rules) *Verifier {
	opts := []jwt.ParserOption{
		jwt.WithValidMethods(r.Algorithms), jwt.WithExpirationRequired(), jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(r.Now), jwt.WithLeeway(r.Leeway),
	}
	if r.Issuer != "" {
		opts = append(opts, jwt.WithIssuer(r.Issuer))
	}
	if r.Audience != "" {
		opts = append(opts, jwt.WithAudience(r.Audience))
	}
	return &Verifier{jwt.NewParser(opts...)}
}

// Keys are several keys of which any may have signed.
type Keys []any

// Verify reads the claims and verifies the token by the key, or the Keys, that
// find returns for its header. The error is find's own, or a Fault.
func (v *Verifier) Verify(token string, claims Claims, find func(header map[string]any) (any, error)) error {
	var own error // which golang-jwt would wrap
	_, err := v.parser.ParseWithClaims(token, &adapter{claims}, func(t *jwt.Token) (any, error) {
		var key any
		key, own = choose(t.Header, find)
		return key, own
	})
	if own != nil {
		return own
	}
	return faultOf(err)
}

func choose(header map[string]any, find func(map[string]any) (any, error)) (any, error) {
	if _, ok := header["crit"]; ok { // no extension is understood
		return nil, Critical
	}
	key, err := find(header)
	keys, several := key.(Keys)
	if !several {
		return key, err
	}
	var set jwt.VerificationKeySet
	for _, k := range keys {
		set.Keys = append(set.Keys, k)
	}
	return set, err
}

var reader = jwt.NewParser(jwt.WithStrictDecoding())

// Read reads the claims of a token whose form is right, and verifies nothing.
// The error is a Fault.
func Read(token string, claims Claims) error {
	_, _, err := reader.ParseUnverified(token, &adapter{claims})
	return faultOf(err)
}

// faultOf sorts golang-jwt's errors, whose texts may quote the token.
func faultOf(err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []struct{ theirs, ours error }{
		{jwt.ErrTokenMalformed, Malformed},
		{jwt.ErrTokenUnverifiable, NoAlgorithm},
		{jwt.ErrTokenSignatureInvalid, Signature},
		{jwt.ErrTokenExpired, Expired},
		{Expired, Expired}, // of Check
		{jwt.ErrTokenNotValidYet, Early},
		{jwt.ErrTokenInvalidIssuer, Foreign},
		{jwt.ErrTokenInvalidAudience, Foreign},
		{jwt.ErrTokenRequiredClaimMissing, Foreign},
	} {
		if errors.Is(err, known.theirs) {
			return known.ours
		}
	}
	return BadClaim
}

// adapter makes Claims the claims that golang-jwt asks for.
type adapter struct{ Claims }

func (a *adapter) GetExpirationTime() (*jwt.NumericDate, error) { return date(a.Expiry()) }
func (a *adapter) GetNotBefore() (*jwt.NumericDate, error)      { return date(a.NotBefore()) }
func (a *adapter) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil } // Check looks at it
func (a *adapter) GetIssuer() (string, error)                   { return a.Issuer() }
func (a *adapter) GetSubject() (string, error)                  { return "", nil }
func (a *adapter) GetAudience() (jwt.ClaimStrings, error)       { return a.Audience() }
func (a *adapter) Validate() error                              { return a.Check() }

func date(t *time.Time, err error) (*jwt.NumericDate, error) {
	if t == nil || err != nil {
		return nil, err
	}
	return jwt.NewNumericDate(*t), nil
}
