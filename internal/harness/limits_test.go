//go:build !race

package harness

import (
	"cmp"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/server"
)

// lane is a limit that is tried in a scenario by one transport.
type lane struct {
	limited
	over    transport
	place   *place
	call    func(int) call
	next    atomic.Int64 // the number of the next call
	waiting []*held
	past    atomic.Int64 // calls that got past the limit
}

// ask makes a call at a server.
func (l *lane) ask(at int) {
	l.judge(l.place.ask(at, l.request()))
}

// request is the next call.
func (l *lane) request() request { return l.call(int(l.next.Add(1) - 1)).request(l.over) }

// judge counts what got past the limit.
func (l *lane) judge(a answer) {
	if a.status >= 500 || a.status == 0 {
		l.place.Errorf("%v: %d: %s", l, a.status, trimmed(a.body))
	}
	if answered(l.over, a) {
		l.past.Add(1)
	}
}

// crowd makes calls at once, at all servers.
func (l *lane) crowd(n int) { atOnce(n, l.ask) }

// hold begins calls whose bodies are held back, at all servers.
func (l *lane) hold(n int) {
	for range n {
		i := len(l.waiting)
		h, err := l.place.peer(i).begin(l.request(), i%2 == 0)
		if err != nil {
			l.place.Errorf("%v: %v", l, err)
			return
		}
		l.waiting = append(l.waiting, h)
	}
}

// release lets the last call that waits go on.
func (l *lane) release() {
	if len(l.waiting) == 0 {
		return
	}
	last := len(l.waiting) - 1
	h := l.waiting[last]
	l.waiting = l.waiting[:last]
	a, err := h.finish()
	if err != nil {
		l.place.Errorf("%v: %v", l, err)
		return
	}
	l.judge(a)
}

func (l *lane) String() string { return l.name + ", by " + string(l.over) }

// trial is a scenario in a place: its lanes, and which windows of the clocks
// have been seen.
type trial struct {
	*testing.T
	*group
	place *place
	lanes []*lane
	seen  map[int64]bool
}

// scenarios are the ways to come to a limit, and by what. In GraphQL all of a
// request waits for its body.
var scenarios = []struct {
	name string
	over []transport
	run  func(*trial)
}{
	{"all at once", []transport{rest}, (*trial).allAtOnce},
	{"the last begun is the first done", []transport{rest}, (*trial).reversed},
	{"bodies held over the window's turn", []transport{rest, graphQL}, (*trial).overTheTurn},
	{"clocks on both sides of the turn", []transport{rest}, (*trial).bothSides},
	{"the clock steps back and forth", []transport{rest}, (*trial).backAndForth},
}

// No limit lets more through than it says, whoever asks when.
func TestLimits(t *testing.T) {
	t.Parallel()
	for i := range groups {
		g := &groups[i]
		t.Run(g.preset.String(), func(t *testing.T) {
			inEach(t, apart, func(p *place) {
				for day, s := range scenarios {
					p.Run(s.name, func(t *testing.T) { s.run(g.trial(t, p, day, s.over)) })
				}
			}, func(o *server.Options) { o.Limits = g.preset })
		})
	}
}

// some is how many calls come beside those that are let through.
const some = 5

// by are the transports by which a limit is tried: a large one, which takes
// long, by one.
func (l *limited) by(transports []transport) []transport {
	if l.limit > 20 {
		return transports[len(transports)-1:]
	}
	return transports
}

// trial prepares a scenario, each on another day: nothing counts any more.
func (g *group) trial(t *testing.T, p *place, day int, transports []transport) *trial {
	p.clock.set(start.AddDate(0, 0, day))
	r := &trial{T: t, group: g, place: p, seen: map[int64]bool{}}
	for i := range g.rows {
		for _, over := range g.rows[i].by(transports) {
			r.lanes = append(r.lanes, &lane{limited: g.rows[i], over: over, place: p, call: g.rows[i].calls(p)})
		}
	}
	r.look()
	return r
}

// each does something in all lanes at once.
func (r *trial) each(f func(*lane)) {
	var all sync.WaitGroup
	for _, l := range r.lanes {
		all.Go(func() { f(l) })
	}
	all.Wait()
}

// move moves the clocks.
func (r *trial) move(d time.Duration) {
	r.place.clock.move(d)
	r.look()
}

// look notes which windows the clocks show.
func (r *trial) look() {
	for _, skew := range r.place.skews {
		if !r.sliding {
			r.seen[r.place.clock.now().Add(skew).UnixNano()/int64(r.window)] = true
		}
	}
}

// want checks how many calls got past each limit since the last time: the limit
// for each window that any clock has shown. Where it was one, no fewer.
func (r *trial) want(step string) {
	r.Helper()
	if len(r.seen) <= 1 {
		r.wantWindows(step, 1, 1)
		return
	}
	r.wantWindows(step, 0, len(r.seen))
}

// wantWindows checks that it was the limit, so many times at least and at most.
func (r *trial) wantWindows(step string, least, most int) {
	r.Helper()
	for _, l := range r.lanes {
		got, least, most := int(l.past.Swap(0)), least*l.limit, most*l.limit
		switch want := fmt.Sprintf("%d to %d", least, most); {
		case least == most && got != most:
			r.Errorf("%v, %s: %d answered, want %d", l, step, got, most)
		case got < least || got > most:
			r.Errorf("%v, %s: %d answered, want %s", l, step, got, want)
		}
	}
}

// allAtOnce asks from all sides at one moment.
func (r *trial) allAtOnce() {
	r.each(func(l *lane) {
		l.crowd(cmp.Or(l.limited.crowd, l.limit+20))
	})
	r.want("all at once")
}

// reversed begins calls while the clock goes on, and finishes them in reverse
// order while it goes on, all within half a window.
func (r *trial) reversed() {
	most := 0
	for _, l := range r.lanes {
		most = max(most, l.more())
	}
	step := r.window / time.Duration(4*most)
	for i := range most {
		r.each(func(l *lane) {
			if i < l.more() {
				l.hold(1)
			}
		})
		r.move(step)
	}
	for range most {
		r.each((*lane).release)
		r.move(step)
	}
	r.want("the last begun first done")
}

// more is how many calls are some more than the limit lets through.
func (l *lane) more() int { return l.limit + min(l.limit, 10) }

// overTheTurn holds bodies over the turn of the window, and lets them go one by
// one between others: each may bring the old window back.
func (r *trial) overTheTurn() {
	const bodies = 4
	r.goTo(r.window * 9 / 10)
	r.each(func(l *lane) { l.hold(bodies) })
	turn := r.window * 7 / 60 // by all clocks, where they are less than a tenth apart
	if r.sliding {
		turn = r.window * 8 / 10
	}
	r.move(turn)
	for range bodies {
		r.each(func(l *lane) {
			l.crowd(max(l.limit*6/10, 10))
			l.release()
		})
	}
	r.want("bodies held over the turn")
}

// goTo moves the clocks to so long after the full hour or minute.
func (r *trial) goTo(after time.Duration) {
	clear(r.seen)
	r.move(after - start.Sub(start.Truncate(r.window)))
}

// ask makes so many calls more than the limit lets through at once, or so many
// at all, at one server.
func (r *trial) ask(at int, full bool) {
	r.each(func(l *lane) {
		n := some
		if full {
			n += l.limit
		}
		atOnce(n, func(int) { l.ask(at) })
	})
}

// bothSides asks servers by turns whose clocks have passed the turn of the
// window and others: what the first has passed, none goes back behind.
func (r *trial) bothSides() {
	r.goTo(r.window * 29 / 30)
	r.ask(here, true)
	r.wantWindows("before the turn", 1, 1)
	r.ask(r.ahead(), true)
	later := max(len(r.seen)-1, 0)
	r.wantWindows("after it, by another clock", min(later, 1), min(later, 1))
	for at := range r.place.skews {
		r.ask(at, false)
	}
	r.wantWindows("by all clocks once more", 0, max(later-1, 0))
}

// ahead is the server whose clock is.
func (r *trial) ahead() int { return len(r.place.skews) - 1 }

// backAndForth fills windows, and steps back to them and forth again: none is
// empty again.
func (r *trial) backAndForth() {
	stride := r.window
	if r.sliding {
		stride += 2 * maxSkew
	}
	for _, step := range []struct {
		name  string
		moved time.Duration
		full  bool
	}{
		{"in the first window", 0, true},
		{"in the second", stride, true},
		{"a window back", -stride, false},
		{"forth again", stride, false},
		{"two windows back", -2 * stride, false},
		{"two forth again", 2 * stride, false},
		{"in the third", stride, true},
	} {
		clear(r.seen)
		r.move(step.moved)
		r.ask(r.ahead(), step.full)
		if step.full {
			r.wantWindows(step.name, 1, 1)
		} else {
			r.wantWindows(step.name, 0, 0)
		}
		for at := range r.ahead() {
			r.ask(at, false)
		}
		r.wantWindows(step.name+", by the other clocks", 0, max(len(r.seen)-1, 0))
	}
}
