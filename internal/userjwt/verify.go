package userjwt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jws"
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
	// ErrCritical is not Appwrite's, which does not look (RFC 7515 section
	// 4.1.11 wants it refused).
	ErrCritical Error = "Invalid token: Unsupported header crit"
	// ErrClaims is not Appwrite's: there, such tokens never expire or answer
	// 500 (contract sections 12.5 and 13.8).
	ErrClaims Error = "Invalid token: The claim exp must be an integer of unix seconds, userId and sessionId must be strings, and no name may occur twice"
)

// verifyAny verifies whatever a request may carry.
func verifyAny(keys []*Key, token string, now time.Time) (Claims, error) {
	switch strings.Count(token, ".") {
	case 0, 1:
		return Claims{}, ErrIncompleteSegments
	case 2:
	default: // whatever is signed, it is not the first three of four parts
		return Claims{}, faultOfHeader(keys, token, ErrSignature)
	}
	verifier := jws.New(jws.Rules{Algorithms: algorithms(keys), Now: func() time.Time { return now }})
	var p payload
	err := verifier.Verify(token, &p, func(header map[string]any) (any, error) { return choose(keys, header) })
	if err != nil {
		return Claims{}, reason(keys, token, err)
	}
	if p.iat != nil && !now.Before(p.iat.Add(MaxLife)) {
		return Claims{}, ErrExpired
	}
	return decoded(token)
}

// algorithms are those of the keys; and HS256, so that a project without such
// keys calls its tokens forged, as it does where it has others.
func algorithms(keys []*Key) []string {
	names := []string{string(HS256)}
	for _, k := range keys {
		names = append(names, string(k.algorithm))
	}
	return names
}

// choose finds what a token may have been signed by: the key that its header
// names, if that is one for its algorithm; or by HS256, which has no names for
// keys, all keys for that. A key never serves another algorithm than its own.
func choose(keys []*Key, header map[string]any) (any, error) {
	kid, named := header["kid"]
	if named && header["alg"] == string(HS256) {
		return nil, ErrUnknownKeyID
	}
	var all jws.Keys
	for _, k := range keys {
		switch {
		case header["alg"] != string(k.algorithm):
		case k.algorithm == HS256:
			all = append(all, k.verifies)
		case kid == k.ID():
			return k.verifies, nil
		}
	}
	if header["alg"] != string(HS256) {
		return nil, ErrUnknownKeyID
	}
	return all, nil
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

// reason finds the words for an error of a jws.Verifier.
func reason(keys []*Key, token string, err error) Error {
	switch err {
	case ErrUnknownKeyID:
		return ErrUnknownKeyID
	case jws.Critical:
		return ErrCritical
	case jws.Malformed, jws.NoAlgorithm:
		return faultOfHeader(keys, token, faultOfPayload(token))
	case jws.Signature:
		return faultOfHeader(keys, token, ErrSignature)
	case jws.Expired:
		return ErrExpired
	case jws.Early:
		return ErrNotYetValid
	}
	return ErrClaims
}

// faultOfHeader looks for what is wrong with the header of a refused token;
// otherwise it returns what else is wrong.
func faultOfHeader(keys []*Key, token string, otherwise Error) Error {
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
	}
	alg := strings.Trim(string(h.Alg), `"`)
	switch {
	case slices.Contains(algorithms(keys), alg):
		return otherwise
	case slices.Contains(otherAlgorithms, alg) && !hs256(keys, token):
		return ErrSignature
	}
	return ErrAlgorithm
}

// otherAlgorithms are those that Appwrite's library knows beside HS256. It takes
// them for HS256, and so misses a signature of that.
var otherAlgorithms = []string{"HS384", "HS512", "RS256", "RS384", "RS512"}

// hs256 reports whether the last part of a token is its signature by HS256.
func hs256(keys []*Key, token string) bool {
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	return err == nil && slices.ContainsFunc(keys, func(k *Key) bool {
		return k.algorithm == HS256 && k.method.Verify(token[:dot], signature, k.verifies) == nil
	})
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
