package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/lru"
)

// digest stands for a token in memory, so that the cache holds no credential.
type digest = [sha256.Size]byte

// cache remembers verdicts on tokens, the most recently used ones. Refusals have
// a place of their own: anybody can make tokens that are refused, and so must
// not have the good ones forgotten.
type cache struct {
	mu            sync.Mutex
	good, refused *lru.Cache[digest, verdict]
}

// verdict is what is known of a token until a moment.
type verdict struct {
	err   error // nil: the token is good
	until time.Time
}

// newCache returns a cache of that many good tokens, and as many that were
// refused, but no more than maxRefusals.
func newCache(size int) *cache {
	return &cache{good: lru.New[digest, verdict](size), refused: lru.New[digest, verdict](min(size, maxRefusals))}
}

// get returns the verdict on a token that holds now.
func (c *cache) get(token digest, now time.Time) (verdict, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, verdicts := range []*lru.Cache[digest, verdict]{c.good, c.refused} {
		v, ok := verdicts.Get(token)
		if ok && !reached(now, v.until) {
			return v, true
		}
		if ok {
			verdicts.Remove(token)
		}
	}
	return verdict{}, false
}

// put remembers a verdict in place of the one before, and for it forgets the one
// of its kind that was not used for longest.
func (c *cache) put(token digest, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	to, from := c.good, c.refused
	if v.err != nil {
		to, from = from, to
	}
	from.Remove(token)
	to.Put(token, v)
}

// len is how many verdicts are held, of which some may no longer hold.
func (c *cache) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.good.Len() + c.refused.Len()
}
