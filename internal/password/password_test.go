package password

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/isojot/isojot/internal/fair"
)

// cheap keeps the tests fast; only tests and isojottest use such a cost.
var cheap = Cost{Memory: 8, Time: 1, Threads: 1}

func newHasher(t *testing.T, cost Cost, parallel int) *Hasher {
	t.Helper()
	h, err := New(cost, parallel, 1)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashAndVerify(t *testing.T) {
	h := newHasher(t, cheap, 2)
	hash, err := h.Hash(t.Context(), "ann", "password123")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("hash = %q, want a PHC string of the hasher's cost", hash)
	}
	for password, want := range map[string]bool{"password123": true, "Password123": false, "": false} {
		got, err := h.Verify(t.Context(), "ann", hash, password)
		if err != nil || got != want {
			t.Errorf("Verify(%q) = %v, %v, want %v", password, got, err, want)
		}
	}
	again, err := h.Hash(t.Context(), "ann", "password123")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same: %v %v", again, err)
	}
}

// A hash names its own cost, so it stays valid when the hasher's cost changes.
func TestVerifiesOtherCosts(t *testing.T) {
	h := newHasher(t, cheap, 1)
	other := newHasher(t, Cost{Memory: 64, Time: 2, Threads: 2}, 1)
	hash, err := other.Hash(t.Context(), "ann", "secret-secret")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(t.Context(), "ann", hash, "secret-secret"); err != nil || !ok {
		t.Errorf("Verify of a hash of another cost = %v, %v", ok, err)
	}
}

func TestVerifyNobodyNeverMatches(t *testing.T) {
	h := newHasher(t, cheap, 1)
	if err := h.VerifyNobody(t.Context(), "ann", "password123"); err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(t.Context(), "ann", h.nobody, ""); err != nil || ok {
		t.Errorf("Verify(nobody) = %v, %v, want no match", ok, err)
	}
}

// TestNobodyCostsAHash holds that no match for nobody is as much work as one for
// somebody, and that work counts each hash at its own cost.
func TestNobodyCostsAHash(t *testing.T) {
	cost := Cost{Memory: 64, Time: 3, Threads: 2}
	h := newHasher(t, cost, 1)
	hash, err := h.Hash(t.Context(), "ann", "password123")
	if err != nil {
		t.Fatal(err)
	}
	cheaper, err := newHasher(t, cheap, 1).Hash(t.Context(), "ann", "password123")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		want   int64
		verify func() error
	}{
		"somebody":        {64 * 3, func() error { _, err := h.Verify(t.Context(), "ann", hash, "wrong-password"); return err }},
		"nobody":          {64 * 3, func() error { return h.VerifyNobody(t.Context(), "ann", "wrong-password") }},
		"of another cost": {8, func() error { _, err := h.Verify(t.Context(), "ann", cheaper, "wrong-password"); return err }},
	} {
		before := h.Work()
		if err := c.verify(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := h.Work() - before; got != c.want {
			t.Errorf("%s takes %d KiB of work, want %d", name, got, c.want)
		}
	}
}

func TestRefusesStoredHashes(t *testing.T) {
	const salt, key = "MTIzNDU2Nzg5MDEyMzQ1Ng", "q83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng"
	tests := map[string]string{
		"empty":          "",
		"not PHC":        "hunter2",
		"argon2d":        "$argon2d$v=19$m=8,t=1,p=1$" + salt + "$" + key,
		"old version":    "$argon2id$v=16$m=8,t=1,p=1$" + salt + "$" + key,
		"memory too big": "$argon2id$v=19$m=4194304,t=1,p=1$" + salt + "$" + key,
		"time too big":   "$argon2id$v=19$m=8,t=100000,p=1$" + salt + "$" + key,
		"no threads":     "$argon2id$v=19$m=8,t=1,p=0$" + salt + "$" + key,
		"negative":       "$argon2id$v=19$m=-8,t=1,p=1$" + salt + "$" + key,
		"trailing cost":  "$argon2id$v=19$m=8,t=1,p=1,x=1$" + salt + "$" + key,
		"short salt":     "$argon2id$v=19$m=8,t=1,p=1$MTIz$" + key,
		"bad base64":     "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$!!!",
		"too long":       "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + strings.Repeat("A", 600),
	}
	h := newHasher(t, cheap, 1)
	for name, hash := range tests {
		t.Run(name, func(t *testing.T) {
			ok, err := h.Verify(t.Context(), "ann", hash, "password123")
			if err == nil || ok {
				t.Fatalf("Verify = %v, %v, want an error", ok, err)
			}
			if len(hash) > 8 && strings.Contains(err.Error(), key) {
				t.Errorf("the error quotes the hash: %v", err)
			}
		})
	}
}

func TestCostBounds(t *testing.T) {
	for _, c := range []Cost{{}, {Memory: 7, Time: 1, Threads: 1}, {Memory: 8, Time: 1, Threads: 2},
		{Memory: MaxMemory + 1, Time: 1, Threads: 1}, {Memory: 8, Time: MaxTime + 1, Threads: 1}, {Memory: 1024, Time: 1, Threads: 17}} {
		if _, err := New(c, 1, 0); err == nil {
			t.Errorf("New(%+v) succeeded, want an error", c)
		}
	}
	if err := OWASP.Validate(); err != nil {
		t.Error(err)
	}
}

func TestWaitingHonoursTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(t, cheap, 1)
		occupy(t, h, "bob")
		ctx, cancel := context.WithCancel(t.Context())
		hashed := make(chan error)
		go func() { _, err := h.Hash(ctx, "ann", "password123"); hashed <- err }()
		synctest.Wait() // until it waits
		cancel()
		if err := <-hashed; !errors.Is(err, context.Canceled) {
			t.Errorf("Hash = %v, want context.Canceled", err)
		}
		h.turns.Give("bob")
		if _, err := h.Hash(t.Context(), "ann", "password123"); err != nil {
			t.Errorf("Hash after the turn was free: %v", err)
		}
	})
}

// occupy lets a caller hash until its turn is given back.
func occupy(t *testing.T, h *Hasher, key string) {
	t.Helper()
	if err := h.turns.Take(t.Context(), key); err != nil {
		t.Fatal(err)
	}
}

// TestTheQueueIsBounded: whoever comes when it is full is refused at once, and
// not kept.
func TestTheQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(t, cheap, 1)
		occupy(t, h, "bob")
		hashed := make(chan error)
		go func() { _, err := h.Hash(t.Context(), "ann", "password123"); hashed <- err }()
		synctest.Wait() // until it waits
		for range 3 {
			if err := h.VerifyNobody(t.Context(), "ann", "password123"); !errors.Is(err, fair.ErrBusy) {
				t.Errorf("behind one that waits: %v, want ErrBusy", err)
			}
		}
		h.turns.Give("bob")
		if err := <-hashed; err != nil {
			t.Errorf("the one that waited: %v", err)
		}
		if err := h.VerifyNobody(t.Context(), "ann", "password123"); err != nil {
			t.Errorf("when nobody waits: %v", err)
		}
	})
}

// What a hash takes is free after it, and not kept until the collector comes by.
func TestHashGivesItsMemoryBack(t *testing.T) {
	h, err := New(OWASP, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := h.Hash(t.Context(), "ann", "correct horse"); err != nil {
			t.Fatal(err)
		}
	}
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapInuse >= uint64(OWASP.Memory)<<10 {
		t.Errorf("%d MB are in use after three hashes", m.HeapInuse>>20)
	}
}

// While one hash follows the other, their memory is left to the collector: it is
// seen to at the end, once.
func TestManyHashesGiveTheirMemoryBackAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const many = 8
		h, err := New(OWASP, 1, many)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.turns.Take(t.Context(), "first"); err != nil {
			t.Fatal(err)
		}
		for range many {
			go func() {
				if _, err := h.Hash(t.Context(), "ann", "password123"); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait() // all of them wait
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		h.turns.Give("first")
		synctest.Wait()
		runtime.ReadMemStats(&after)
		if n := after.NumForcedGC - before.NumForcedGC; n != 1 {
			t.Errorf("%d hashes collected the heap %d times", many, n)
		}
	})
}

// The memory of a large hash is given back also where a small one ends last, and
// nothing is collected for who gave up waiting.
func TestTheLastHashMayBeSmall(t *testing.T) {
	forced := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumForcedGC
	}
	h := newHasher(t, cheap, 1)
	h.uses(64 << 10)
	before := forced()
	if _, err := h.Hash(t.Context(), "ann", "password123"); err != nil {
		t.Fatal(err)
	}
	if forced() == before {
		t.Error("the memory of the large hash is left")
	}
	before = forced()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "ann", "password123"); err == nil {
		t.Error("it did not give up")
	}
	if forced() != before {
		t.Error("the heap was collected for nothing")
	}
}
