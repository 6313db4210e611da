package auth

import (
	"errors"
	"testing"
	"time"
)

// A verdict replaces the one before, also where that would still hold: the
// clock may have been set back.
func TestCacheReplaces(t *testing.T) {
	now := time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)
	refusal := errors.New("refused")
	c := newCache(2)
	c.put(digest{1}, verdict{nil, now.Add(time.Hour)})
	c.put(digest{1}, verdict{refusal, now.Add(time.Minute)})
	if v, ok := c.get(digest{1}, now); !ok || v.err != refusal || c.len() != 1 {
		t.Errorf("get = %v, %v, %d entries", v, ok, c.len())
	}
	c.put(digest{1}, verdict{nil, now.Add(time.Minute)})
	if v, ok := c.get(digest{1}, now); !ok || v.err != nil || c.len() != 1 {
		t.Errorf("get = %v, %v, %d entries", v, ok, c.len())
	}
	if _, ok := c.get(digest{1}, now.Add(time.Minute)); ok || c.len() != 0 {
		t.Errorf("the verdict holds after its time, %d entries", c.len())
	}
}
