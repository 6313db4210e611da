package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/isojot/isojot"
)

const (
	// maxStale bounds how long keys are used after they were fetched, where
	// they cannot be fetched anew: 24 h. A withdrawn key ends then at the latest.
	maxStale = 24 * time.Hour
	// maxKeySetBytes bounds the body: 256 KiB. 100 keys take about 20 KiB.
	maxKeySetBytes = 256 << 10
	// fetchTimeout bounds a fetch: 10 s.
	fetchTimeout = 10 * time.Second
)

// keySource fetches an issuer's keys and keeps them.
type keySource struct {
	url              string
	client           *http.Client
	now              func() time.Time
	maxAge, cooldown time.Duration

	flights singleflight.Group

	mu      sync.Mutex
	keys    keySet    // nil before the first fetch that succeeds
	fetched time.Time // when the fetch of keys began
	tried   time.Time // when the last fetch ended; zero: never
	fault   error     // the last fetch's
}

// find returns the key, and fetches the set before when it is too old or has
// none of that name, though not more often than once in a cool-down.
func (s *keySource) find(ctx context.Context, id keyID) (any, error) {
	key, due := s.look(id)
	if due {
		if err := s.refetch(ctx, id); err != nil {
			return nil, err
		}
		key, _ = s.look(id)
	}
	if key != nil {
		return key, nil
	}
	return nil, s.missing()
}

// look returns the key as far as it is known and says whether the set is to be
// fetched.
func (s *keySource) look(id keyID) (key any, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.keys != nil && !reached(now, s.fetched.Add(maxStale)) {
		key = s.keys.find(id)
	}
	old := s.keys == nil || reached(now, s.fetched.Add(s.maxAge))
	cool := s.tried.IsZero() || reached(now, s.tried.Add(s.cooldown))
	return key, (old || key == nil) && cool
}

// refetch waits for a fetch, one for all who ask for it. It returns an error
// only when ctx ends; the fetch's own is kept.
func (s *keySource) refetch(ctx context.Context, id keyID) error {
	flight := s.flights.DoChan("", func() (any, error) {
		if _, due := s.look(id); !due { // a fetch has just ended
			return nil, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		began := s.now()
		keys, err := s.fetch(ctx)
		s.keep(keys, began, err)
		return nil, nil
	})
	select {
	case <-ctx.Done():
		return gaveUp(ctx)
	case <-flight:
		return nil
	}
}

// keep takes in what a fetch brought, which may be no keys: then the issuer has
// withdrawn all. Only when it failed do the keys before stay.
func (s *keySource) keep(keys keySet, began time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried, s.fault = s.now(), err
	if err == nil {
		s.keys, s.fetched = keys, began
	}
}

// missing is why there is no such key. One that is not known may be there
// nonetheless where the last fetch failed.
func (s *keySource) missing() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.fault != nil:
		return unavailable(&isojot.Error{
			Type: isojot.ErrNetwork, Reason: isojot.ReasonNetwork, RetryAfter: max(0, s.tried.Add(s.cooldown).Sub(s.now())),
			Message: "fetching the key set " + s.url + ": " + s.fault.Error(),
		})
	case len(s.keys) == 0:
		return invalidJWT(isojot.ReasonUnknown, "the issuer publishes no public key for EdDSA (Ed25519) or ES256 (P-256)")
	}
	return invalidJWT(isojot.ReasonUnknown, `the issuer has no key of that "kid" and "alg"`)
}

// fetch gets the set.
func (s *keySource) fetch(ctx context.Context) (keySet, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %s instead of 200; redirects are not followed", res.Status)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxKeySetBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxKeySetBytes {
		return nil, errors.New("it is larger than 256 KiB")
	}
	return parseKeySet(body)
}
