package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// long is a wait that no test reaches.
const long = time.Minute

// hold expects a place to get so many bytes more, or not, at once.
func hold(t *testing.T, p *Place, bytes int64, want error) {
	t.Helper()
	if err := p.Try(bytes); !errors.Is(err, want) {
		t.Fatalf("%d bytes more for %s, which has %d: %v, want %v", bytes, p.key, p.Size(), err, want)
	}
}

// An account may hold as much as it leaves, so that another finds as much.
func TestShares(t *testing.T) {
	l := New(1200, long)
	a, b, c := l.Open("a", 0), l.Open("b", 0), l.Open("c", 0)
	hold(t, a, 600, nil)
	hold(t, a, 1, ErrBusy)
	hold(t, l.Open("a", 0), 1, ErrBusy)
	hold(t, b, 300, nil) // half of what is left
	hold(t, b, 1, ErrBusy)
	a.Give(200) // each has a third then
	hold(t, b, 100, nil)
	hold(t, a, 1, ErrBusy)
	hold(t, b, 1, ErrBusy)
	hold(t, c, 200, nil)
	a.Close()
	hold(t, c, 200, nil)
	if l.Used() != 800 {
		t.Errorf("%d are used", l.Used())
	}
	b.Close()
	c.Close()
	if l.Used() != 0 || len(l.accounts) != 0 || l.turns.Len() != 0 {
		t.Errorf("%d bytes, %d accounts and %d turns are left", l.Used(), len(l.accounts), l.turns.Len())
	}
}

// What is free takes no room, however full it is.
func TestFreeBytes(t *testing.T) {
	l := New(100, 0)
	full := l.Open("a", 0)
	hold(t, full, 50, nil)
	p := l.Open("a", 10)
	hold(t, p, 10, nil)
	hold(t, p, 1, ErrBusy)
	full.Give(20)
	hold(t, p, 15, nil)
	if l.Used() != 45 || p.Size() != 25 {
		t.Errorf("%d are used, %d held", l.Used(), p.Size())
	}
	p.Give(20)
	if l.Used() != 30 || p.Size() != 5 {
		t.Errorf("%d are used, %d held", l.Used(), p.Size())
	}
}

// waiter waits for bytes, and tells when it got them.
func waiter(t *testing.T, l *Ledger, key string, bytes int64, got chan<- string, name string) *Place {
	t.Helper()
	p := l.Open(key, 0)
	before := waiting(l)
	go func() {
		if err := p.Hold(context.Background(), bytes); err != nil {
			name = err.Error()
		}
		got <- name
	}()
	for waiting(l) == before {
		time.Sleep(time.Millisecond)
	}
	return p
}

// waiting is how many wait.
func waiting(l *Ledger) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for turn := l.turns.Front(); turn != nil; turn = turn.Next() {
		n += turn.Value.(*account).waiting.Len()
	}
	return n
}

// Who waits is served in the order of arrival, the accounts in turn: one with
// many in wait delays no other.
func TestTurns(t *testing.T) {
	l := New(100, long)
	full := []*Place{l.Open("x", 0), l.Open("y", 0), l.Open("z", 0)}
	hold(t, full[0], 50, nil)
	hold(t, full[1], 25, nil)
	hold(t, full[2], 12, nil)
	got := make(chan string, 10)
	places := map[string]*Place{}
	for _, name := range []string{"a1", "a2", "a3", "b1"} {
		places[name] = waiter(t, l, name[:1], 10, got, name)
	}
	full[1].Give(15) // room for one
	order := <-got
	places[order].Close() // and for the next, by the first's end
	for range 3 {
		name := <-got
		order += " " + name
		places[name].Close()
	}
	if order != "a1 b1 a2 a3" {
		t.Errorf("served are %s", order)
	}
}

// Small ones do not pass by who came first in their account; those of others do.
func TestNobodyIsPassedBy(t *testing.T) {
	l := New(100, long)
	full := l.Open("x", 0)
	hold(t, full, 50, nil)
	got := make(chan string, 10)
	large := waiter(t, l, "a", 30, got, "large")
	hold(t, l.Open("a", 0), 1, ErrBusy)
	hold(t, l.Open("b", 0), 1, nil)
	full.Close()
	if name := <-got; name != "large" {
		t.Errorf("served is %s", name)
	}
	large.Close()
}

// Waiting ends with its time, or its context, and then nothing is held.
func TestWaitingEnds(t *testing.T) {
	l := New(100, time.Millisecond)
	full := l.Open("x", 0)
	hold(t, full, 50, nil)
	p := l.Open("x", 0)
	if err := p.Hold(t.Context(), 10); !errors.Is(err, ErrBusy) || p.Size() != 0 {
		t.Errorf("%d are held, %v", p.Size(), err)
	}
	l.wait = long
	p = l.Open("x", 0)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Hold(gone, 10); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// Not even alone.
	if err := l.Open("y", 0).Hold(t.Context(), 51); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	full.Close()
	if l.Used() != 0 || len(l.accounts) != 0 || l.turns.Len() != 0 {
		t.Errorf("%d bytes, %d accounts and %d turns are left", l.Used(), len(l.accounts), l.turns.Len())
	}
}

// A place waits as long as it may in all, however often.
func TestWaitingIsCounted(t *testing.T) {
	l := New(1000, 200*time.Millisecond)
	full := l.Open("x", 0)
	hold(t, full, 500, nil)
	p := l.Open("x", 0)
	for i := 0; ; i++ {
		timer := time.AfterFunc(30*time.Millisecond, func() { full.Give(1) })
		err := p.Hold(t.Context(), 1)
		if timer.Stop(); errors.Is(err, ErrBusy) {
			if i > 7 || p.Size() != int64(i) {
				t.Errorf("it waited %d times, and holds %d", i, p.Size())
			}
			break
		}
	}
}

// When a first one gives up, whoever waits behind it is looked at.
func TestGivingUpMakesWay(t *testing.T) {
	l := New(100, long)
	full := l.Open("x", 0)
	hold(t, full, 40, nil)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { first <- l.Open("x", 0).Hold(ctx, 50) }()
	for waiting(l) == 0 {
		time.Sleep(time.Millisecond)
	}
	got := make(chan string, 1)
	waiter2 := l.Open("x", 0)
	go func() { got <- fmt.Sprint(waiter2.Hold(context.Background(), 5)) }()
	for waiting(l) == 1 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := <-got; err != "<nil>" {
		t.Error(err)
	}
}

// Many at once never hold more than there is, and leave nothing behind.
func TestManyAtOnce(t *testing.T) {
	const total = 10_000
	l := New(total, time.Millisecond)
	var held atomic.Int64
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for range 200 {
				p := l.Open(fmt.Sprint(i%5), 0)
				for n := range rand.N(int64(4)) + 1 {
					if p.Hold(context.Background(), n*100) != nil {
						break
					}
					if now := held.Add(n * 100); now > total {
						t.Errorf("%d are held", now)
					}
				}
				held.Add(-p.Size())
				p.Close()
			}
		})
	}
	all.Wait()
	if l.Used() != 0 || len(l.accounts) != 0 || l.turns.Len() != 0 {
		t.Errorf("%d bytes, %d accounts and %d turns are left", l.Used(), len(l.accounts), l.turns.Len())
	}
}
