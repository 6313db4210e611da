package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

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
	// patience bounds how long a token by a known key waits for a fetch: 1 s. It
	// waits at all so that, where the issuer answers, no withdrawn key is used
	// once it is maxAge old, however long nobody asked for it before.
	patience = time.Second
)

// keySource fetches an issuer's keys and keeps them.
type keySource struct {
	url              string
	client           *http.Client
	now              func() time.Time
	maxAge, cooldown time.Duration

	mu      sync.Mutex
	keys    keySet        // nil before the first fetch that succeeds
	fetched time.Time     // when the fetch of keys began
	tried   time.Time     // when the last fetch ended; zero: never
	fault   error         // the last fetch's
	flight  chan struct{} // closed when the fetch that is under way ends; nil: none is
	slow    bool          // that fetch took longer than patience
}

// find returns the key, and fetches the set before when it is too old or has
// none of that name, though not more often than once in a cool-down.
func (s *keySource) find(ctx context.Context, id keyID) (any, error) {
	key, flight := s.look(ctx, id)
	if flight != nil {
		if err := s.await(ctx, flight, key != nil); err != nil {
			return nil, err
		}
		s.mu.Lock()
		key = s.known(id)
		s.mu.Unlock()
	}
	if key == nil {
		return nil, s.missing()
	}
	return key, nil
}

// look returns the key as far as it is known, and the fetch to wait for, if any.
// It begins one where it is due: one at a time, which ends after fetchTimeout.
//
// A key that is known does not wait for an issuer in trouble: while a fetch takes
// long, and in the max age after one failed, it serves on meanwhile.
func (s *keySource) look(ctx context.Context, id keyID) (key any, flight <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, now := s.known(id), s.now()
	if key != nil && !reached(now, s.fetched.Add(s.maxAge)) {
		return key, nil
	}
	if s.flight == nil && (s.tried.IsZero() || reached(now, s.tried.Add(s.cooldown))) {
		s.flight, s.slow = make(chan struct{}), false
		go s.refetch(context.WithoutCancel(ctx))
	}
	trouble := s.slow || s.fault != nil && !reached(now, s.tried.Add(s.maxAge))
	if key != nil && trouble {
		return key, nil
	}
	return key, s.flight
}

// known is the key, unless all are too old to be used. The caller holds mu.
func (s *keySource) known(id keyID) any {
	if s.keys == nil || reached(s.now(), s.fetched.Add(maxStale)) {
		return nil
	}
	return s.keys.find(id)
}

// await waits for a fetch, though with a known key not for longer than patience.
// It returns an error only when ctx ends; the fetch's own is kept.
func (s *keySource) await(ctx context.Context, flight <-chan struct{}, known bool) error {
	var enough <-chan time.Time
	if known {
		enough = time.After(patience)
	}
	select {
	case <-ctx.Done():
		return gaveUp(ctx)
	case <-flight:
	case <-enough:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.slow = s.slow || s.flight == flight
	}
	return nil
}

// refetch fetches the set and says so to all who wait.
func (s *keySource) refetch(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	began := s.now()
	keys, err := s.fetch(ctx)
	s.keep(keys, began, err)
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
	close(s.flight)
	s.flight = nil
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
