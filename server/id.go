package server

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

// idSource makes ids that sort by the order they were made in.
type idSource struct {
	mu   sync.Mutex
	last int64
}

// unique makes an id of 20 hex digits: 13 of the time in microseconds, as
// PHP's uniqid writes it, and 7 random ones (contract section 4). The time
// never repeats or goes back, even when the clock stands or is set back, so
// that sessions of one millisecond keep their order.
func (g *idSource) unique(now time.Time) string {
	g.mu.Lock()
	micros := max(now.UnixMicro(), g.last+1)
	g.last = micros
	g.mu.Unlock()
	random := hex.EncodeToString(randomBytes(4))[:7]
	return fmt.Sprintf("%08x%05x%s", micros/1e6, micros%1e6, random)
}

// newSecret makes a session's secret.
func newSecret() string { return hex.EncodeToString(randomBytes(secretBytes)) }

// secretHash is what is stored of a secret. It is not salted: a secret has
// 1024 random bits, there is nothing to guess.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// randomBytes returns n random bytes; crypto/rand cannot fail since Go 1.24.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
