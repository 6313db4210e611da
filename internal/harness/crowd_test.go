//go:build !race

package harness

import (
	"testing"
)

// The headline: ten JWTs in 60 minutes, however many are asked for at once. The
// clock goes on with every look at it, so that requests are done in another
// order than they began.
func TestAThousandAtOnceMakeTen(t *testing.T) {
	t.Parallel()
	const rounds, askers = 20, 1000
	inEach(t, apart, func(p *place) {
		p.clock.tick.Store(1)
		for round := range rounds {
			who := p.newPerson(needs{ways: bySession})
			r := who.call(called("account.createJWT"), bySession).request(rest)
			var counts [600]int
			for status := range p.statuses(askers, r) {
				counts[status]++
			}
			// A machine that is slow, or busy, lets some wait for the database for
			// longer than anybody may: they are refused by 503.
			if refused := counts[429] + counts[503]; counts[201] != 10 || refused != askers-10 {
				p.Errorf("round %d: %d of %d were made, want 10; %d were refused", round+1, counts[201], askers, refused)
			}
		}
	})
}

// statuses asks so many times at once, at all servers.
func (p *place) statuses(n int, r request) <-chan int {
	all := make(chan int, n)
	atOnce(n, func(i int) { all <- p.ask(i, r).status })
	close(all)
	return all
}
