package auth_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

// A set that cannot be used refuses nobody.
func TestJWKSIsUnavailable(t *testing.T) {
	ed := ed25519Key(t)
	token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims(""))
	good := public(t, "ed", ed, nil)
	many := make([]members, 101)
	for n := range many {
		many[n] = public(t, fmt.Sprint(n), ed, nil)
	}
	for name, tt := range map[string]struct {
		status     int
		body, text string
	}{
		"500":              {500, set(t, good), "500"},
		"HTML":             {200, "<html>", "JWK Set"},
		"no list of keys":  {200, `{"error":"try again"}`, "JWK Set"},
		"null":             {200, `{"keys":null}`, "JWK Set"},
		"one kid twice":    {200, set(t, good, good), "kid"},
		"too many keys":    {200, set(t, many...), "more than 100"},
		"oversize":         {200, strings.Repeat(" ", 256<<10) + set(t, good), "256 KiB"},
		"an array of keys": {200, "[]", "JWK Set"},
	} {
		t.Run(name, func(t *testing.T) {
			i := newIssuer(t, tt.body)
			i.serve(tt.status, tt.body)
			clock := &testClock{at: now}
			j := jwks(t, i.url, auth.WithClock(clock.Now))
			_, err := j.Verify(t.Context(), token)
			wantUnavailable(t, err, token)
			e, ok := errors.AsType[*isojot.Error](err)
			if !ok || !strings.Contains(e.Message, tt.text) || e.RetryAfter != auth.DefaultCooldown {
				t.Errorf("error %#v, want %q", e, tt.text)
			}
			i.serve(200, set(t, good))
			_, err = j.Verify(t.Context(), token)
			wantUnavailable(t, err, token)
			wantCount(t, &i.fetches, 1)
			clock.Advance(auth.DefaultCooldown)
			caller, err := j.Verify(t.Context(), token)
			wantUser(t, caller, err, "ann")
		})
	}
}

// A redirect could lead to whoever answers it with keys of their own.
func TestJWKSFollowsNoRedirect(t *testing.T) {
	ed := ed25519Key(t)
	token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims(""))
	i := newIssuer(t, set(t, public(t, "ed", ed, nil)))
	moved := httptest.NewServer(http.RedirectHandler(i.url, http.StatusFound))
	defer moved.Close()
	for _, j := range []*auth.JWKS{jwks(t, moved.URL), jwks(t, moved.URL, auth.WithHTTPClient(&http.Client{}))} {
		_, err := j.Verify(t.Context(), token)
		wantUnavailable(t, err, token)
	}
	wantCount(t, &i.fetches, 0)
}

// A new key is fetched when a token names it, and the withdrawn one is refused
// from then on.
func TestJWKSRotation(t *testing.T) {
	oldKey, newKey := ed25519Key(t), p256Key(t)
	oldToken := signed(t, jwt.SigningMethodEdDSA, oldKey, "old", claims(""))
	newToken := signed(t, jwt.SigningMethodES256, newKey, "new", claims(""))
	i := newIssuer(t, set(t, public(t, "old", oldKey, nil)))
	clock := &testClock{at: now}
	j := jwks(t, i.url, auth.WithClock(clock.Now))
	caller, err := j.Verify(t.Context(), oldToken)
	wantUser(t, caller, err, "ann")

	i.serve(200, set(t, public(t, "new", newKey, nil)))
	clock.Advance(auth.DefaultCooldown)
	caller, err = j.Verify(t.Context(), oldToken) // the key in memory is not too old
	wantUser(t, caller, err, "ann")
	wantCount(t, &i.fetches, 1)
	caller, err = j.Verify(t.Context(), newToken)
	wantUser(t, caller, err, "ann")
	wantCount(t, &i.fetches, 2)
	_, err = j.Verify(t.Context(), oldToken)
	wantRefused(t, err, isojot.ReasonUnknown, oldToken)
}

// Withdrawing a key takes effect when the max age is over, without a new one.
func TestJWKSMaxAge(t *testing.T) {
	gone, stays := ed25519Key(t), p256Key(t)
	token := signed(t, jwt.SigningMethodEdDSA, gone, "gone", claims(""))
	i := newIssuer(t, set(t, public(t, "gone", gone, nil), public(t, "stays", stays, nil)))
	clock := &testClock{at: now}
	j := jwks(t, i.url, auth.WithClock(clock.Now), auth.MaxAge(5*time.Minute))
	caller, err := j.Verify(t.Context(), token)
	wantUser(t, caller, err, "ann")
	i.serve(200, set(t, public(t, "stays", stays, nil)))
	clock.Advance(5*time.Minute - 1)
	caller, err = j.Verify(t.Context(), token)
	wantUser(t, caller, err, "ann")
	wantCount(t, &i.fetches, 1)
	clock.Advance(1)
	_, err = j.Verify(t.Context(), token)
	wantRefused(t, err, isojot.ReasonUnknown, token)
	wantCount(t, &i.fetches, 2)
}

// An issuer that publishes no key for these tokens any more has withdrawn them
// all; that is no failure, over which the keys in memory would serve on.
func TestJWKSWithoutAUsableKey(t *testing.T) {
	ed := ed25519Key(t)
	token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims(""))
	good := set(t, public(t, "ed", ed, nil))
	for name, body := range map[string]string{
		"no keys":             `{"keys":[]}`,
		"for encryption":      set(t, public(t, "ed", ed, members{"use": "enc"})),
		"of unknown kinds":    set(t, members{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "ed"}, members{"kty": "from the future"}),
		"of no kind whatever": `{"keys":[null,7]}`,
	} {
		t.Run(name, func(t *testing.T) {
			i := newIssuer(t, good)
			clock := &testClock{at: now}
			j := jwks(t, i.url, auth.WithClock(clock.Now))
			caller, err := j.Verify(t.Context(), token)
			wantUser(t, caller, err, "ann")
			i.serve(200, body)
			clock.Advance(auth.DefaultMaxAge)
			for range 2 {
				_, err = j.Verify(t.Context(), token)
				wantRefused(t, err, isojot.ReasonUnknown, token)
				if !strings.Contains(err.Error(), "no public key for EdDSA (Ed25519) or ES256 (P-256)") {
					t.Errorf("error %v", err)
				}
			}
			wantCount(t, &i.fetches, 2)
			i.serve(503, "") // which does not bring the key back
			clock.Advance(auth.DefaultCooldown)
			_, err = j.Verify(t.Context(), token)
			wantUnavailable(t, err, token)
			i.serve(200, good)
			clock.Advance(auth.DefaultCooldown)
			caller, err = j.Verify(t.Context(), token)
			wantUser(t, caller, err, "ann")
		})
	}
}

// Known keys serve on while the issuer is down, for a day; it is asked once in
// a cool-down.
func TestJWKSStaleKeys(t *testing.T) {
	ed := ed25519Key(t)
	token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", fmt.Sprintf(`{"userId":"ann","exp":%d}`, now.Unix()+7*86400))
	unknown := signed(t, jwt.SigningMethodEdDSA, ed, "unknown", claims(""))
	i := newIssuer(t, set(t, public(t, "ed", ed, nil)))
	clock := &testClock{at: now}
	j := jwks(t, i.url, auth.WithClock(clock.Now))
	caller, err := j.Verify(t.Context(), token)
	wantUser(t, caller, err, "ann")
	i.serve(503, "")
	clock.Advance(auth.DefaultMaxAge)
	for range 3 {
		caller, err = j.Verify(t.Context(), token)
		wantUser(t, caller, err, "ann")
	}
	wantCount(t, &i.fetches, 2)
	_, err = j.Verify(t.Context(), unknown) // it may be a new one
	wantUnavailable(t, err, unknown)
	clock.Advance(24*time.Hour - auth.DefaultMaxAge - 1)
	caller, err = j.Verify(t.Context(), token)
	wantUser(t, caller, err, "ann")
	clock.Advance(1)
	_, err = j.Verify(t.Context(), token)
	wantUnavailable(t, err, token)
}

// Tokens with made-up key names cost one fetch in a cool-down.
func TestJWKSUnknownKidStorm(t *testing.T) {
	ed := ed25519Key(t)
	i := newIssuer(t, set(t, public(t, "ed", ed, nil)))
	clock := &testClock{at: now}
	j := jwks(t, i.url, auth.WithClock(clock.Now))
	caller, err := j.Verify(t.Context(), signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims("")))
	wantUser(t, caller, err, "ann")
	for round := range int64(3) {
		var group sync.WaitGroup
		for n := range 100 {
			token := signed(t, jwt.SigningMethodEdDSA, ed, fmt.Sprintf("made up %d", n), claims(""))
			group.Go(func() {
				if _, err := j.Verify(t.Context(), token); !errors.Is(err, auth.ErrRefused) {
					t.Errorf("error %v", err)
				}
			})
		}
		group.Wait()
		wantCount(t, &i.fetches, 1+round)
		clock.Advance(auth.DefaultCooldown)
	}
}

// All who need the keys first share one fetch, and one who gives up does not
// end it.
func TestJWKSFetchesOnceForAll(t *testing.T) {
	ed := ed25519Key(t)
	token := signed(t, jwt.SigningMethodEdDSA, ed, "ed", claims(""))
	body := set(t, public(t, "ed", ed, nil))
	synctest.Test(t, func(t *testing.T) {
		var fetches atomic.Int64
		answer := make(chan struct{})
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			fetches.Add(1)
			select {
			case <-answer:
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			w := httptest.NewRecorder()
			w.WriteString(body)
			return w.Result(), nil
		})}
		j := jwks(t, "https://issuer.example/jwks.json", auth.WithHTTPClient(client))
		firstGivesUp(t, j, token, 20, answer)
		wantCount(t, &fetches, 1)
	})
}
