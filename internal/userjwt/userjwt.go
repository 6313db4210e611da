// Package userjwt makes and verifies the JWT that stands for a user: HS256
// over the claims userId, sessionId and exp, and nothing else (contract
// section 5.1); or, where a project asks for it, by a key whose public part
// everybody may know, and with some more claims.
package userjwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// header is the same for every token by HS256. The order of its members is
// Appwrite's, which golang-jwt's map of a header could not keep.
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

// More are claims that Appwrite's tokens do not have. Zero ones are left out.
type More struct {
	Issuer   string `json:"iss,omitempty"` // RFC 7519 section 4.1.1
	Subject  string `json:"sub,omitempty"` // section 4.1.2
	Audience string `json:"aud,omitempty"` // section 4.1.3
	// IssuedAt is in unix seconds (section 4.1.6).
	IssuedAt int64 `json:"iat,omitempty"`
	// Email and those below are as in OpenID Connect Core section 5.1.
	Email         string `json:"email,omitempty"`
	EmailVerified *bool  `json:"email_verified,omitempty"`
	Name          string `json:"name,omitempty"`
	// Labels are the user's labels; nil leaves them out.
	Labels *[]string `json:"labels,omitempty"`
}

// New makes the claims of a token that is valid for a duration from now. The
// clock's part of a second is dropped first, as Appwrite does.
func New(userID, sessionID string, now time.Time, valid time.Duration) Claims {
	return Claims{UserID: userID, SessionID: sessionID, Expiry: now.Unix() + int64(valid/time.Second)}
}

// Sign writes the claims down as a token that the key signed.
func Sign(k *Key, c Claims, more More) (string, error) {
	if k == nil {
		return "", errors.New("userjwt: there is no key to sign by")
	}
	payload, err := json.Marshal(struct {
		Claims
		More
	}{c, more})
	if err != nil {
		return "", fmt.Errorf("userjwt: encoding the claims: %w", err)
	}
	text := k.header + encoding.EncodeToString(payload)
	signature, err := k.method.Sign(text, k.signs)
	if err != nil {
		return "", fmt.Errorf("userjwt: signing: %w", err)
	}
	return text + "." + encoding.EncodeToString(signature), nil
}
