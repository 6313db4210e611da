package auth

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"
)

// digest stands for a token in memory, so that the cache holds no credential.
type digest = [sha256.Size]byte

// cache remembers verdicts on tokens, the most recently used ones.
type cache struct {
	max int

	mu      sync.Mutex
	entries map[digest]*list.Element
	recent  *list.List // of verdict, the last used first
}

// verdict is what is known of a token until a moment.
type verdict struct {
	token digest
	err   error // nil: the token is good
	until time.Time
}

func newCache(size int) *cache {
	return &cache{max: size, entries: map[digest]*list.Element{}, recent: list.New()}
}

// get returns the verdict on a token that holds now.
func (c *cache) get(token digest, now time.Time) (verdict, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[token]
	if !ok {
		return verdict{}, false
	}
	v := e.Value.(verdict)
	if reached(now, v.until) {
		c.remove(e)
		return verdict{}, false
	}
	c.recent.MoveToFront(e)
	return v, true
}

// put remembers a verdict, and for it forgets the one that was not used for
// longest.
func (c *cache) put(v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[v.token]; ok {
		c.remove(e)
	}
	c.entries[v.token] = c.recent.PushFront(v)
	if c.recent.Len() > c.max {
		c.remove(c.recent.Back())
	}
}

func (c *cache) remove(e *list.Element) {
	delete(c.entries, c.recent.Remove(e).(verdict).token)
}

// len is how many verdicts are held, of which some may no longer hold.
func (c *cache) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent.Len()
}
