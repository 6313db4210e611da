package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// worker acts for people of its own, one request after the other.
type worker struct {
	t      *testing.T
	name   string
	random *rand.Rand
	people []*person
}

// work asks for one thing after the other until the server is gone, and calls
// answered after each.
func (w *worker) work(s *apart, answered func()) {
	newcomers := 2
	for {
		if len(w.people) == 0 || newcomers > 0 && w.random.IntN(10) == 0 {
			newcomers--
			w.people = append(w.people, newPerson(w.t, fmt.Sprintf("%s-%d", w.name, len(w.people))))
			if !w.people[len(w.people)-1].signUp(s) {
				return
			}
		} else if !w.act(s, w.recent()[w.random.IntN(len(w.recent()))]) {
			return
		}
		answered()
	}
}

// recent are the people who are busy.
func (w *worker) recent() []*person { return w.people[max(0, len(w.people)-4):] }

// act does something that a person can do.
func (w *worker) act(s *apart, p *person) bool {
	sessions := len(p.known.alive)
	if sessions == 0 {
		return p.signIn(s)
	}
	secret := p.known.alive[w.random.IntN(sessions)]
	if sessions+p.known.unknown > 5 { // far from where the oldest end
		return p.signOutEverywhere(s, secret)
	}
	value := fmt.Sprintf("value %04d", len(p.history))
	switch w.random.IntN(8) {
	case 0, 1:
		return p.signIn(s)
	case 2, 3:
		return p.signOut(s, secret)
	case 4:
		return p.changePassword(s, secret, value)
	case 5:
		return p.makeJWTs(s, secret, 1+w.random.IntN(3))
	}
	return p.setPrefs(s, secret, value)
}

// check checks people who are there, and lets go who never signed up.
func (w *worker) check(s *apart, people []*person) {
	for _, p := range people {
		if faults := p.check(s); len(faults) > 0 {
			w.t.Errorf("%s: %s\n%s", p.id, strings.Join(faults, ", "), strings.Join(p.history, "\n"))
		}
		if !p.known.exists {
			w.people = w.people[:len(w.people)-1] // it was the last thing that was asked
		}
	}
}

// TestAcknowledgedChangesSurviveKills kills a server again and again while
// people sign up, in and out, change passwords and preferences and make JWTs. It
// knows all that it answered, nothing of what it did not answer by half, and
// still how many JWTs it made.
func TestAcknowledgedChangesSurviveKills(t *testing.T) {
	t.Parallel()
	const kills, most = 8, 150
	seed := rand.Uint64()
	t.Logf("the seed is %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var workers []*worker
	for i := range 4 {
		workers = append(workers, &worker{t: t, name: fmt.Sprintf("w%d", i), random: rand.New(rand.NewPCG(seed, uint64(i+1)))})
	}
	each := func(do func(w *worker)) {
		var busy sync.WaitGroup
		for _, w := range workers {
			busy.Go(func() { do(w) })
		}
		busy.Wait()
	}
	data, total := t.TempDir(), 0
	s := serveApart(t, "--data", data)
	for range kills {
		var answers atomic.Int64
		enough, ended := make(chan struct{}), make(chan struct{})
		last := int64(1 + random.IntN(most))
		go func() {
			defer close(ended)
			each(func(w *worker) {
				w.work(s, func() {
					if answers.Add(1) == last {
						close(enough)
					}
				})
			})
		}()
		select {
		case <-enough: // while the others wait for their answers
			s.kill()
			<-ended
		case <-ended:
		}
		if t.Failed() { // the server still runs
			t.FailNow()
		}
		total += int(answers.Load())
		s = serveApart(t, "--data", data)
		each(func(w *worker) { w.check(s, w.recent()) })
		if t.Failed() { // what follows would only repeat it
			t.FailNow()
		}
	}
	each(func(w *worker) { w.check(s, w.people) })
	t.Logf("%d answers before %d kills", total, kills)
}

// TestTheCheckSeesWhatIsLost holds that the check of the test above can fail: a
// server that went back to an older state of its data is found out for each kind
// of change that is lost.
func TestTheCheckSeesWhatIsLost(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serveApart(t, "--data", data)
	first := func(p *person) string { return p.known.alive[0] }
	lost := []struct {
		name, fault string
		change      func(p *person) bool
	}{
		{"sign-up", `[] sign in, not "password of sign-up" alone`, func(p *person) bool { return p.signUp(s) }},
		{"sign-in", "a session is lost, there are 1 sessions, not 2", func(p *person) bool { return p.signIn(s) }},
		{"sign-out", "a session that had ended is alive", func(p *person) bool { return p.signOut(s, first(p)) }},
		{"everywhere", "a session that had ended is alive", func(p *person) bool { return p.signOutEverywhere(s, first(p)) }},
		{"password", `["password of password"] sign in, not "another one" alone`, func(p *person) bool { return p.changePassword(s, first(p), "another one") }},
		{"prefs", `the prefs are "", not "red"`, func(p *person) bool { return p.setPrefs(s, first(p), "red") }},
		{"JWTs", "4 to 4 JWTs were made, 1 are counted", func(p *person) bool { return p.makeJWTs(s, first(p), 3) }},
		{"nothing", "", func(*person) bool { return true }},
	}
	people := make([]*person, len(lost))
	for i, l := range lost {
		p := newPerson(t, l.name)
		people[i] = p
		if l.name != "sign-up" && (!p.signUp(s) || !p.signIn(s) || !p.makeJWTs(s, first(p), 1)) {
			t.FailNow()
		}
	}
	s.kill()
	older := filepath.Join(t.TempDir(), "older")
	copyData(t, data, older)
	s = serveApart(t, "--data", data)
	for i, l := range lost {
		if !l.change(people[i]) {
			t.FailNow()
		}
	}
	s.kill()
	s = serveApart(t, "--data", older)
	for i, l := range lost {
		if got := strings.Join(people[i].check(s), ", "); got != l.fault && (l.fault == "" || !strings.Contains(got, l.fault)) {
			t.Errorf("%s: the check says %q, want %q", l.name, got, l.fault)
		}
	}
}

// copyData copies the folder of a server that does not run.
func copyData(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
