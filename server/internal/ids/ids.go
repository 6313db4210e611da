// Package ids makes ids and secrets, and the hashes by which secrets are stored.
package ids

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"
)

// secretBytes is the length of a session's secret before it is written in
// hex (contract section 4: 256 digits).
const secretBytes = 128

// Source makes ids that sort by the order they were made in.
type Source struct {
	mu   sync.Mutex
	last int64
}

// Unique makes an id of 20 hex digits: 13 of the time in microseconds, as
// PHP's uniqid writes it, and 7 random ones (contract section 4). The time
// never repeats or goes back, even when the clock stands or is set back, so
// that sessions of one millisecond keep their order.
func (g *Source) Unique(now time.Time) string {
	g.mu.Lock()
	micros := max(now.UnixMicro(), g.last+1)
	g.last = micros
	g.mu.Unlock()
	random := hex.EncodeToString(Random(4))[:7]
	return fmt.Sprintf("%08x%05x%s", micros/1e6, micros%1e6, random)
}

// NewSecret makes a session's secret.
func NewSecret() string { return hex.EncodeToString(Random(secretBytes)) }

// Hash is what is stored of a secret. It is not salted: a secret has
// 1024 random bits, there is nothing to guess.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Random returns n random bytes; crypto/rand cannot fail since Go 1.24.
func Random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
