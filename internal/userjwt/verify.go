package userjwt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
)

// Error is why a token was refused, in the words Appwrite puts after "Failed
// to verify JWT. " (contract section 5.3).
type Error string

// Error returns the reason.
func (e Error) Error() string { return string(e) }

// The reasons a token is refused for.
const (
	ErrIncompleteSegments Error = "Invalid token: Incomplete segments"
	ErrSyntax             Error = "JSON failed: Syntax error"
	ErrControl            Error = "JSON failed: Control character error, possibly incorrectly encoded"
	ErrMissingAlgorithm   Error = "Invalid token: Missing header algo"
	ErrAlgorithm          Error = "Invalid token: Unsupported header algo"
	ErrUnknownKeyID       Error = "Invalid token: Unknown key ID"
	ErrSignature          Error = "Invalid token: Signature failed"
	ErrExpired            Error = "Invalid token: Expired"
	ErrNotYetValid        Error = "Invalid token: Not now"
	// ErrClaims is not Appwrite's: there, such tokens never expire or answer
	// 500 (contract sections 12.5 and 13.8).
	ErrClaims Error = "Invalid token: The claim exp must be an integer of unix seconds, userId and sessionId must be strings, and no name may occur twice"
)

// Verify checks a token against the key at a time and returns its claims, or
// an Error. It accepts HS256 alone, requires an exp, and allows no leeway: a
// token is refused from the second of its exp on.
func Verify(key []byte, token string, now time.Time) (Claims, error) {
	if c, ok := verifyOwn(key, token, now); ok {
		return c, nil
	}
	return verifyAny(key, token, now)
}

// verifyAny is Verify for whatever a request may carry, by golang-jwt.
func verifyAny(key []byte, token string, now time.Time) (Claims, error) {
	switch strings.Count(token, ".") {
	case 0, 1:
		return Claims{}, ErrIncompleteSegments
	case 2:
	default: // whatever is signed, it is not the first three of four parts
		return Claims{}, faultOfHeader(key, token, ErrSignature)
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(), // one token, one spelling
		jwt.WithTimeFunc(func() time.Time { return now }),
	)
	var p payload
	_, err := parser.ParseWithClaims(token, &p, func(t *jwt.Token) (any, error) {
		if _, ok := t.Header["kid"]; ok {
			return nil, ErrUnknownKeyID
		}
		return key, nil
	})
	if err != nil {
		return Claims{}, reason(key, token, err)
	}
	if p.iat != nil && !now.Before(p.iat.Add(maxAge)) {
		return Claims{}, ErrExpired
	}
	return decoded(token)
}

// decoded reads the claims as clients and backends do, so that no two of them
// take one token for two users': names are compared case-exactly, none may
// occur twice, and exp is an integer.
func decoded(token string) (Claims, error) {
	c, err := isojot.Decode(token)
	if err != nil {
		return Claims{}, ErrClaims
	}
	return Claims{UserID: c.UserID, SessionID: c.SessionID, Expiry: c.Expiry.Unix()}, nil
}

// maxAge is how old a token may be that says when it was issued, which
// Appwrite's own do not (contract section 5.3).
const maxAge = time.Hour

// reason finds the words for a refusal of golang-jwt.
func reason(key []byte, token string, err error) Error {
	switch {
	case errors.Is(err, ErrUnknownKeyID):
		return ErrUnknownKeyID
	case errors.Is(err, jwt.ErrTokenMalformed), errors.Is(err, jwt.ErrTokenUnverifiable):
		return faultOfHeader(key, token, faultOfPayload(token))
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return faultOfHeader(key, token, ErrSignature)
	case errors.Is(err, jwt.ErrTokenExpired):
		return ErrExpired
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return ErrNotYetValid
	}
	return ErrClaims
}

// faultOfHeader looks for what is wrong with the header of a refused token;
// otherwise it returns what else is wrong.
func faultOfHeader(key []byte, token string, otherwise Error) Error {
	segment, _, _ := strings.Cut(token, ".")
	raw := lenient(segment)
	if !json.Valid(raw) {
		return faultOfJSON(raw)
	}
	var h struct {
		Alg json.RawMessage `json:"alg"`
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return ErrMissingAlgorithm // JSON, but no object
	}
	switch string(h.Alg) {
	case "", `""`, "null":
		return ErrMissingAlgorithm
	case `"HS256"`:
		return otherwise
	}
	if slices.Contains(otherAlgorithms, strings.Trim(string(h.Alg), `"`)) && !hs256(key, token) {
		return ErrSignature
	}
	return ErrAlgorithm
}

// otherAlgorithms are those that Appwrite's library knows beside HS256. It takes
// them for HS256, and so misses a signature of that.
var otherAlgorithms = []string{"HS384", "HS512", "RS256", "RS384", "RS512"}

// hs256 says whether the last part of a token is its signature by HS256.
func hs256(key []byte, token string) bool {
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	return err == nil && jwt.SigningMethodHS256.Verify(token[:dot], signature, key) == nil
}

// faultOfJSON says what PHP finds wrong with a text that is no JSON.
func faultOfJSON(raw []byte) Error {
	if text := bytes.TrimLeft(raw, " \t\r\n"); len(text) > 0 && text[0] < ' ' {
		return ErrControl
	}
	return ErrSyntax
}

// faultOfPayload says what is wrong with a malformed token whose header is
// right: where the payload is right too, it is the signature.
func faultOfPayload(token string) Error {
	if parts := strings.Split(token, "."); json.Valid(lenient(parts[1])) {
		return ErrSignature
	}
	return ErrSyntax
}

// lenient decodes base64 without what is not of its alphabet, as PHP does; to
// find words for a refusal, not to accept anything.
func lenient(segment string) []byte {
	kept := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, segment)
	raw, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil {
		return nil
	}
	return raw
}
