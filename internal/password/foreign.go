package password

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/scrypt"
)

// shaFunctions are the functions of SHAVersions.
var shaFunctions = map[string]func() hash.Hash{
	"sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New,
	"sha384": sha512.New384, "sha512/224": sha512.New512_224, "sha512/256": sha512.New512_256, "sha512": sha512.New,
	"sha3-224": func() hash.Hash { return sha3.New224() }, "sha3-256": func() hash.Hash { return sha3.New256() },
	"sha3-384": func() hash.Hash { return sha3.New384() }, "sha3-512": func() hash.Hash { return sha3.New512() },
}

// Firebase's cost of scrypt.
const firebaseN, firebaseR, firebaseP = 1 << 14, 8, 1

// memory is how much verifying takes, in KiB.
func (i Imported) memory() uint32 {
	switch i.Kind {
	case Scrypt:
		return uint32(int64(i.CPU) * int64(i.Memory) * 128 >> 10)
	case ScryptModified:
		return firebaseN * firebaseR * 128 >> 10
	}
	return 0
}

// matches reports whether the hash is of that password. One that Check refuses
// is an error.
func (i Imported) matches(password string) (bool, error) {
	if err := i.Check(); err != nil { // bounds hold for what is stored, too
		return false, err
	}
	switch i.Kind {
	case Bcrypt:
		return matchesBcrypt(i.Hash, password), nil
	case MD5:
		sum := md5.Sum([]byte(password))
		return sameHex(i.Hash, sum[:]), nil
	case PHPass:
		if i.byBcrypt() {
			return matchesBcrypt(i.Hash, password), nil
		}
		return matchesPHPass(i.Hash, password)
	case SHA:
		h := shaFunctions[i.Version]()
		h.Write([]byte(password))
		return sameHex(i.Hash, h.Sum(nil)), nil
	case Scrypt:
		key, err := scrypt.Key([]byte(password), []byte(i.Salt), i.CPU, i.Memory, i.Parallel, i.Length)
		return err == nil && sameHex(i.Hash, key), err
	case ScryptModified:
		return i.matchesFirebase(password)
	}
	return false, fmt.Errorf("password: a hash of the kind %q cannot be verified", i.Kind)
}

// sameHex compares in time that does not depend on where they differ.
func sameHex(text string, sum []byte) bool {
	want, err := hex.DecodeString(text)
	return err == nil && subtle.ConstantTimeCompare(want, sum) == 1
}

// matchesBcrypt verifies a hash of bcrypt. bcrypt reads the first 72 bytes of a
// password and no zero byte; WordPress hashes it before.
func matchesBcrypt(hash, password string) bool {
	key := []byte(password)
	if rest, ok := strings.CutPrefix(hash, wordPressPrefix); ok {
		mac := hmac.New(sha512.New384, []byte("wp-sha384"))
		mac.Write([]byte(strings.TrimSpace(password)))
		hash, key = rest, []byte(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), key[:min(len(key), 72)]) == nil
}

// matchesFirebase verifies Firebase's scrypt: the derived key encrypts the
// project's signer key by AES-CTR.
func (i Imported) matchesFirebase(password string) (bool, error) {
	var parts [4][]byte
	for n, text := range []string{i.Salt, i.Separator, i.SignerKey, i.Hash} {
		part, err := base64.StdEncoding.DecodeString(text)
		if err != nil { // Check has read it
			return false, errors.New("password: the stored hash is not base64")
		}
		parts[n] = part
	}
	key, err := scrypt.Key([]byte(password), append(parts[0], parts[1]...), firebaseN, firebaseR, firebaseP, 64)
	if err != nil {
		return false, err
	}
	block, err := aes.NewCipher(key[:32])
	if err != nil {
		return false, err
	}
	made := make([]byte, len(parts[2]))
	cipher.NewCTR(block, make([]byte, aes.BlockSize)).XORKeyStream(made, parts[2])
	return subtle.ConstantTimeCompare(made, parts[3]) == 1, nil
}

// phpassDigits are the digits of PHPass's base64, which begins with the low
// bits.
const phpassDigits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// phpassLength is how long a portable hash is: $P$, the rounds, 8 of salt, 22.
const phpassLength = 34

// phpassParts are the number of rounds and the salt of a portable hash.
func phpassParts(s string) (rounds int, salt string, err error) {
	if len(s) != phpassLength || !strings.HasPrefix(s, "$P$") && !strings.HasPrefix(s, "$H$") {
		return 0, "", errors.New("password: the hash is no portable one of PHPass ($P$ or $H$, 34 characters)")
	}
	log := strings.IndexByte(phpassDigits, s[3])
	if log < 7 || log > maxPHPassRounds {
		return 0, "", fmt.Errorf("password: the hash has 2^%d rounds: 2^7 to 2^%d are taken", log, maxPHPassRounds)
	}
	return 1 << log, s[4:12], nil
}

// matchesPHPass verifies a portable hash of PHPass: MD5, again and again.
func matchesPHPass(stored, password string) (bool, error) {
	rounds, salt, err := phpassParts(stored)
	if err != nil {
		return false, err
	}
	sum := md5.Sum([]byte(salt + password))
	for range rounds {
		sum = md5.Sum(append(sum[:], password...))
	}
	return subtle.ConstantTimeCompare([]byte(phpassText(sum[:])), []byte(stored[12:])) == 1, nil
}

// phpassText writes bytes in PHPass's base64.
func phpassText(b []byte) string {
	var text strings.Builder
	for len(b) > 0 {
		n := min(3, len(b))
		value := 0
		for i, c := range b[:n] {
			value |= int(c) << (8 * i)
		}
		for range n + 1 {
			text.WriteByte(phpassDigits[value&63])
			value >>= 6
		}
		b = b[n:]
	}
	return text.String()
}
