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

// What a token, a link or a recovery is good for, it is good for once, however
// many use it at one moment.
func TestAThousandAtOnceUseASecretOnce(t *testing.T) {
	t.Parallel()
	const rounds, askers = 5, 200
	inEach(t, together, func(p *place) {
		for range rounds {
			who := p.newPerson(needs{ways: byToken | byLink})
			for _, c := range []call{
				{called("account.createSession"), redeems(who), nil},
				{called("account.createSession"), redeemsLink(who), nil},
				{called("account.updateRecovery"), recovers(who), nil},
			} {
				results := make(chan int, askers)
				atOnce(askers, func(i int) {
					from := c
					from.header = map[string]string{"X-Forwarded-For": p.newAddress()}
					results <- p.ask(i, from.request(rest)).status
				})
				close(results)
				good := 0
				for status := range results {
					if status < 300 {
						good++
					}
				}
				if good != 1 {
					p.Errorf("%v with one secret was answered %d times, want once", c.op, good)
				}
			}
		}
	})
}
