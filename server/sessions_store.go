package server

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// maxStore bounds a store string, in bytes; those of this server have 400.
const maxStore = 4096

// storeJSON is what a store string encodes.
type storeJSON struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
}

// encodeStore makes the string that clients hold for a session: what the
// cookie, X-Appwrite-Session and X-Fallback-Cookies carry (contract section 4).
func encodeStore(userID, secret string) string {
	text, err := json.Marshal(storeJSON{userID, secret})
	if err != nil { // two strings always encode
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(text)
}

// decodeStore reads such a string, padded or not (contract section 13.7).
// Whatever is wrong with it makes it no session, never an error.
func decodeStore(s string) (userID, secret string, ok bool) {
	if s == "" || len(s) > maxStore {
		return "", "", false
	}
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return "", "", false
	}
	var store storeJSON
	if json.Unmarshal(text, &store) != nil || store.ID == "" || store.Secret == "" {
		return "", "", false
	}
	return store.ID, store.Secret, true
}
