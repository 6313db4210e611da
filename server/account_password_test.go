package server

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestPasswordChangesDoNotOverlap lets many requests change the password with
// the same old one: the first to be stored makes it old for all others.
func TestPasswordChangesDoNotOverlap(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Limits = LimitsOff })
	f.signUp("ann")
	store, _ := f.signIn("ann")
	var changed atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			a := f.do("PATCH", "/v1/account/password", headers{"X-Appwrite-Session": store},
				`{"password":"another password","oldPassword":"password123"}`)
			if a.Code == 200 {
				changed.Add(1)
			} else if a.text("type") != "user_invalid_credentials" {
				t.Errorf("%d: %s", a.Code, a.Body)
			}
		})
	}
	wg.Wait()
	if changed.Load() != 1 {
		t.Errorf("%d of 16 changes went through, want 1", changed.Load())
	}
	f.must(401, "POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"password123"}`)
}
