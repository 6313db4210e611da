package server

import (
	"net/http/httptest"
	"testing"
)

// onBoth runs a test with one server that has a file, and with two that share
// PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, i *instances), changes ...func(*Options)) {
	t.Helper()
	t.Run("file", func(t *testing.T) {
		f := newFixture(t, append(changes, withKey, func(o *Options) { o.Memory, o.DataDir = false, t.TempDir() })...)
		web := httptest.NewServer(f)
		t.Cleanup(web.Close)
		test(t, &instances{t, []*fixture{f}, []string{web.URL}})
	})
	t.Run("instances", func(t *testing.T) { test(t, newInstances(t, changes...)) })
}

// Of a thousand tries at once ten are tries, whichever challenge they answer:
// the counter is the user's. What is right then comes too late, also for a new
// challenge.
func TestTriesOfCodesAreBounded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, i *instances) {
		f := i.all[0]
		_, secret := f.protect("ann")
		store, _ := f.signIn("ann")
		var challenges [5]string
		for n := range challenges {
			challenges[n] = f.challenge(store, "totp")
		}
		for n, id := range challenges {
			want := map[bool]int{true: 10}[n == 0]
			i.want(i.atOnce(200, "PUT", "/v1/account/mfa/challenges", session(store), response(id, "%06d")), 401, want, 429, 200-want)
		}
		wants(t, "the right code", f.respond(store, challenges[1], f.nextCode(secret)), 429, "general_rate_limit_exceeded")
		wants(t, "of a new challenge", f.respond(store, f.challenge(store, "totp"), f.code(secret)), 429, "general_rate_limit_exceeded")
		again, _ := f.signIn("ann")
		wants(t, "of a new session", f.respond(again, f.challenge(again, "totp"), f.code(secret)), 429, "general_rate_limit_exceeded")
		wants(t, "the session", f.do("GET", "/v1/account", session(store), ""), 401, pending)
		f.advance(challengeLife)
		wants(t, "an hour later", f.respond(store, f.challenge(store, "totp"), f.code(secret)), 200, "")
	})
}

// Answers that are right are no tries, so that a user is not shut out by having
// signed in often.
func TestRightAnswersAreNotCounted(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.protect("ann")
	codes := codesOf(f.must(200, "PATCH", "/v1/users/ann/mfa/recovery-codes", byTestKey, "{}"))
	store, _ := f.signIn("ann")
	for range 2 {
		for n, code := range codes[:5] {
			a := f.respond(store, f.challenge(store, "recoverycode"), code)
			wants(t, "right", a, 200, "")
			if left := a.Header().Get(headerRemaining); left != "9" {
				t.Errorf("answer %d leaves %s", n, left)
			}
		}
		codes = codesOf(f.must(200, "PUT", "/v1/users/ann/mfa/recovery-codes", byTestKey, "{}"))
	}
}

func TestChallengesAreBounded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, i *instances) {
		f := i.all[0]
		f.protect("ann")
		store, _ := f.signIn("ann")
		i.want(i.atOnce(100, "POST", "/v1/account/mfa/challenges", session(store), `{"factor":"totp"}`), 201, 10, 429, 90)
		again, _ := f.signIn("ann")
		wants(t, "of another session", f.do("POST", "/v1/account/mfa/challenges", session(again), `{"factor":"totp"}`), 429, "general_rate_limit_exceeded")
	})
}

// Of answers at once one counts: one to a challenge, and one by a code.
func TestAnswersCountOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, i *instances) {
		f := i.all[0]
		_, secret := f.protect("ann")
		store, _ := f.signIn("ann")
		const path = "/v1/account/mfa/challenges"
		i.want(i.atOnce(20, "PUT", path, session(store), response(f.challenge(store, "totp"), f.nextCode(secret))), 200, 1, 401, 19)

		// One code, for as many challenges as there are answers.
		byFactor := func(factor, code string) {
			t.Helper()
			const answers = 20
			got := make(chan int)
			var ids [answers]string
			for n := range ids {
				ids[n] = f.challenge(store, factor)
			}
			for n, id := range ids {
				go func() {
					status, _ := i.ask(n, "PUT", path, session(store), response(id, code))
					got <- status
				}()
			}
			count := map[int]int{}
			for range answers {
				count[<-got]++
			}
			i.want(count, 200, 1, 401, 19)
		}
		byFactor("totp", f.nextCode(secret))
		codes := codesOf(f.must(200, "PATCH", "/v1/users/ann/mfa/recovery-codes", byTestKey, "{}"))
		byFactor("recoverycode", codes[2])
		left := codesOf(f.must(200, "GET", "/v1/users/ann/mfa/recovery-codes", byTestKey, ""))
		if len(left) != 5 || left[2] != codes[3] {
			t.Errorf("left are %v of %v", left, codes)
		}
		i.want(i.atOnce(20, "POST", "/v1/account/mfa/recovery-codes", session(store), "{}"), 409, 20)
	}, noLimits)
}

// A code that verified an authenticator answers no challenge, and the other way
// round: not at another server either.
func TestCodesOfAnAuthenticatorWorkOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, i *instances) {
		f, other := i.all[0], i.all[len(i.all)-1]
		f.signUp("ann")
		store, _ := f.signIn("ann")
		secret := f.enroll(store)
		used := f.code(secret)
		id := f.challenge(store, "totp")
		wants(t, "the code that verified it", other.respond(store, id, used), 401, "user_invalid_token")
		f.advance(totpPeriod)
		if other != f {
			other.advance(totpPeriod)
		}
		wants(t, "half a minute later", other.respond(store, id, used), 401, "user_invalid_token")
		now := f.code(secret)
		wants(t, "the next one", other.respond(store, id, now), 200, "")
		wants(t, "again", f.respond(store, f.challenge(store, "totp"), now), 401, "user_invalid_token")
	})
}
