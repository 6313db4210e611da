package replay

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"hash"
	"strings"
	"time"
)

// recordedKey is the signing key of the recorded server.
const recordedKey = "golden-secret-key"

// made is a value of a request that is made of others: a text in base64, or a
// crafted JWT. Its texts are templates.
type made struct {
	// Base64 is the text of a store string, encoded without padding.
	Base64 string `json:"base64,omitempty"`

	Header    string `json:"header,omitempty"`
	Payload   string `json:"payload,omitempty"`
	Signature string `json:"signature,omitempty"` // sha256 or sha512 by the project's key, or =TEXT

	// TOTP is the secret of an authenticator, whose code is meant that is shown
	// so many Steps of 30 s from the step's time.
	TOTP  string `json:"totp,omitempty"`
	Steps int    `json:"steps,omitempty"`
}

// The signatures that are made anew.
var macs = map[string]func() hash.Hash{"sha256": sha256.New, "sha512": sha512.New}

// mac signs a text, in base64url.
func mac(h func() hash.Hash, key []byte, text string) string {
	m := hmac.New(h, key)
	m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// value makes the value, with the variables, the project's key and the time.
func (m made) value(e env, key []byte, now time.Time) string {
	if m.TOTP != "" {
		return totp(e.render(m.TOTP), now.Add(time.Duration(m.Steps)*totpPeriod*time.Second))
	}
	if m.Base64 != "" {
		return base64.RawStdEncoding.EncodeToString([]byte(e.render(m.Base64)))
	}
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(m.Header)) + "." + enc.EncodeToString([]byte(e.render(m.Payload)))
	if literal, ok := strings.CutPrefix(m.Signature, "="); ok {
		return text + "." + literal
	}
	return text + "." + mac(macs[m.Signature], key, text)
}

// takeJWT takes a token apart. It is not ok when the parts would not give the
// same token again.
func takeJWT(token string) (m made, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return made{}, false
	}
	enc := base64.RawURLEncoding.Strict()
	header, err1 := enc.DecodeString(parts[0])
	payload, err2 := enc.DecodeString(parts[1])
	if err1 != nil || err2 != nil {
		return made{}, false
	}
	m = made{Header: string(header), Payload: string(payload), Signature: "=" + parts[2]}
	for name, h := range macs {
		if mac(h, []byte(recordedKey), parts[0]+"."+parts[1]) == parts[2] {
			m.Signature = name
		}
	}
	return m, strings.ToValidUTF8(m.Header+m.Payload, "") == m.Header+m.Payload
}

// readStore reads a store string with or without padding.
func readStore(text string) (userID, secret string, ok bool) {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return "", "", false
	}
	var s struct{ ID, Secret *string }
	if json.Unmarshal(raw, &s) != nil || s.ID == nil || s.Secret == nil {
		return "", "", false
	}
	return *s.ID, *s.Secret, true
}

// decodeBase64 decodes text that is printable.
func decodeBase64(text string) (string, bool) {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	return string(raw), err == nil && strings.ToValidUTF8(string(raw), "") == string(raw)
}
