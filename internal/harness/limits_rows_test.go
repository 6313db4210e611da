//go:build !race

package harness

import (
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/isojot/isojot/server"
)

// limited is a limit: at most so many calls of a kind are answered by anything
// but 429 in a window.
type limited struct {
	name  string
	limit int
	// crowd is how many ask at once; 0: enough.
	crowd int
	// calls prepares what is limited, and returns the call of each number.
	calls func(*place) func(i int) call
}

// group are the limits of a preset, whose windows are alike.
type group struct {
	preset server.Limits
	window time.Duration
	// sliding: at most so many in any window, not in each of the clock's.
	sliding bool
	rows    []limited
}

// groups are all limits of the README, each under one preset: those that are
// not of JWT creations are the same under all of them.
var groups = []group{
	{server.LimitsClassic, time.Hour, true, []limited{{name: "JWT creations", limit: 10, calls: makesJWTs}}},
	{server.LimitsAppwrite10, time.Hour, false, append([]limited{{name: "JWT creations", limit: 100, calls: makesJWTs}}, byTheHour...)},
	{server.LimitsAppwrite19, time.Minute, false, []limited{{name: "JWT creations", limit: 120, crowd: 400, calls: makesJWTs}}},
}

// byTheHour are the limits of every preset.
var byTheHour = []limited{
	{name: "sign-ups from an address", limit: 10, calls: signsUp},
	{name: "changes of a user's password from an address", limit: 10, calls: changesPassword},
	{name: "extensions of a user's sessions from an address", limit: 10, calls: extendsSession},
	{name: "sign-ins to an e-mail address", limit: 10, calls: guessesSignIn},
	{name: "tries of a user's one-time tokens", limit: 10, calls: guessesToken},
	{name: "tries of a user's password", limit: 10, calls: guessesPassword},
	{name: "challenges of a user", limit: 10, calls: asksForChallenges},
	{name: "tries of a user's second factor", limit: 10, calls: guessesFactor},
	{name: "questions whether an address is taken", limit: 10, crowd: 220, calls: asksForAddress},
	{name: "anonymous sign-ins from an address", limit: 50, calls: signsInAnonymously},
	{name: "sign-outs of a user's session from an address", limit: 100, calls: endsSession},
	{name: "guesses of a user's codes", limit: 100, crowd: 1000, calls: guessesCode},
	{name: "recoveries of an e-mail address", limit: 10, calls: recoversAddress},
	{name: "recoveries from an address", limit: 10, calls: recoversFrom},
	{name: "tries of a user's recovery", limit: 10, calls: guesses("account.updateRecovery", args{"password": another})},
	{name: "tries of a user's verification", limit: 10, calls: guesses("account.updateEmailVerification", nil)},
	{name: "tries of a user's phone verification", limit: 10, calls: guesses("account.updatePhoneVerification", nil)},
	{name: "verifications of a user", limit: 10, calls: verifies},
	{name: "magic links to an e-mail address", limit: 60, calls: mailed("account.createMagicURLToken")},
	{name: "codes to an e-mail address", limit: 10, calls: mailed("account.createEmailToken")},
	{name: "codes to a phone number", limit: 10, calls: textsCodes},
	{name: "sign-outs of all of a user's sessions from an address", limit: 100, calls: endsSessions},
}

// from is a header that says from which address a call comes.
func from(address string) map[string]string { return map[string]string{"X-Forwarded-For": address} }

// repeats are calls of a name that are all alike.
func repeats(name string, a args, header map[string]string) func(int) call {
	return func(int) call { return call{called(name), a, header} }
}

func makesJWTs(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return repeats("account.createJWT", args{}, who.header(bySession))
}

func signsUp(p *place) func(int) call {
	address := p.newAddress()
	return func(int) call {
		id := fmt.Sprintf("s%d", p.number())
		return call{called("account.create"), args{"userId": id, "email": id + "@example.com", "password": password}, from(address)}
	}
}

// changesPassword are changes that a user makes and that forgive its tries: what
// is limited is how many there are.
func changesPassword(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return repeats("account.updatePassword", args{"password": password, "oldPassword": password}, who.header(bySession))
}

func extendsSession(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return repeats("account.updateSession", args{"sessionId": "current"}, who.header(bySession))
}

// guessesSignIn comes from many addresses.
func guessesSignIn(p *place) func(int) call {
	who := p.newPerson(needs{})
	return func(int) call {
		return call{called("account.createEmailPasswordSession"), args{"email": who.email, "password": "wrong-password"}, from(p.newAddress())}
	}
}

func guessesToken(p *place) func(int) call {
	who := p.newPerson(needs{ways: byToken})
	return repeats("account.createSession", args{"userId": who.id, "secret": "abcdef"}, from(who.address))
}

// guessesPassword comes from many addresses, with a session or a JWT that
// somebody was handed.
func guessesPassword(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return func(int) call {
		asking := *who
		asking.address = p.newAddress()
		return call{called("account.updateEmail"), args{"email": "x" + who.email, "password": "wrong-password"}, asking.header(bySession)}
	}
}

// asksForChallenges comes from many addresses.
func asksForChallenges(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return func(int) call {
		asking := *who
		asking.address = p.newAddress()
		return call{called("account.createMFAChallenge"), args{"factor": "totp"}, asking.header(bySession)}
	}
}

// guessesFactor comes from many addresses, for one challenge after the other.
func guessesFactor(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return func(i int) call {
		asking := *who
		asking.address = p.newAddress()
		a := args{"challengeId": fmt.Sprintf("c%d", i), "otp": fmt.Sprintf("%06d", i)}
		return call{called("account.updateMFAChallenge"), a, asking.header(bySession)}
	}
}

// asksForAddress is asked by a user without a password, who has none to guess.
func asksForAddress(p *place) func(int) call {
	known := p.newPerson(needs{})
	who := p.newPerson(needs{ways: bySession, passwordless: true})
	return repeats("account.updateEmail", args{"email": known.email, "password": password}, who.header(bySession))
}

func signsInAnonymously(p *place) func(int) call {
	return repeats("account.createAnonymousSession", args{}, from(p.newAddress()))
}

// endsSession ends a session that is not there, which leaves the caller's.
func endsSession(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return repeats("account.deleteSession", args{"sessionId": "nobody"}, who.header(bySession))
}

// endsSessions is asked by a user without a session, by a JWT that no sign-out
// ends; another one when the clock has moved.
func endsSessions(p *place) func(int) call {
	who := p.newPerson(needs{})
	var mu sync.Mutex
	var made time.Time
	return func(int) call {
		mu.Lock()
		defer mu.Unlock()
		if now := p.clock.now(); !now.Equal(made) {
			who.jwt, made = who.newJWT(here, 3600), now
		}
		return call{called("account.deleteSessions"), args{}, who.header(byJWT)}
	}
}

// guessesCode comes from many addresses.
func guessesCode(p *place) func(int) call {
	who := p.newPerson(needs{})
	return func(int) call {
		return call{called("account.createSession"), args{"userId": who.id, "secret": "000000"}, from(p.newAddress())}
	}
}

// guesses are tries of a secret of a user, from many addresses.
func guesses(name string, more args) func(*place) func(int) call {
	return func(p *place) func(int) call {
		who := p.newPerson(needs{})
		return func(int) call {
			all := args{"userId": who.id, "secret": "000000"}
			maps.Copy(all, more)
			return call{called(name), all, from(p.newAddress())}
		}
	}
}

// recoversAddress comes from many addresses.
func recoversAddress(p *place) func(int) call {
	who := p.newPerson(needs{})
	return func(int) call {
		return call{called("account.createRecovery"), args{"email": who.email, "url": landing}, from(p.newAddress())}
	}
}

// recoversFrom asks for others, most of whom are nobody.
func recoversFrom(p *place) func(int) call {
	address := p.newAddress()
	return func(int) call {
		return call{called("account.createRecovery"), args{"email": fmt.Sprintf("r%d@example.com", p.number()), "url": landing}, from(address)}
	}
}

func verifies(p *place) func(int) call {
	who := p.newPerson(needs{ways: bySession})
	return repeats("account.createEmailVerification", args{"url": landing}, who.header(bySession))
}

// mailed are mails to one address, asked for from many.
func mailed(name string) func(*place) func(int) call {
	return func(p *place) func(int) call {
		who := p.newPerson(needs{})
		return func(int) call {
			return call{called(name), args{"userId": who.id, "email": who.email}, from(p.newAddress())}
		}
	}
}

func textsCodes(p *place) func(int) call {
	n := p.number()
	return func(int) call {
		return call{called("account.createPhoneToken"), args{"userId": fmt.Sprintf("p%d", n), "phone": fmt.Sprintf("+1417%07d", n)}, from(p.newAddress())}
	}
}

// answered reports whether a call got past its limit.
func answered(over transport, a answer) bool { return over.status(a) != http.StatusTooManyRequests }
