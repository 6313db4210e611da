package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/isojot/isojot/internal/jws"
)

// maxKeys bounds the keys of a set.
const maxKeys = 100

// jwk is a public key as an issuer publishes it (RFC 7517 section 4, RFC 7518
// section 6.2, RFC 8037 section 2).
type jwk struct {
	Type       string          `json:"kty"`
	Curve      string          `json:"crv"`
	X          string          `json:"x"`
	Y          string          `json:"y"`
	Private    json.RawMessage `json:"d"`
	Use        string          `json:"use"`
	Operations []string        `json:"key_ops"`
	Algorithm  string          `json:"alg"`
	ID         string          `json:"kid"`
}

// keyID is what a token's header chooses a key by. A key serves one algorithm,
// so that no header can have it used by another.
type keyID struct{ kid, alg string }

// keySet holds ed25519.PublicKey and *ecdsa.PublicKey.
type keySet map[keyID]any

// parseKeySet reads a JWK Set. Keys that are not for verifying by EdDSA or
// ES256 are left out, as RFC 7517 section 5 has it, and so are faulty ones and
// private ones, which whoever reads the set could sign by. What is left may be
// nothing: an issuer that withdraws its last key publishes none.
func parseKeySet(body []byte) (keySet, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("it is no JWK Set (RFC 7517 section 5): %w", err)
	}
	if set.Keys == nil {
		return nil, errors.New(`it is no JWK Set (RFC 7517 section 5): it has no array "keys"`)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("it has %d keys, more than %d", len(set.Keys), maxKeys)
	}
	keys := keySet{}
	for _, raw := range set.Keys {
		var k jwk
		if json.Unmarshal(raw, &k) != nil {
			continue
		}
		alg, key := k.public()
		if key == nil {
			continue
		}
		id := keyID{k.ID, alg}
		if keys[id] != nil {
			return nil, fmt.Errorf("two of its keys for %s have the kid %q", alg, k.ID)
		}
		keys[id] = key
	}
	return keys, nil
}

// public is the key and the one algorithm that it is for, or nil.
func (k *jwk) public() (string, any) {
	if k.Private != nil || k.Use != "" && k.Use != "sig" || k.Operations != nil && !slices.Contains(k.Operations, "verify") {
		return "", nil
	}
	switch {
	case k.Type == "OKP" && k.Curve == "Ed25519" && k.algorithmIs("EdDSA", "Ed25519"): // RFC 9864 renames it
		return jws.EdDSA.Alg(), k.ed25519()
	case k.Type == "EC" && k.Curve == "P-256" && k.algorithmIs("ES256"):
		return jws.ES256.Alg(), k.p256()
	}
	return "", nil
}

// algorithmIs reports whether alg is one of the names, or left out.
func (k *jwk) algorithmIs(names ...string) bool {
	return k.Algorithm == "" || slices.Contains(names, k.Algorithm)
}

func (k *jwk) ed25519() any {
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	if err != nil || len(x) != ed25519.PublicKeySize {
		return nil
	}
	return ed25519.PublicKey(x)
}

// p256 checks that the point is on the curve.
func (k *jwk) p256() any {
	x, errX := base64.RawURLEncoding.DecodeString(k.X)
	y, errY := base64.RawURLEncoding.DecodeString(k.Y)
	if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
		return nil
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil
	}
	return key
}

// find returns the key that a token's header names. A header without kid names
// the only key for its algorithm.
func (s keySet) find(id keyID) any {
	if key := s[id]; key != nil || id.kid != "" {
		return key
	}
	var only any
	for have, key := range s {
		if have.alg != id.alg {
			continue
		}
		if only != nil {
			return nil
		}
		only = key
	}
	return only
}
