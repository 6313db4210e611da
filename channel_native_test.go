//go:build !js

package isojot_test

import (
	"slices"
	"sync"

	"github.com/isojot/isojot"
)

// tabChannel is a BroadcastChannel of a tab: messages come in order, later,
// and not to who sent them. While deaf they are lost, as in the back/forward
// cache.
type tabChannel struct {
	tab     *tab
	name    string
	receive func(string)

	mu     sync.Mutex
	inbox  []string
	awake  bool
	closed bool
	deaf   bool
	late   []string // posted after Close, which browsers refuse
	posted []string
}

func (tb *tab) join(name string, receive func(string)) isojot.Channel {
	tb.channel = &tabChannel{tab: tb, name: name, receive: receive}
	b := tb.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	b.channels = append(b.channels, tb.channel)
	return tb.channel
}

func (c *tabChannel) Post(message string) {
	c.mu.Lock()
	closed := c.closed
	c.posted = append(c.posted, message)
	if closed {
		c.late = append(c.late, message)
	}
	c.mu.Unlock()
	if closed {
		return
	}
	b := c.tab.browser
	b.mu.Lock()
	channels := slices.Clone(b.channels)
	b.mu.Unlock()
	for _, other := range channels {
		if other != c && other.name == c.name {
			other.put(message)
		}
	}
}

// put leaves a message to the channel's own goroutine, which ends when there
// is none left.
func (c *tabChannel) put(message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deaf || c.closed {
		return
	}
	c.inbox = append(c.inbox, message)
	if !c.awake {
		c.awake = true
		go c.deliver()
	}
}

func (c *tabChannel) deliver() {
	for {
		c.mu.Lock()
		if len(c.inbox) == 0 || c.closed {
			c.awake = false
			c.mu.Unlock()
			return
		}
		message := c.inbox[0]
		c.inbox = c.inbox[1:]
		c.mu.Unlock()
		c.receive(message)
	}
}

func (c *tabChannel) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	b := c.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	b.channels = slices.DeleteFunc(b.channels, func(other *tabChannel) bool { return other == c })
}

// freeze puts the tab where no message reaches it.
func (tb *tab) freeze() {
	tb.channel.mu.Lock()
	defer tb.channel.mu.Unlock()
	tb.channel.deaf = true
}
