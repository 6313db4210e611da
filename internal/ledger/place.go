package ledger

import (
	"context"
	"math/rand/v2"
	"time"
)

// Place is what one request holds of a Ledger. It is not safe for concurrent
// use. Its first bytes are free, so that who asks for little never waits.
type Place struct {
	ledger *Ledger
	key    string
	free   int64
	size   int64         // all it holds, with what is free
	waits  time.Duration // how long it may still wait
}

// Open is a place that holds nothing yet, in the account of key.
func (l *Ledger) Open(key string, free int64) *Place {
	return &Place{ledger: l, key: key, free: free, waits: l.wait/2 + rand.N(l.wait/2+1)}
}

// Size is how many bytes the place has, with those that are free.
func (p *Place) Size() int64 { return p.size }

// Hold makes the place larger. It waits where there is no room now, for as long
// as the place still may, and then it is ErrBusy; the end of the context is its error. The place
// is as it was then.
func (p *Place) Hold(ctx context.Context, bytes int64) error {
	if more := p.taken(p.size+bytes) - p.taken(p.size); more > 0 {
		begun := time.Now()
		err := p.ledger.take(ctx, p.key, more, p.waits)
		if p.waits -= time.Since(begun); err != nil {
			return err
		}
	}
	p.size += bytes
	return nil
}

// Try is Hold that does not wait.
func (p *Place) Try(bytes int64) error {
	if more := p.taken(p.size+bytes) - p.taken(p.size); more > 0 && !p.ledger.try(p.key, more) {
		return ErrBusy
	}
	p.size += bytes
	return nil
}

// Give makes the place smaller.
func (p *Place) Give(bytes int64) {
	before := p.taken(p.size)
	p.size -= bytes
	p.ledger.give(p.key, before-p.taken(p.size))
}

// Close gives back all.
func (p *Place) Close() { p.Give(p.size) }

// taken is how much of a size is not free.
func (p *Place) taken(size int64) int64 { return max(0, size-p.free) }
