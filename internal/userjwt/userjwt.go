// Package userjwt makes and verifies the JWT that stands for a user: HS256
// over the claims userId, sessionId and exp, and nothing else (contract
// section 5.1).
package userjwt

import (
	"encoding/json"
	"fmt"
	"time"
)

// MinKeyBytes is the shortest signing key that is accepted: RFC 7518 section
// 3.2 wants one at least as long as the hash of HS256.
const MinKeyBytes = 32

// header is the same for every token. The order of its members is Appwrite's,
// which golang-jwt's map of a header could not keep.
const header = `{"typ":"JWT","alg":"HS256"}`

// Claims are what a token says.
type Claims struct {
	// UserID is the user the token stands for; "" when it names none.
	UserID string `json:"userId"`
	// SessionID is the session the token lives and dies with; "" when it is
	// bound to none.
	SessionID string `json:"sessionId"`
	// Expiry is the first second in which the token is no longer valid, in
	// unix seconds.
	Expiry int64 `json:"exp"`
}

// New makes the claims of a token that is valid for a duration from now. The
// clock's part of a second is dropped first, as Appwrite does.
func New(userID, sessionID string, now time.Time, valid time.Duration) Claims {
	return Claims{UserID: userID, SessionID: sessionID, Expiry: now.Unix() + int64(valid/time.Second)}
}

// Sign writes the claims down as a signed token. The key must have at least
// MinKeyBytes bytes.
func Sign(key []byte, c Claims) (string, error) {
	if len(key) < MinKeyBytes {
		return "", fmt.Errorf("userjwt: the signing key has %d bytes, HS256 needs at least %d", len(key), MinKeyBytes)
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("userjwt: encoding the claims: %w", err)
	}
	text := ownHeader + encoding.EncodeToString(payload)
	signature, err := signatureOf(key, text)
	if err != nil {
		return "", err
	}
	return text + "." + signature, nil
}
