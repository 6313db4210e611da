// Package lru holds values by key, of which it keeps those that were used last.
package lru

import "container/list"

// Cache holds at most a number of values. It is not safe for concurrent use:
// who needs it has a mutex that guards more than the cache.
type Cache[K comparable, V any] struct {
	max     int
	entries map[K]*list.Element
	recent  *list.List // of entry[K, V], the last used first
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

// New returns a cache of at most max values, one or more.
func New[K comparable, V any](max int) *Cache[K, V] {
	return &Cache[K, V]{max: max, entries: map[K]*list.Element{}, recent: list.New()}
}

// Get returns the value of a key, which counts as a use.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	e, ok := c.entries[key]
	if !ok {
		var none V
		return none, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(entry[K, V]).value, true
}

// Put keeps a value, in place of the one that the key had, and reports whether
// it let go of another key's for it: of the one that was not used for longest.
func (c *Cache[K, V]) Put(key K, value V) (evicted bool) {
	c.Remove(key)
	c.entries[key] = c.recent.PushFront(entry[K, V]{key, value})
	if c.recent.Len() <= c.max {
		return false
	}
	c.remove(c.recent.Back())
	return true
}

// Remove lets go of a key's value, if there is one.
func (c *Cache[K, V]) Remove(key K) {
	if e, ok := c.entries[key]; ok {
		c.remove(e)
	}
}

func (c *Cache[K, V]) remove(e *list.Element) {
	delete(c.entries, c.recent.Remove(e).(entry[K, V]).key)
}

// Len is how many values are held.
func (c *Cache[K, V]) Len() int { return c.recent.Len() }
