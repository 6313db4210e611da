package userjwt

import (
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot/internal/jsonobj"
)

// ownHeader is how a token that Sign writes begins.
var ownHeader = encoding.EncodeToString([]byte(header)) + "."

// encoding is that of the parts of a token; one token has one spelling.
var encoding = base64.RawURLEncoding.Strict()

// verifyOwn is Verify for what Sign writes, which is what nearly every request
// carries: the header is compared and not parsed, and of the payload only the
// three claims are taken. It refuses nothing: whatever it does not know as
// such a token, well signed and not expired, is for verifyAny to judge.
func verifyOwn(key []byte, token string, now time.Time) (Claims, bool) {
	end := strings.LastIndexByte(token, '.')
	if !strings.HasPrefix(token, ownHeader) || end < len(ownHeader) {
		return Claims{}, false
	}
	text, signature := token[:end], token[end+1:]
	expected, err := signatureOf(key, text)
	if err != nil || !hmac.Equal([]byte(signature), []byte(expected)) {
		return Claims{}, false
	}
	c, ok := ownClaims(text[len(ownHeader):])
	return c, ok && now.Before(time.Unix(c.Expiry, 0))
}

// ownClaims reads a payload that has the claims of Sign and no others.
func ownClaims(payload string) (c Claims, ok bool) {
	text, err := encoding.DecodeString(payload)
	if err != nil {
		return c, false
	}
	claims, err := jsonobj.Parse(string(text))
	if err != nil || len(claims) != 3 {
		return c, false
	}
	var okUser, okSession, okExpiry bool
	c.UserID, okUser = claims.String("userId")
	c.SessionID, okSession = claims.String("sessionId")
	c.Expiry, okExpiry = claims.Int("exp")
	return c, okUser && okSession && okExpiry
}

// signatureOf is the encoded signature of a token's header and payload.
func signatureOf(key []byte, text string) (string, error) {
	signature, err := jwt.SigningMethodHS256.Sign(text, key)
	if err != nil {
		return "", fmt.Errorf("userjwt: signing: %w", err)
	}
	return encoding.EncodeToString(signature), nil
}
