package userjwt

import (
	"strings"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
)

// ownHeader is how a token that Sign writes by HS256 begins.
var ownHeader = encoding.EncodeToString([]byte(header)) + "."

// verifyOwn verifies what Sign writes without More, which is what nearly every
// request carries: the header is compared and not parsed, and of the payload
// only the three claims are taken. It refuses nothing: whatever it does not
// know as such a token, well signed and not expired, is for verifyAny to judge.
func verifyOwn(k *Key, token string, now time.Time) (Claims, bool) {
	end := strings.LastIndexByte(token, '.')
	if !strings.HasPrefix(token, k.header) || end < len(k.header) {
		return Claims{}, false
	}
	text, encoded := token[:end], token[end+1:]
	signature, err := encoding.DecodeString(encoded)
	// The decoder skips line breaks.
	if err != nil || strings.ContainsAny(encoded, "\r\n") || k.method.Verify(text, signature, k.verifies) != nil {
		return Claims{}, false
	}
	c, ok := ownClaims(text[len(k.header):])
	return c, ok && now.Before(time.Unix(c.Expiry, 0))
}

// ownClaims reads a payload that has Claims and no others.
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
