package server

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Who has no more than a JWT cannot guess the password by asking for changes,
// one after the other or all at once.
func TestPasswordsAreTriedSeldom(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	jwt := headers{"X-Appwrite-JWT": f.must(201, "POST", "/v1/account/jwts", session(store), `{"duration":3600}`).text("jwt")}
	change := func(h headers, password string) answer {
		return f.do("PATCH", "/v1/account/email", h, fmt.Sprintf(`{"email":"ann2@example.com","password":%q}`, password))
	}
	limited := scenario{status: 429, kind: "general_rate_limit_exceeded", header: headers{"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0"}}

	var wrong, refused atomic.Int64
	var group sync.WaitGroup
	for range 30 {
		group.Go(func() {
			switch a := change(jwt, "wrong password"); a.Code {
			case 401:
				wrong.Add(1)
			case 429:
				refused.Add(1)
			default:
				t.Errorf("%d: %s", a.Code, a.Body)
			}
		})
	}
	group.Wait()
	if wrong.Load() != 10 || refused.Load() != 20 {
		t.Errorf("%d of 30 guesses were answered, and %d refused", wrong.Load(), refused.Load())
	}
	a := change(session(store), "password123")
	limited.check(t, a)
	if a.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	// The password itself is asked for in two places.
	limited.check(t, f.do("PATCH", "/v1/account/password", session(store), `{"password":"another password","oldPassword":"password123"}`))

	f.advance(time.Hour)
	for range 2 { // a change that is made empties the counter
		for range 9 {
			scenario{status: 401, kind: "user_invalid_credentials"}.check(t, change(session(store), "wrong password"))
		}
		f.must(200, "PATCH", "/v1/account/email", session(store), fmt.Sprintf(`{"email":"%d@example.com","password":"password123"}`, f.now().UnixNano()))
		f.advance(time.Second)
	}
}

// Asking for the addresses of others tells who has an account.
func TestAddressesAreTriedSeldom(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp("ann")
	ask := func(h headers, email string) answer {
		return f.do("PATCH", "/v1/account/email", h, fmt.Sprintf(`{"email":%q,"password":"password123"}`, email))
	}
	nobody := func() headers {
		a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
		return headers{"X-Fallback-Cookies": a.Header().Get("X-Fallback-Cookies")}
	}
	for i := range 10 {
		scenario{status: 409, kind: "user_target_already_exists"}.check(t, ask(nobody(), "ann@example.com"))
		if i == 5 { // one that is free does not count
			scenario{status: 200}.check(t, ask(nobody(), "free@example.com"))
		}
	}
	limited := scenario{status: 429, kind: "general_rate_limit_exceeded"}
	who := nobody()
	limited.check(t, ask(who, "ann@example.com"))
	limited.check(t, ask(who, "free2@example.com"))
	who["RemoteAddr"] = "198.51.100.7:40000"
	scenario{status: 200}.check(t, ask(who, "free2@example.com"))
}

// So does asking for their phone numbers.
func TestPhoneNumbersAreTriedSeldom(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	f.must(200, "PATCH", "/v1/users/ann/phone", key, `{"number":"+14155550100"}`)
	ask := func(number string) answer {
		a := f.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")
		h := headers{"X-Fallback-Cookies": a.Header().Get("X-Fallback-Cookies")}
		return f.do("PATCH", "/v1/account/phone", h, fmt.Sprintf(`{"phone":%q,"password":"password123"}`, number))
	}
	scenario{status: 200}.check(t, ask("+14155550101")) // one that is free does not count
	for range 10 {
		scenario{status: 409, kind: "user_phone_already_exists"}.check(t, ask("+14155550100"))
	}
	for _, number := range []string{"+14155550100", "+14155550102"} {
		scenario{status: 429, kind: "general_rate_limit_exceeded"}.check(t, ask(number))
	}
}
