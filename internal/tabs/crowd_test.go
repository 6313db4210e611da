package tabs

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/moment"
)

// A crowd is a simulated browser: tabs, their channel, their storage and the
// server. Its time is that of the events in its heap; nothing waits.
type crowd struct {
	t      *testing.T
	name   string
	random *rand.Rand
	at     time.Duration
	events events
	order  int // of events
	tabs   []*simTab

	delay   func() time.Duration // of a message
	lost    float64              // share of messages
	stored  int64                // the epoch
	session int                  // in the cookie jar

	jwts    map[string]jwt
	makers  map[*simTab]int // the session that each makes a token of
	most    int             // makers of one session at once
	created int
	slowest time.Duration // from want to token
}

// jwt is what the crowd knows of a token.
type jwt struct {
	session int
	epoch   int64
}

// simTab does for one State what SessionTokens does.
type simTab struct {
	c       *crowd
	state   State
	who     Identity
	held    *Token
	era     int
	closed  bool
	since   time.Duration // of the want under way, or -1
	flight  int
	wait    int // the one under way
	waiting bool
}

const (
	tokenLife = time.Minute
	early     = 6 * time.Second
)

func newCrowd(t *testing.T, seed uint64, delay, lost float64) *crowd {
	c := &crowd{
		t: t, name: fmt.Sprint("seed ", seed), random: rand.New(rand.NewPCG(seed, 7)), lost: lost,
		session: 1, stored: 1, jwts: map[string]jwt{}, makers: map[*simTab]int{},
	}
	c.delay = func() time.Duration { return time.Duration(1 + c.random.Float64()*delay*float64(time.Millisecond)) }
	return c
}

func (c *crowd) run(until time.Duration) {
	for len(c.events) > 0 && c.events[0].at <= until {
		e := heap.Pop(&c.events).(due)
		c.at = e.at
		e.do()
	}
	c.at = until
}

func (c *crowd) in(d time.Duration, do func()) {
	c.order++
	heap.Push(&c.events, due{c.at + d, c.order, do})
}

func (c *crowd) now() moment.Moment { return moment.Moment{Wall: begin.Add(c.at), Mono: c.at} }

func identityOfSession(n int) Identity {
	return Identity{User: fmt.Sprint("user ", n), Session: fmt.Sprint(n)}
}

func (c *crowd) open() *simTab {
	tb := &simTab{c: c, state: New(c.stored, begin.Add(c.at)), since: -1}
	c.tabs = append(c.tabs, tb)
	tb.perform(nil, tb.state.Connect())
	return tb
}

func (tb *simTab) self() *Self {
	now := tb.c.now()
	self := &Self{Who: tb.who, Holds: tb.held != nil, Left: tb.held.Left(now), Now: begin.Add(tb.c.at), At: now}
	self.Fresh = self.Left > early
	if tb.held != nil {
		self.JWT = tb.held.JWT
	}
	return self
}

func (tb *simTab) perform(m *Message, actions ...Action) {
	for _, a := range actions {
		switch a.Do {
		case Post:
			tb.post(a.Kind)
		case Store:
			tb.c.stored = tb.state.Epoch()
		case Wake:
			tb.wake()
		case Leave, Overtaken:
			tb.forget()
			tb.who = Identity{}
		case Become:
			if !tb.who.Allows(m.Who) {
				tb.forget()
			}
			tb.who = m.Who
		case Adopt:
			if made := tb.c.jwts[m.Token.JWT]; made.epoch != tb.state.Epoch() {
				tb.c.t.Errorf("%s: a token of epoch %d was adopted in epoch %d", tb.c.name, made.epoch, tb.state.Epoch())
			}
			tb.held = m.Token
		}
	}
}

// post sends to each other tab on its own time, or not at all.
func (tb *simTab) post(kind Kind) {
	c, place := tb.c, Place{"e", "p"}
	m := Message{Kind: kind, Who: tb.who, Epoch: tb.state.Epoch(), Lot: tb.state.Lot(), Token: tb.held}
	text := m.Text(place, c.now())
	for _, other := range c.tabs {
		if other == tb || c.random.Float64() < c.lost {
			continue
		}
		c.in(c.delay(), func() {
			if m, ok := Read(text, place, c.now()); ok && !other.closed {
				other.perform(&m, other.state.HearEpoch(&m)...)
				other.perform(&m, other.state.Hear(&m, other.self())...)
			}
		})
	}
}

func (tb *simTab) forget() {
	tb.era++
	tb.held = nil
	delete(tb.c.makers, tb)
	if tb.since >= 0 { // whoever waited is told
		tb.since = -1
		tb.flight++
	}
	tb.perform(nil, tb.state.Yield()...)
}

// ask wants a token, as a page does.
func (tb *simTab) ask() {
	if tb.closed {
		return
	}
	tb.perform(nil, tb.state.Overtake(tb.c.stored)...)
	if tb.since < 0 && !tb.self().Fresh {
		tb.since = tb.c.at
		tb.flight++
		tb.next()
	}
}

func (tb *simTab) wake() {
	if tb.waiting {
		tb.waiting = false
		flight := tb.flight
		tb.c.in(0, func() { tb.resume(flight) })
	}
}

func (tb *simTab) resume(flight int) {
	if !tb.closed && tb.since >= 0 && tb.flight == flight {
		tb.next()
	}
}

func (tb *simTab) next() {
	c := tb.c
	step, actions := tb.state.Next(Want{Lot: MinLot + c.random.Int64N(1<<52)}, tb.self())
	tb.perform(nil, actions...)
	flight := tb.flight
	switch step.Do {
	case Wait:
		tb.wait++
		wait := tb.wait
		tb.waiting = true
		c.in(step.For, func() {
			if tb.waiting && tb.wait == wait {
				tb.waiting = false
				tb.resume(flight)
			}
		})
	case Verify:
		if c.jwts[step.Offer.JWT].session == c.session {
			tb.who = identityOfSession(c.session)
			tb.land(step.Offer)
			return
		}
		c.in(time.Millisecond, func() { tb.resume(flight) })
	case Take:
		tb.end()
	case Make:
		tb.make(flight)
	}
}

func (tb *simTab) make(flight int) {
	c, session, era, epoch := tb.c, tb.c.session, tb.era, tb.state.Epoch()
	c.created++
	c.makers[tb] = session
	same := 0
	for _, s := range c.makers {
		if s == session {
			same++
		}
	}
	c.most = max(c.most, same)
	asked := c.now()
	c.in(time.Duration(5+c.random.IntN(400))*time.Millisecond, func() {
		if tb.closed {
			return
		}
		tb.perform(nil, tb.state.Overtake(c.stored)...)
		if tb.era != era || tb.flight != flight {
			return
		}
		delete(c.makers, tb)
		t := &Token{JWT: fmt.Sprint("jwt ", c.created, c.order), At: asked, Life: tokenLife}
		c.jwts[t.JWT] = jwt{session, epoch}
		tb.who, tb.held = identityOfSession(session), t
		tb.land(t)
	})
}

// land ends the flight with a token that the tab made or verified.
func (tb *simTab) land(t *Token) {
	tb.held = t
	tb.perform(nil, tb.state.Made())
	tb.end()
}

// end ends the flight with the token in hand.
func (tb *simTab) end() {
	tb.c.slowest = max(tb.c.slowest, tb.c.at-tb.since)
	tb.since = -1
	tb.flight++
	tb.perform(nil, tb.state.Yield()...)
}

func (tb *simTab) signIn() {
	tb.forget()
	tb.c.session++
	tb.who = identityOfSession(tb.c.session)
	tb.perform(nil, tb.state.Raise(tb.c.stored))
	tb.perform(nil, Action{Post, SignedIn})
}

// close is what a crash does: no message says so.
func (tb *simTab) close() {
	tb.closed = true
	delete(tb.c.makers, tb)
}

// TestOneMakerAtATime: where messages arrive within half a claim's window, in
// any order, never do two tabs make a token at once, one is made for each life
// of a token, and each tab has it soon.
func TestOneMakerAtATime(t *testing.T) {
	for seed := range uint64(300) {
		c := newCrowd(t, seed, 14, 0)
		for range 2 + c.random.IntN(6) {
			c.open()
		}
		const lives = 10
		for range lives {
			for _, tb := range c.tabs {
				for range 1 + c.random.IntN(3) {
					c.in(time.Duration(c.random.IntN(60))*time.Millisecond, tb.ask)
				}
			}
			c.run(c.at + tokenLife)
		}
		if c.most != 1 || c.created != lives || c.slowest > time.Second/2 {
			t.Fatalf("%s: %d makers at once, %d tokens for %d lives, the slowest took %s", c.name, c.most, c.created, lives, c.slowest)
		}
	}
}

// TestAnAbandonedTurnIsTakenOver, and no tab waits for one that crashed longer
// than a claim lives. A tab that waits for it may take another's claim for a
// later one, and make a token too: nothing is locked, and that costs one more.
func TestAnAbandonedTurnIsTakenOver(t *testing.T) {
	for seed := range uint64(300) {
		c := newCrowd(t, seed, 14, 0)
		for range 4 {
			c.open()
		}
		c.run(time.Second)
		for _, tb := range c.tabs {
			c.in(time.Duration(c.random.IntN(60))*time.Millisecond, tb.ask)
		}
		crashes := 0
		for range 2 {
			c.in(time.Duration(60+c.random.IntN(6000))*time.Millisecond, func() {
				for tb := range c.makers {
					tb.close()
					crashes++
				}
			})
		}
		c.run(c.at + tokenLife/2)
		for i, tb := range c.tabs {
			if !tb.closed && !tb.self().Fresh {
				t.Fatalf("%s: tab %d has no token", c.name, i)
			}
		}
		if c.most > 2 || c.created > 1+2*crashes || c.slowest > time.Duration(crashes)*(ClaimLife+time.Second/2)+time.Second/2 {
			t.Fatalf("%s: %d makers at once, %d tokens and %d crashes, the slowest took %s", c.name, c.most, c.created, crashes, c.slowest)
		}
	}
}

// TestNoTokenOfAnEarlierEpochIsAdopted, whatever is lost, late or overtaken
// while sessions change; and when it is quiet again, every tab that asks has a
// token of the last session.
func TestNoTokenOfAnEarlierEpochIsAdopted(t *testing.T) {
	for seed := range uint64(300) {
		c := newCrowd(t, seed, 800, 0.3)
		for range 2 + c.random.IntN(4) {
			c.open()
		}
		for range 200 {
			tb := c.tabs[c.random.IntN(len(c.tabs))]
			do := tb.ask
			if c.random.IntN(10) == 0 {
				do = tb.signIn
			}
			c.in(time.Duration(c.random.IntN(20_000))*time.Millisecond, do)
		}
		c.run(2 * tokenLife)
		for _, tb := range c.tabs {
			tb.ask()
		}
		c.run(c.at + tokenLife/2)
		for i, tb := range c.tabs {
			if tb.held == nil || c.jwts[tb.held.JWT].session != c.session {
				t.Fatalf("%s: tab %d ends with %+v in session %d", c.name, i, tb.held, c.session)
			}
		}
	}
}

// due is what happens at a time.
type due struct {
	at    time.Duration
	order int
	do    func()
}

type events []due

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(due)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = slices.Delete(old, len(old)-1, len(old))
	return last
}
