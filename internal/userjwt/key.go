package userjwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/isojot/isojot/internal/jws"
)

// Algorithm is how tokens are signed, as "alg" names it.
type Algorithm string

// The algorithms: HMAC with SHA-256, Ed25519 (RFC 8037) and ECDSA with P-256.
const (
	HS256 Algorithm = "HS256"
	EdDSA Algorithm = "EdDSA"
	ES256 Algorithm = "ES256"
)

// Public reports whether everybody may know what verifies.
func (a Algorithm) Public() bool { return a == EdDSA || a == ES256 }

// Check says what is wrong with a name of an algorithm.
func (a Algorithm) Check() error {
	switch a {
	case HS256, EdDSA, ES256:
		return nil
	}
	return fmt.Errorf("there is no algorithm %q: use HS256, EdDSA or ES256", string(a))
}

// MinKeyBytes is the shortest HS256 key that is accepted: RFC 7518 section
// 3.2 wants one at least as long as the hash.
const MinKeyBytes = 32

// newHS256Bytes is the length of a new HS256 key: the block size of SHA-256.
const newHS256Bytes = 64

// Key signs and verifies tokens by one algorithm. It does not change.
type Key struct {
	algorithm Algorithm
	method    jws.Method
	secret    []byte
	signs     any // the key as the method signs by it
	verifies  any // the key as the method verifies by it
	jwk       JWK
	header    string // of every token of the key, encoded, with the dot
}

// JWK is the public part of a key (RFC 7517 section 4), in the order of its
// members.
type JWK struct {
	Type      string    `json:"kty"`
	Curve     string    `json:"crv"`
	X         string    `json:"x"`
	Y         string    `json:"y,omitempty"`
	Use       string    `json:"use"`
	Algorithm Algorithm `json:"alg"`
	ID        string    `json:"kid"`
}

// Generate makes a key.
func Generate(a Algorithm) (*Key, error) {
	switch a {
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("userjwt: making a key: %w", err)
		}
		return FromPrivate(private)
	case ES256:
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("userjwt: making a key: %w", err)
		}
		return FromPrivate(private)
	}
	secret := make([]byte, newHS256Bytes)
	rand.Read(secret)
	return NewKey(a, secret)
}

// FromPrivate returns the key of an ed25519.PrivateKey, or of an
// *ecdsa.PrivateKey of P-256.
func FromPrivate(private crypto.Signer) (*Key, error) {
	switch private := private.(type) {
	case ed25519.PrivateKey:
		if len(private) == ed25519.PrivateKeySize {
			return NewKey(EdDSA, private.Seed())
		}
	case *ecdsa.PrivateKey:
		if private.Curve == elliptic.P256() {
			scalar, err := private.Bytes()
			if err != nil {
				return nil, errors.New("userjwt: the key is no point of P-256")
			}
			return NewKey(ES256, scalar)
		}
	}
	return nil, fmt.Errorf("userjwt: a key of type %T, or of its curve, cannot sign: use Ed25519 (EdDSA) or P-256 (ES256)", private)
}

// NewKey returns the key of a secret: the bytes for HS256, the seed for EdDSA,
// the scalar for ES256.
func NewKey(a Algorithm, secret []byte) (*Key, error) {
	k := &Key{algorithm: a, secret: secret}
	switch a {
	case HS256:
		if len(secret) < MinKeyBytes {
			return nil, fmt.Errorf("userjwt: the signing key has %d bytes, HS256 needs at least %d", len(secret), MinKeyBytes)
		}
		k.method, k.signs, k.verifies = jws.HS256, secret, secret
		k.header = ownHeader
		return k, nil
	case EdDSA:
		return k, k.ed25519()
	case ES256:
		return k, k.p256()
	}
	return nil, fmt.Errorf("userjwt: %w", a.Check())
}

func (k *Key) ed25519() error {
	if len(k.secret) != ed25519.SeedSize {
		return fmt.Errorf("userjwt: the seed has %d bytes, Ed25519 needs %d", len(k.secret), ed25519.SeedSize)
	}
	private := ed25519.NewKeyFromSeed(k.secret)
	public := private.Public().(ed25519.PublicKey)
	k.method, k.signs, k.verifies = jws.EdDSA, private, public
	k.jwk = JWK{Type: "OKP", Curve: "Ed25519", X: encoding.EncodeToString(public)}
	return k.name(`{"crv":"Ed25519","kty":"OKP","x":"` + k.jwk.X + `"}`)
}

func (k *Key) p256() error {
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), k.secret)
	if err != nil {
		return errors.New("userjwt: the scalar is none of P-256")
	}
	point, err := private.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return errors.New("userjwt: the key is no point of P-256")
	}
	k.method, k.signs, k.verifies = jws.ES256, private, &private.PublicKey
	k.jwk = JWK{Type: "EC", Curve: "P-256", X: encoding.EncodeToString(point[1:33]), Y: encoding.EncodeToString(point[33:])}
	return k.name(`{"crv":"P-256","kty":"EC","x":"` + k.jwk.X + `","y":"` + k.jwk.Y + `"}`)
}

// name gives the key its name, which is its thumbprint (RFC 7638), so that no
// two keys have the same.
func (k *Key) name(members string) error {
	sum := sha256.Sum256([]byte(members))
	k.jwk.Use, k.jwk.Algorithm, k.jwk.ID = "sig", k.algorithm, encoding.EncodeToString(sum[:])
	header, err := json.Marshal(struct {
		Type      string    `json:"typ"`
		Algorithm Algorithm `json:"alg"`
		ID        string    `json:"kid"`
	}{"JWT", k.algorithm, k.jwk.ID})
	if err != nil {
		return fmt.Errorf("userjwt: encoding the header: %w", err)
	}
	k.header = encoding.EncodeToString(header) + "."
	return nil
}

// String names the key; its secret is in no log.
func (k *Key) String() string { return string(k.algorithm) + " key " + k.jwk.ID }

// ID is the key's kid; "" for HS256, whose tokens name no key.
func (k *Key) ID() string { return k.jwk.ID }

// Algorithm is what the key signs by, and nothing else.
func (k *Key) Algorithm() Algorithm { return k.algorithm }

// Public is what everybody may know of the key; zero for HS256.
func (k *Key) Public() JWK { return k.jwk }

// Private is the private key; nil for HS256.
func (k *Key) Private() crypto.Signer {
	private, _ := k.signs.(crypto.Signer)
	return private
}

// Secret is what NewKey makes the key of.
func (k *Key) Secret() []byte { return k.secret }

// encoding is that of the parts of a token; one token has one spelling.
var encoding = base64.RawURLEncoding.Strict()
