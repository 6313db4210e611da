package password

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Bounds of the parts of a stored hash, in bytes.
const (
	minSalt, maxSalt = 8, 64
	minKey, maxKey   = 16, 128
	maxPHC           = 512
)

// The variants of argon2 that are verified; new hashes are argon2id.
const (
	argon2id = "argon2id"
	argon2i  = "argon2i"
)

// phc is a hash of argon2 in the PHC string format:
// $argon2id$v=19$m=<KiB>,t=<passes>,p=<threads>$<salt>$<key>.
type phc struct {
	variant   string
	cost      Cost
	salt, key []byte
}

// String writes the hash down.
func (p phc) String() string {
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$%s$v=%d$m=%d,t=%d,p=%d$%s$%s", p.variant, argon2.Version,
		p.cost.Memory, p.cost.Time, p.cost.Threads,
		enc.EncodeToString(p.salt), enc.EncodeToString(p.key))
}

// parsePHC reads a hash. Errors never quote it: they end in logs.
func parsePHC(s string) (phc, error) {
	fields := strings.Split(s, "$")
	if len(s) > maxPHC || len(fields) != 6 || fields[0] != "" {
		return phc{}, errors.New("password: the stored hash is no PHC string of six parts")
	}
	p := phc{variant: fields[1]}
	if p.variant != argon2id && p.variant != argon2i || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, fmt.Errorf("password: the stored hash is not argon2id or argon2i of version %d", argon2.Version)
	}
	var err error
	if p.cost, err = parseCost(fields[3]); err != nil {
		return phc{}, err
	}
	if p.salt, err = parseBytes(fields[4], "salt", minSalt, maxSalt); err != nil {
		return phc{}, err
	}
	if p.key, err = parseBytes(fields[5], "key", minKey, maxKey); err != nil {
		return phc{}, err
	}
	return p, nil
}

// parseCost reads m=..,t=..,p=.. and checks the bounds.
func parseCost(s string) (Cost, error) {
	var c Cost
	if _, err := fmt.Sscanf(s, "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil {
		return Cost{}, errors.New("password: the stored hash has no readable cost")
	}
	// Sscanf stops at the third number and does not look at what follows it.
	if s != fmt.Sprintf("m=%d,t=%d,p=%d", c.Memory, c.Time, c.Threads) {
		return Cost{}, errors.New("password: the stored hash has a malformed cost")
	}
	return c, c.Validate()
}

// parseBytes reads unpadded standard base64 of lo to hi bytes.
func parseBytes(s, name string, lo, hi int) ([]byte, error) {
	b, err := base64.RawStdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("password: the %s of the stored hash is not base64", name)
	}
	if len(b) < lo || len(b) > hi {
		return nil, fmt.Errorf("password: the %s of the stored hash has %d bytes: must be between %d and %d", name, len(b), lo, hi)
	}
	return b, nil
}

// CostOf reads the cost of a stored hash.
func CostOf(hash string) (Cost, error) {
	p, err := parsePHC(hash)
	return p.cost, err
}
