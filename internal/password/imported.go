package password

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// Kind is how a password was hashed, as Appwrite calls it.
type Kind string

// The kinds. Argon2 is the one of this package's own hashes.
const (
	Argon2         Kind = "argon2" // RFC 9106: argon2id or argon2i
	Bcrypt         Kind = "bcrypt"
	MD5            Kind = "md5" // RFC 1321, without salt
	PHPass         Kind = "phpass"
	SHA            Kind = "sha" // without salt
	Scrypt         Kind = "scrypt"
	ScryptModified Kind = "scryptMod" // Firebase's
)

// Bounds of imported hashes: none may make a sign-in occupy the machine for
// long, or take more memory than an argon2id one.
const (
	maxBcryptCost   = 15 // about two seconds
	maxPHPassRounds = 20 // as a power of two; about 0.2 s
	maxScryptWork   = 1 << 22
	maxScryptLanes  = 16
	minDerived      = 16 // bytes
	maxDerived      = 128
	maxImported     = 1024 // bytes of a salt or a key as they are sent
)

// Imported is a hash that another program made, with what it takes to verify
// it.
type Imported struct {
	Kind Kind `json:"type"`
	// Hash is in the form of its kind: a PHC string of argon2, the modular form
	// of bcrypt and PHPass ($2y$..., $P$..., also WordPress's $wp$2y$...), hex of
	// MD5, SHA and scrypt, base64 of Firebase's scrypt.
	Hash string `json:"hash"`
	// Version is the function of SHA: sha1, sha224, sha256, ..., sha3-512.
	Version string `json:"version,omitempty"`
	// Salt is that of scrypt; of Firebase's, in base64, as are Separator and
	// SignerKey.
	Salt      string `json:"salt,omitempty"`
	Separator string `json:"separator,omitempty"`
	SignerKey string `json:"signerKey,omitempty"`
	// CPU, Memory and Parallel are N, r and p of scrypt (RFC 7914); Length is how
	// many bytes it derives.
	CPU      int `json:"cpu,omitempty"`
	Memory   int `json:"memory,omitempty"`
	Parallel int `json:"parallel,omitempty"`
	Length   int `json:"length,omitempty"`
}

// Check says what is wrong with the hash, naming the member and its bound, but
// not quoting the hash.
func (i Imported) Check() error {
	switch i.Kind {
	case Argon2:
		_, err := parsePHC(i.Hash)
		return err
	case Bcrypt:
		return checkBcrypt(i.Hash)
	case PHPass:
		if i.byBcrypt() {
			return checkBcrypt(i.Hash)
		}
		_, _, err := phpassParts(i.Hash)
		return err
	case MD5:
		return checkHex(i.Hash, 16)
	case SHA:
		if shaFunctions[i.Version] == nil {
			return fmt.Errorf("password: the version is none of %s", strings.Join(SHAVersions, ", "))
		}
		return checkHex(i.Hash, shaFunctions[i.Version]().Size())
	case Scrypt:
		return i.checkScrypt()
	case ScryptModified:
		return i.checkFirebase()
	}
	return fmt.Errorf("password: there is no kind of hash %q", i.Kind)
}

// String is the hash as it is stored: argon2's own form, else JSON.
func (i Imported) String() string {
	if i.Kind == Argon2 {
		return i.Hash
	}
	text, err := json.Marshal(i)
	if err != nil { // strings and numbers always encode
		panic(err)
	}
	return string(text)
}

// ParseStored reads a stored hash, of this package or imported.
func ParseStored(stored string) (Imported, error) {
	if !strings.HasPrefix(stored, "{") {
		return Imported{Kind: Argon2, Hash: stored}, nil
	}
	var i Imported
	if json.Unmarshal([]byte(stored), &i) != nil { // whose error could quote the hash
		return i, errors.New("password: the stored hash cannot be read")
	}
	return i, nil
}

// Stale reports whether a stored hash is worth less than a new one would be: not
// argon2id, or of less work.
func (h *Hasher) Stale(stored string) bool {
	p, err := parsePHC(stored)
	return err != nil || p.variant != argon2id || p.cost.work() < h.cost.work()
}

func checkHex(s string, n int) error {
	if b, err := hex.DecodeString(s); err != nil || len(b) != n {
		return fmt.Errorf("password: the hash is not %d bytes in hexadecimal", n)
	}
	return nil
}

// wordPressPrefix is that of WordPress's own use of bcrypt, since 6.8.
const wordPressPrefix = "$wp"

func checkBcrypt(s string) error {
	cost, err := bcrypt.Cost([]byte(strings.TrimPrefix(s, wordPressPrefix)))
	switch {
	case err != nil:
		return errors.New("password: the hash is none of bcrypt")
	case cost > maxBcryptCost:
		return fmt.Errorf("password: the hash has the cost %d: at most %d is taken", cost, maxBcryptCost)
	}
	return nil
}

// Rounds are those of bcrypt and of PHPass, as a power of two; 0 of other kinds.
func (i Imported) Rounds() int {
	switch {
	case i.Kind == Bcrypt || i.Kind == PHPass && i.byBcrypt():
		cost, err := bcrypt.Cost([]byte(strings.TrimPrefix(i.Hash, wordPressPrefix)))
		if err != nil { // Check has read it
			return 0
		}
		return cost
	case i.Kind == PHPass:
		rounds, _, err := phpassParts(i.Hash)
		if err != nil { // the same
			return 0
		}
		return bits.Len(uint(rounds)) - 1
	}
	return 0
}

// byBcrypt reports whether a hash that came as PHPass's is what WordPress makes
// by now.
func (i Imported) byBcrypt() bool {
	return strings.HasPrefix(i.Hash, "$2") || strings.HasPrefix(i.Hash, wordPressPrefix)
}

func (i Imported) checkScrypt() error {
	switch {
	case i.CPU < 2 || bits.OnesCount(uint(i.CPU)) != 1:
		return errors.New("password: scrypt's CPU cost (N) must be a power of two, and more than 1")
	case i.Memory < 1 || i.Parallel < 1 || i.Parallel > maxScryptLanes:
		return fmt.Errorf("password: scrypt's memory cost (r) must be at least 1, its parallelism (p) 1 to %d", maxScryptLanes)
	case i.CPU > maxScryptWork || i.Memory > maxScryptWork || int64(i.CPU)*int64(i.Memory) > MaxMemory<<10/128 || int64(i.CPU)*int64(i.Memory)*int64(i.Parallel) > maxScryptWork:
		return fmt.Errorf("password: scrypt's costs are too high: N * r must be at most %d, N * r * p at most %d", MaxMemory<<10/128, maxScryptWork)
	case i.Length < minDerived || i.Length > maxDerived:
		return fmt.Errorf("password: scrypt's length must be %d to %d bytes", minDerived, maxDerived)
	case len(i.Salt) > maxImported:
		return fmt.Errorf("password: the salt has more than %d bytes", maxImported)
	}
	return checkHex(i.Hash, i.Length)
}

func (i Imported) checkFirebase() error {
	for _, part := range []struct{ name, text string }{{"salt", i.Salt}, {"salt's separator", i.Separator}, {"signer key", i.SignerKey}, {"hash", i.Hash}} {
		if _, err := base64.StdEncoding.DecodeString(part.text); err != nil || len(part.text) > maxImported {
			return fmt.Errorf("password: the %s is not base64 of at most %d characters", part.name, maxImported)
		}
	}
	if n := base64.StdEncoding.DecodedLen(len(i.Hash)); n < minDerived {
		return errors.New("password: the hash is too short")
	}
	return nil
}

// SHAVersions are the functions of SHA, in the order of Appwrite's error.
var SHAVersions = []string{"sha1", "sha224", "sha256", "sha384", "sha512/224", "sha512/256", "sha512", "sha3-224", "sha3-256", "sha3-384", "sha3-512"}

// Kinds are all kinds of hashes.
func Kinds() []Kind {
	return slices.Clone([]Kind{Argon2, Bcrypt, MD5, PHPass, Scrypt, ScryptModified, SHA})
}

// KindOf is the kind that a hash shows itself; "" where it does not.
func KindOf(hash string) Kind {
	for _, p := range []struct {
		prefix string
		kind   Kind
	}{{"$argon2", Argon2}, {"$2", Bcrypt}, {wordPressPrefix + "$2", Bcrypt}, {"$P$", PHPass}, {"$H$", PHPass}} {
		if strings.HasPrefix(hash, p.prefix) {
			return p.kind
		}
	}
	if checkHex(hash, 16) == nil {
		return MD5
	}
	return ""
}
