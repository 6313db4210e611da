package fair

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// line is a queue under test: those who wait by name, and who was served.
type line struct {
	*Queue
	t      *testing.T
	served []string
	busy   []string
	ends   map[string]context.CancelFunc
	mu     sync.Mutex
}

func newLine(t *testing.T, q *Queue) *line {
	return &line{Queue: q, t: t, ends: map[string]context.CancelFunc{}}
}

// come lets callers come, one after the other: "a1" is one of the key "a".
func (l *line) come(names ...string) {
	for _, name := range names {
		ctx, cancel := context.WithCancel(l.t.Context())
		l.ends[name] = cancel
		go func() {
			err := l.Take(ctx, name[:1])
			l.mu.Lock()
			defer l.mu.Unlock()
			switch {
			case err == nil:
				l.served = append(l.served, name)
			case errors.Is(err, ErrBusy):
				l.busy = append(l.busy, name)
			}
		}()
		synctest.Wait()
	}
}

// give gives a place of each key back, one after the other.
func (l *line) give(keys ...string) {
	for _, key := range keys {
		l.Give(key)
		synctest.Wait()
	}
}

func (l *line) want(served, busy string) {
	l.t.Helper()
	if got := strings.Join(l.served, " "); got != served {
		l.t.Errorf("served are %s, want %s", got, served)
	}
	if got := strings.Join(l.busy, " "); got != busy {
		l.t.Errorf("refused are %s, want %s", got, busy)
	}
}

// empty expects that nothing is left of anybody.
func (l *line) empty(places int) {
	l.t.Helper()
	if l.free != places || l.waiting != 0 || len(l.keys) != 0 || l.turns.Len() != 0 {
		l.t.Errorf("%d of %d places are free, %d wait, %d keys and %d turns are left", l.free, places, l.waiting, len(l.keys), l.turns.Len())
	}
}

// Keys that wait are served in turn, and the callers of each in their order.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(1, 10, nil))
		l.come("a1", "a2", "a3", "a4", "b1", "b2", "c1")
		l.give("a", "a", "b", "c", "a", "b", "a")
		l.want("a1 a2 b1 c1 a3 b2 a4", "")
		l.empty(1)
	})
}

// Of a full queue the last caller of the key that has most gives way to one that
// has fewer; among equals whoever comes is refused.
func TestFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(1, 4, nil))
		l.come("a0", "a1", "a2", "a3", "a4", "a5")
		l.want("a0", "a5")
		l.come("b1", "b2", "b3", "c1", "d1", "e1")
		l.want("a0", "a5 a4 a3 b3 a2 b2 e1")
		l.give("a", "a", "b", "c", "d")
		l.want("a0 a1 b1 c1 d1", "a5 a4 a3 b3 a2 b2 e1")
		l.empty(1)
	})
}

// By Half, a key holds a part of the places, and others find one.
func TestHalf(t *testing.T) {
	for places, alone := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 8: 4, 16: 8} {
		synctest.Test(t, func(t *testing.T) {
			l := newLine(t, New(places, 100, Half))
			for i := range places + 1 {
				l.come("a" + strconv.Itoa(i))
			}
			if len(l.served) != alone {
				t.Errorf("of %d places a key gets %d, want %d", places, len(l.served), alone)
			}
			if l.come("b0"); places > 1 && !slices.Contains(l.served, "b0") {
				t.Errorf("of %d places another key gets none", places)
			}
			for len(l.keys) > 0 { // nobody waits for ever
				for _, key := range []string{"a", "b"} {
					if s := l.keys[key]; s != nil && s.held > 0 {
						l.give(key)
					}
				}
			}
			l.empty(places)
		})
	}
}

// A key that holds its part keeps its turn while others go before.
func TestPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(4, 10, Half))
		l.come("a1", "a2", "a3", "b1", "c1", "d1", "b2")
		l.want("a1 a2 b1 c1", "")
		l.give("a") // whose key would get no second one now
		l.want("a1 a2 b1 c1 d1", "")
		l.give("c", "d")
		l.want("a1 a2 b1 c1 d1 a3", "")
		l.give("a", "a", "b")
		l.want("a1 a2 b1 c1 d1 a3 b2", "")
		l.give("b")
		l.empty(4)
	})
}

// Those who go while they wait leave nothing, and pass on a place that they got
// in the same moment.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(1, 10, nil))
		l.come("a1", "a2", "b1", "c1")
		l.ends["b1"]()
		synctest.Wait()
		l.ends["a2"]()
		l.Give("a") // a2 may have it, but has gone
		synctest.Wait()
		if last := l.served[len(l.served)-1]; last == "a2" {
			l.give("a")
		}
		if last := l.served[len(l.served)-1]; last != "c1" {
			t.Errorf("served last is %s", last)
		}
		l.give("c")
		l.empty(1)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := l.Take(ended, "d"); !errors.Is(err, context.Canceled) {
			t.Errorf("who has gone already gets %v", err)
		}
		l.empty(1)
	})
}

// Who must not be refused waits beside a full queue, and has its turn.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(1, 1, nil))
		l.come("a1", "a2")
		waited := make(chan error, 1)
		go func() { waited <- l.Wait(t.Context(), "later") }()
		synctest.Wait()
		l.come("b1")
		l.want("a1", "b1")
		l.give("a", "a")
		if err := <-waited; err != nil {
			t.Error(err)
		}
		l.come("c1") // which may wait, as nobody does who counts
		l.give("later", "c")
		l.want("a1 a2 c1", "b1")
		l.empty(1)
	})
}

// A place that is moved counts for its new key, and Full tells whose part is
// taken.
func TestMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(4, 10, Half))
		for range 2 {
			if err := l.Wait(t.Context(), "later"); err != nil {
				t.Fatal(err)
			}
			if full := l.Full(); len(full) != 0 && full[0] != "later" {
				t.Errorf("%q are full", full)
			}
			l.Move("later", "a")
		}
		l.come("l1")
		if full := l.Full(); !slices.Equal(full, []string{"a"}) {
			t.Errorf("%q are full, want a", full)
		}
		l.come("a1")
		l.want("l1", "")
		l.give("a", "a", "a", "l")
		l.want("l1 a1", "")
		l.empty(4)
	})
}

// However callers come, go and give back: no more places are held than there
// are, no more wait than may, nobody waits for a place that the key may have,
// a key that holds none is served before any other is served twice, and in the
// end nothing is left.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{1, 3, 0, 0, 0, 1, 2, 3, 64, 65, 128, 66, 0, 129})
	f.Add([]byte{4, 9, 0, 1, 0, 0, 2, 130, 64, 3, 0, 1, 2, 3, 64, 128, 65, 66, 67})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 2 || len(data) > 200 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			newModel(t, 1+int(data[0]%8), int(data[1]%16)).run(data[2:])
		})
	})
}

// model is a queue, and what is known of it from outside.
type model struct {
	*line
	places, queue int
	waits         []string          // names
	holds         map[string]int    // by key
	passed        map[[2]string]int // how often the second key was served while the first waits and holds none
	next, seen    int
}

func newModel(t *testing.T, places, queue int) *model {
	return &model{line: newLine(t, New(places, queue, Half)), places: places, queue: queue, holds: map[string]int{}, passed: map[[2]string]int{}}
}

func (m *model) run(steps []byte) {
	for _, step := range steps {
		key := string(rune('a' + step%8))
		switch {
		case step < 64:
			m.next++
			name := key + strconv.Itoa(m.next)
			m.waits = append(m.waits, name)
			m.come(name)
		case step < 128:
			if m.holds[key] > 0 {
				m.holds[key]--
				m.give(key)
			}
		default:
			if n := len(m.waits); n > 0 {
				name := m.waits[int(step)%n]
				m.ends[name]()
				m.waits = slices.DeleteFunc(m.waits, func(w string) bool { return w == name })
				synctest.Wait()
			}
		}
		m.settle()
		m.check()
	}
	for len(m.holds) > 0 {
		for key, n := range m.holds {
			delete(m.holds, key)
			for range n {
				m.give(key)
			}
			m.settle()
		}
	}
	if len(m.waits) > 0 {
		m.t.Errorf("%q wait for ever", m.waits)
	}
	m.empty(m.places)
}

// settle notes who was served and refused.
func (m *model) settle() {
	for ; m.seen < len(m.served); m.seen++ {
		name := m.served[m.seen]
		m.waits = slices.DeleteFunc(m.waits, func(w string) bool { return w == name })
		m.pass(name[:1])
		m.holds[name[:1]]++
	}
	m.waits = slices.DeleteFunc(m.waits, func(w string) bool { return slices.Contains(m.busy, w) })
	maps.DeleteFunc(m.passed, func(pair [2]string, _ int) bool { return !m.starves(pair[0]) })
}

// starves reports whether a key waits and holds none.
func (m *model) starves(key string) bool {
	return m.holds[key] == 0 && slices.ContainsFunc(m.waits, func(w string) bool { return w[:1] == key })
}

// pass notes that a key was served. Nobody who waits and holds none may see
// another key served twice.
func (m *model) pass(served string) {
	for _, key := range "abcdefgh" {
		pair := [2]string{string(key), served}
		if pair[0] == served || !m.starves(pair[0]) {
			continue
		}
		if m.passed[pair]++; m.passed[pair] > 1 {
			m.t.Errorf("%s was served twice while %s waits", served, pair[0])
		}
	}
}

func (m *model) check() {
	held := 0
	for key, n := range m.holds {
		if held += n; n == 0 {
			delete(m.holds, key)
		}
	}
	free := m.places - held
	if free < 0 || len(m.waits) > m.queue {
		m.t.Fatalf("%d of %d places are held, %d of %d wait", held, m.places, len(m.waits), m.queue)
	}
	for _, w := range m.waits {
		if n := m.holds[w[:1]]; free > 0 && (n == 0 || n < free) {
			m.t.Errorf("%s waits, though its key holds %d and %d are free", w, n, free)
		}
	}
}

// TestRace lets many take and give at once: never are there more than places.
func TestRace(t *testing.T) {
	const places, keys, each = 3, 8, 200
	q := New(places, keys*4, Half)
	var inside, most, served atomic.Int64
	var wg sync.WaitGroup
	for k := range keys {
		for range 4 {
			wg.Go(func() {
				for i := range each {
					ctx, cancel := context.WithCancel(t.Context())
					if i%5 == 0 {
						go cancel()
					}
					if q.Take(ctx, strconv.Itoa(k)) == nil {
						n := inside.Add(1)
						for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
						}
						served.Add(1)
						inside.Add(-1)
						q.Give(strconv.Itoa(k))
					}
					cancel()
				}
			})
		}
	}
	wg.Wait()
	if most.Load() > places || served.Load() < keys*4*each*4/5 {
		t.Errorf("%d at once, of %d places; %d were served", most.Load(), places, served.Load())
	}
	newLine(t, q).empty(places)
}

// Many callers of one key do not keep the few of others out.
func TestFloodOfOneKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, New(1, 16, nil))
		for i := range 500 {
			l.come("a" + strconv.Itoa(i))
		}
		l.come("b1", "c1", "d1", "e1", "f1", "g1")
		l.give("a", "a", "b", "c", "d", "e", "f")
		l.want("a0 a1 b1 c1 d1 e1 f1 g1", strings.Join(l.busy, " "))
		for _, name := range l.busy {
			if name[:1] != "a" {
				t.Errorf("%s is refused", name)
			}
		}
	})
}
