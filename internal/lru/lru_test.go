package lru_test

import (
	"testing"

	"github.com/isojot/isojot/internal/lru"
)

func TestTheLeastRecentlyUsedGoesFirst(t *testing.T) {
	c := lru.New[string, int](2)
	c.Put("a", 1)
	c.Put("b", 2)
	if v, ok := c.Get("a"); !ok || v != 1 {
		t.Fatalf("a = %d, %v", v, ok)
	}
	if !c.Put("c", 3) {
		t.Error("nothing was evicted for the third of two")
	}
	if _, ok := c.Get("b"); ok || c.Len() != 2 {
		t.Errorf("b is still there, %d values", c.Len())
	}
	if v, ok := c.Get("a"); !ok || v != 1 {
		t.Errorf("a, which was used, is gone")
	}
}

func TestPutReplacesAndRemoveForgets(t *testing.T) {
	c := lru.New[string, int](1)
	c.Put("a", 1)
	if c.Put("a", 2) {
		t.Error("replacing a value evicted another")
	}
	if v, _ := c.Get("a"); v != 2 || c.Len() != 1 {
		t.Errorf("a = %d, %d values", v, c.Len())
	}
	c.Remove("a")
	c.Remove("never there")
	if _, ok := c.Get("a"); ok || c.Len() != 0 {
		t.Errorf("a is still there, %d values", c.Len())
	}
}
