// Package password hashes and checks passwords with argon2id (RFC 9106), kept
// as PHC strings, so that a hash names its own cost and old ones stay valid
// when the cost of new ones changes.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/tune"
)

// Lengths of what this package makes, in bytes (RFC 9106 section 3.1
// recommends 16 of salt).
const (
	saltBytes = 16
	keyBytes  = 32
)

// Cost is the price of one hash.
type Cost struct {
	// Memory is in KiB, from 8 times Threads to MaxMemory.
	Memory uint32
	// Time is the number of passes, from 1 to MaxTime.
	Time uint32
	// Threads is the degree of parallelism, from 1 to MaxThreads.
	Threads uint8
}

// Bounds of a Cost. They hold for stored hashes too: an imported hash must
// not make one sign-in occupy the machine.
const (
	MaxMemory  = 256 << 10 // KiB
	MaxTime    = 64
	MaxThreads = 16
)

// OWASP is the recommended cost of the OWASP password storage cheat sheet
// with the least memory, about 20 ms on one core. Appwrite uses it for
// account.updatePassword (contract section 9).
var OWASP = Cost{Memory: 7168, Time: 5, Threads: 1}

// Validate says which bound of c does not hold, if any.
func (c Cost) Validate() error {
	switch {
	case c.Threads < 1 || c.Threads > MaxThreads:
		return fmt.Errorf("password: threads = %d: must be between 1 and %d", c.Threads, MaxThreads)
	case c.Time < 1 || c.Time > MaxTime:
		return fmt.Errorf("password: time = %d: must be between 1 and %d passes", c.Time, MaxTime)
	case c.Memory < 8*uint32(c.Threads) || c.Memory > MaxMemory:
		return fmt.Errorf("password: memory = %d KiB: must be between %d (8 per thread) and %d", c.Memory, 8*uint32(c.Threads), MaxMemory)
	}
	return nil
}

// Hasher hashes passwords, a bounded number at a time: unbounded, 32 sign-ins
// at once would need 32 times the memory and all the cores. It is safe for
// concurrent use.
//
// Its methods are told by a key whom they work for. Those who wait are served
// in turn, key by key. When too many wait they fail with fair.ErrBusy.
type Hasher struct {
	cost   Cost
	turns  *fair.Queue
	nobody string // a hash that no password has

	work  atomic.Int64 // see Work
	asked atomic.Int64 // hashes that run or wait
	// used is the most memory that one hash took since the last collection, in
	// KiB.
	used atomic.Uint32
}

// New makes a Hasher of that cost that runs at most parallel hashes at once, for
// which at most queue callers wait: what they keep in memory meanwhile must not
// add up without end. A key may have all turns at once, when no other wants one:
// a turn is short.
func New(cost Cost, parallel, queue int) (*Hasher, error) {
	if err := cost.Validate(); err != nil {
		return nil, err
	}
	// Random bytes in the place of a key are a valid hash of nothing known,
	// and cost nothing to make.
	nobody := phc{variant: argon2id, cost: cost, salt: random(saltBytes), key: random(keyBytes)}
	return &Hasher{
		cost:   cost,
		turns:  fair.New(parallel, queue, nil),
		nobody: nobody.String(),
	}, nil
}

// Cost is the cost of new hashes.
func (h *Hasher) Cost() Cost { return h.cost }

// work is how much memory one hash of that cost passes over, in KiB.
func (c Cost) work() int64 { return int64(c.Memory) * int64(c.Time) }

// Work returns how much memory all hashes so far have passed over, in KiB, which
// is what they took of the processor: tests tell by it what a request costs.
func (h *Hasher) Work() int64 { return h.work.Load() }

// Hash returns the PHC string of the password, with a fresh salt. It fails
// only when ctx ends while it waits for its turn, or with fair.ErrBusy.
func (h *Hasher) Hash(ctx context.Context, by, password string) (string, error) {
	made := phc{variant: argon2id, cost: h.cost, salt: random(saltBytes)}
	key, err := h.derive(ctx, by, password, made, keyBytes)
	if err != nil {
		return "", err
	}
	made.key = key
	return made.String(), nil
}

// Verify reports whether hash is one of that password, in time that does not
// depend on where they differ. It fails when hash is none that Hash or
// Imported.String has made, within the bounds, when ctx ends while it waits for its turn, or with
// fair.ErrBusy.
func (h *Hasher) Verify(ctx context.Context, by, hash, password string) (bool, error) {
	stored, err := ParseStored(hash)
	if err != nil {
		return false, err
	}
	if stored.Kind != Argon2 {
		return h.verifyImported(ctx, by, stored, password)
	}
	want, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	got, err := h.derive(ctx, by, password, want, uint32(len(want.key)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want.key) == 1, nil
}

// VerifyNobody takes as long as Verify and finds no match: called for unknown
// users, it keeps the time of an answer from telling which e-mail addresses
// have an account.
func (h *Hasher) VerifyNobody(ctx context.Context, by, password string) error {
	_, err := h.Verify(ctx, by, h.nobody, password)
	return err
}

// derive runs argon2 when it is its turn.
func (h *Hasher) derive(ctx context.Context, by, password string, p phc, n uint32) (key []byte, err error) {
	c, function := p.cost, argon2.IDKey
	if p.variant == argon2i {
		function = argon2.Key
	}
	err = h.inTurn(ctx, by, c.Memory, c.work(), func() error {
		key = function([]byte(password), p.salt, c.Time, c.Memory, c.Threads, n)
		return nil
	})
	return key, err
}

// verifyImported is Verify for a hash that another program made.
func (h *Hasher) verifyImported(ctx context.Context, by string, stored Imported, password string) (match bool, err error) {
	memory := stored.memory()
	err = h.inTurn(ctx, by, memory, int64(memory), func() (err error) {
		match, err = stored.matches(password)
		return err
	})
	return match, err
}

// inTurn runs what takes so much memory, in KiB, and passes over so much, when it
// is its turn.
func (h *Hasher) inTurn(ctx context.Context, by string, memory uint32, work int64, run func() error) error {
	h.asked.Add(1)
	defer h.done()
	if err := h.turns.Take(ctx, by); err != nil {
		return fmt.Errorf("password: gave up waiting to hash: %w", err)
	}
	defer h.turns.Give(by)
	h.work.Add(work)
	defer h.uses(memory)
	return run()
}

// uses notes the memory of a hash, in KiB.
func (h *Hasher) uses(memory uint32) {
	for {
		most := h.used.Load()
		if memory <= most || h.used.CompareAndSwap(most, memory) {
			return
		}
	}
}

// done sees to the memory of hashes when none runs or waits any more: while one
// follows the other, the collector runs for each anyway, and to collect once more
// stops all others, who wait for the threads that the system has put aside.
func (h *Hasher) done() {
	if h.asked.Add(-1) > 0 {
		return
	}
	if most := h.used.Swap(0); most > 0 {
		tune.Freed(uint64(most) << 10)
	}
}

// random returns n random bytes; crypto/rand cannot fail since Go 1.24.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
