//go:build !race

package harness

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server"
)

// rotations are ways to get a new signing key that leave the tokens of older
// ones good.
var rotations = []struct {
	name string
	server.Rotation
}{
	{"HS256", server.Rotation{Algorithm: "HS256"}},
	{"EdDSA at once", server.Rotation{Algorithm: "EdDSA", AtOnce: true}},
	{"ES256 in a minute", server.Rotation{Algorithm: "ES256", After: time.Minute}},
}

// orders are which of two clocks rotates first.
var orders = []struct {
	name  string
	ahead []bool
}{
	{"the clock ahead first", []bool{true, false}},
	{"the clock behind first", []bool{false, true}},
	{"the clock behind twice", []bool{false, false}},
}

// rotating is a place whose keys are rotated by two clocks: those of two
// servers, or one that steps back.
type rotating struct {
	*place
	zero time.Time
	who  *person
	all  []signed
}

// signed is a token, and how it came about.
type signed struct{ token, how string }

// A token is good until it expires, whatever key has signed it: two rotations,
// by clocks that are apart, drop none that has.
func TestEveryKeyThatSignedVerifies(t *testing.T) {
	t.Parallel()
	inEach(t, apart, func(p *place) {
		day := 0
		for _, r := range rotations {
			for _, order := range orders {
				p.Run(r.name+", "+order.name, func(t *testing.T) { p.rotating(day).inOrder(t, r.Rotation, order.ahead) })
				day++
			}
			p.Run(r.name+", both at once", func(t *testing.T) { p.rotating(day).both(t, r.Rotation) })
			day++
		}
	}, func(o *server.Options) { o.Limits = server.LimitsOff })
}

func (p *place) rotating(day int) *rotating {
	r := &rotating{place: p, zero: start.AddDate(0, 0, day)}
	p.clock.set(r.zero)
	r.who = p.newPerson(needs{ways: bySession})
	return r
}

// by goes to the clock that is ahead, or behind, so long after the beginning,
// and returns the server that has it.
func (r *rotating) by(ahead bool, after time.Duration) int {
	if len(r.servers) > 1 {
		r.clock.set(r.zero.Add(after))
		if ahead {
			return len(r.servers) - 1
		}
		return here
	}
	if ahead {
		after += maxSkew
	}
	r.clock.set(r.zero.Add(after))
	return here
}

// sign makes tokens by both clocks.
func (r *rotating) sign(when string) {
	for _, ahead := range []bool{true, false} {
		a := r.who.do(r.by(ahead, 0), "account.createJWT", bySession, args{"duration": 3600})
		r.all = append(r.all, signed{a.member("jwt"), fmt.Sprintf("made %s, by the clock %s", when, name(ahead))})
	}
}

// name is what a clock is called.
func name(ahead bool) string {
	if ahead {
		return "ahead"
	}
	return "behind"
}

// rotate makes a new key.
func (r *rotating) rotate(rotation server.Rotation, at int) {
	if _, err := r.server(at).Keys().Rotate(r.Context(), server.DefaultProject, rotation); err != nil {
		r.Errorf("Rotate: %v", err)
	}
}

// inOrder rotates one after the other.
func (r *rotating) inOrder(t *testing.T, rotation server.Rotation, ahead []bool) {
	r.sign("before")
	for i, first := range ahead {
		r.rotate(rotation, r.by(first, 0))
		r.sign(fmt.Sprintf("after rotation %d", i+1))
	}
	r.verify(t)
}

// both rotates at all servers at once, while tokens are made.
func (r *rotating) both(t *testing.T, rotation server.Rotation) {
	r.sign("before")
	made := make(chan string, 12)
	r.by(false, 0)
	atOnce(cap(made), func(i int) {
		if i < 3 {
			r.rotate(rotation, i)
		}
		made <- r.who.do(i, "account.createJWT", bySession, args{"duration": 3600}).member("jwt")
	})
	close(made)
	for token := range made {
		r.all = append(r.all, signed{token, "made meanwhile"})
	}
	r.sign("after")
	r.verify(t)
}

// verify asks by all tokens, now and shortly before the first expires by any
// clock.
func (r *rotating) verify(t *testing.T) {
	for _, s := range r.all {
		var refused []string
		for _, after := range []time.Duration{0, time.Hour - maxSkew - time.Minute} {
			for _, ahead := range []bool{true, false} {
				header := map[string]string{"X-Appwrite-Project": server.DefaultProject, "X-Appwrite-JWT": s.token}
				if a := r.ask(r.by(ahead, after), request{"GET", "/v1/account", header, ""}); a.status != 200 {
					refused = append(refused, fmt.Sprintf("%d %s (%v later, by the clock %s)", a.status, a.member("message"), after, name(ahead)))
				}
			}
		}
		if refused != nil {
			t.Errorf("a token that was %s: want 200, not %s", s.how, strings.Join(refused, ", "))
		}
	}
}
