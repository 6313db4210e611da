package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/lru"
)

// digest stands for a token in memory, so that the cache holds no credential.
type digest = [sha256.Size]byte

// cache remembers verdicts on tokens, the most recently used ones.
type cache struct {
	mu       sync.Mutex
	verdicts *lru.Cache[digest, verdict]
}

// verdict is what is known of a token until a moment.
type verdict struct {
	err   error // nil: the token is good
	until time.Time
}

func newCache(size int) *cache { return &cache{verdicts: lru.New[digest, verdict](size)} }

// get returns the verdict on a token that holds now.
func (c *cache) get(token digest, now time.Time) (verdict, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.verdicts.Get(token)
	if ok && reached(now, v.until) {
		c.verdicts.Remove(token)
		return verdict{}, false
	}
	return v, ok
}

// put remembers a verdict, and for it forgets the one that was not used for
// longest.
func (c *cache) put(token digest, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.verdicts.Put(token, v)
}

// len is how many verdicts are held, of which some may no longer hold.
func (c *cache) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.verdicts.Len()
}
