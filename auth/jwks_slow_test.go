package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

// slowIssuer is an issuer of a bubble, that may take its time.
type slowIssuer struct {
	fetches atomic.Int64

	mu    sync.Mutex
	body  string
	hangs bool
}

func (i *slowIssuer) serve(body string, hangs bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.body, i.hangs = body, hangs
}

func (i *slowIssuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.fetches.Add(1)
	i.mu.Lock()
	body, hangs := i.body, i.hangs
	i.mu.Unlock()
	if hangs {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	w.WriteString(body)
	return w.Result(), nil
}

// took is how long a function takes, of a bubble's clock.
func took(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// A token by a key in memory waits for an issuer that does not answer once, for
// a second; one whose key is not there waits for the fetch.
func TestJWKSHangingIssuer(t *testing.T) {
	ed, other := ed25519Key(t), ed25519Key(t)
	synctest.Test(t, func(t *testing.T) {
		payload := fmt.Sprintf(`{"userId":"ann","exp":%d}`, time.Now().Add(24*time.Hour).Unix())
		token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", payload)
		unknown := signed(t, jwt.SigningMethodEdDSA, other, "other", payload)
		i := &slowIssuer{body: set(t, public(t, "ed", ed, nil))}
		j := jwks(t, "https://issuer.example/jwks.json", auth.WithHTTPClient(&http.Client{Transport: i}), auth.WithClock(time.Now))
		good := func(want time.Duration) {
			t.Helper()
			if got := took(func() {
				caller, err := j.Verify(t.Context(), token)
				wantUser(t, caller, err, "ann")
			}); got != want {
				t.Errorf("it took %v, want %v", got, want)
			}
		}
		good(0)
		i.serve("", true)
		time.Sleep(auth.DefaultMaxAge)
		good(time.Second)
		for range 100 {
			good(0)
		}
		if got := took(func() {
			_, err := j.Verify(t.Context(), unknown)
			wantUnavailable(t, err, unknown)
		}); got != 9*time.Second {
			t.Errorf("an unknown key took %v", got)
		}
		wantCount(t, &i.fetches, 2)
		for round := range int64(5) { // fetches go on, nobody waits
			time.Sleep(auth.DefaultCooldown)
			good(0)
			good(0)
			time.Sleep(10 * time.Second)
			wantCount(t, &i.fetches, 3+round)
		}

		i.serve(set(t, public(t, "other", other, nil)), false)
		time.Sleep(auth.DefaultCooldown)
		good(0) // and has the set fetched
		synctest.Wait()
		_, err := j.Verify(t.Context(), token)
		wantRefused(t, err, isojot.ReasonUnknown, token)
		caller, err := j.Verify(t.Context(), unknown)
		wantUser(t, caller, err, "ann")
		wantCount(t, &i.fetches, 8)
	})
}

// However long nobody asked, a key that was withdrawn meanwhile is not used
// where the issuer answers; nor where a fetch failed long ago.
func TestJWKSAfterAPause(t *testing.T) {
	ed, other := ed25519Key(t), ed25519Key(t)
	for name, failed := range map[string]bool{"the last fetch succeeded": false, "the last fetch failed": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", fmt.Sprintf(`{"userId":"ann","exp":%d}`, time.Now().Add(24*time.Hour).Unix()))
				i := &slowIssuer{body: set(t, public(t, "ed", ed, nil))}
				j := jwks(t, "https://issuer.example/jwks.json", auth.WithHTTPClient(&http.Client{Transport: i}), auth.WithClock(time.Now))
				verify := func() error {
					_, err := j.Verify(t.Context(), token)
					return err
				}
				if err := verify(); err != nil {
					t.Fatal(err)
				}
				if failed {
					i.serve("", true)
					time.Sleep(auth.DefaultMaxAge)
					if err := verify(); err != nil {
						t.Fatal(err)
					}
				}
				i.serve(set(t, public(t, "other", other, nil)), false)
				time.Sleep(20 * time.Hour)
				err := verify()
				wantRefused(t, err, isojot.ReasonUnknown, token)
			})
		})
	}
}
