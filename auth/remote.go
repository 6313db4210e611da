package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jws"
)

// Remote verifies JWTs by asking the endpoint for the user (GET /account) as
// the token's bearer, and remembers the answer for a short time. It is safe for
// concurrent use; requests that carry the same token share one question.
type Remote struct {
	base     *isojot.Client
	now      func() time.Time
	cacheFor time.Duration
	entries  int

	cache   *cache
	flights singleflight.Group
}

// Defaults and bounds of a Remote.
const (
	// DefaultCacheFor is how long it is remembered that a token is good.
	DefaultCacheFor = 30 * time.Second
	// MaxCacheFor bounds CacheFor: 15 minutes, the usual life of a JWT.
	MaxCacheFor = 15 * time.Minute
	// DefaultCacheEntries is how many good tokens are remembered.
	DefaultCacheEntries = 10_000
	// MaxCacheEntries bounds CacheEntries: a million, which take some 210 MB.
	MaxCacheEntries = 1_000_000
)

// maxRefusedFor is how long a refusal is remembered, at most: 5 s. A user may
// be unblocked.
const maxRefusedFor = 5 * time.Second

// maxRefusals is how many refusals are remembered, at most: 10,000, which take
// some 20 MB.
const maxRefusals = 10_000

// askTimeout bounds a question to the endpoint: 10 s.
const askTimeout = 10 * time.Second

type remoteOption func(*Remote) error

func (o remoteOption) remote(r *Remote) error { return o(r) }

// CacheFor sets how long it is remembered that a token is good: 0 (not at all)
// to MaxCacheFor, but never past the token's exp. For so long a session that
// has ended may still be let in. Refusals are remembered for as long, but for
// no more than 5 s.
func CacheFor(d time.Duration) RemoteOption {
	return remoteOption(func(r *Remote) error {
		r.cacheFor = d
		return checkDuration("cache time", d, 0, MaxCacheFor)
	})
}

// CacheEntries sets how many good tokens are remembered: 1 to MaxCacheEntries.
// One more makes the one forgotten that was not used for longest. Beside them as
// many refused ones are, but no more than 10,000, so that forged tokens do not
// make good ones forgotten. A good token takes some 210 bytes, a refused one
// with the endpoint's answer up to 2 KiB.
func CacheEntries(n int) RemoteOption {
	return remoteOption(func(r *Remote) error {
		if n < 1 || n > MaxCacheEntries {
			return invalid(fmt.Sprintf("cache entries: %d is not between 1 and %d; CacheFor(0) switches the cache off", n, MaxCacheEntries))
		}
		r.entries = n
		return nil
	})
}

// NewRemote returns a verifier that asks the client's endpoint and project. A
// session, key or JWT that the client holds is not used.
//
// A token is not judged by this machine's clock; the endpoint's own counts.
// ErrRefused means that the API refused the token or its user with 401 or 403
// (or 412). Anything else is ErrUnavailable and is not remembered: no answer
// within 10 s, a status such as 429 or 500, a proxy's page, a wrong project.
func NewRemote(client *isojot.Client, opts ...RemoteOption) (*Remote, error) {
	if client == nil {
		return nil, invalid("client: nil; make one by isojot.NewClient(endpoint, project)")
	}
	r := &Remote{
		base: client, now: time.Now, cacheFor: DefaultCacheFor, entries: DefaultCacheEntries,
	}
	for _, opt := range opts {
		if err := opt.remote(r); err != nil {
			return nil, err
		}
	}
	r.cache = newCache(r.entries)
	return r, nil
}

// Verify implements Verifier. When ctx ends first, the error is ErrUnavailable
// and ctx's own; the question goes on for whoever else waits for it.
func (r *Remote) Verify(ctx context.Context, token string) (*Caller, error) {
	p, err := read(token)
	if err != nil {
		return nil, err
	}
	if err := jws.Read(token, p); err != nil {
		return nil, invalidJWT(isojot.ReasonJWTMalformed, "the signing algorithm is not known, or the signature not base64url")
	}
	if err := r.judge(ctx, p.caller(token)); err != nil {
		return nil, err
	}
	return p.caller(token), nil
}

// judge returns the verdict on a token: the one in memory, or a new one.
func (r *Remote) judge(ctx context.Context, caller *Caller) error {
	key := sha256.Sum256([]byte(caller.JWT))
	if v, ok := r.cache.get(key, r.now()); ok {
		return v.err
	}
	flight := r.flights.DoChan(string(key[:]), func() (any, error) {
		if v, ok := r.cache.get(key, r.now()); ok { // of a flight that has just landed
			return nil, v.err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTimeout)
		defer cancel()
		return nil, r.ask(ctx, key, caller)
	})
	select {
	case <-ctx.Done():
		return gaveUp(ctx)
	case landed := <-flight:
		return landed.Err
	}
}

// ask asks the endpoint and remembers what it said of the token.
func (r *Remote) ask(ctx context.Context, key digest, caller *Caller) error {
	client, err := actingFor(r.base, caller.JWT)
	if err != nil {
		return unavailable(err)
	}
	asked := r.now() // the answer is as old as the question, at most
	user, err := client.Account.Get(ctx)
	if err != nil {
		err = fromEndpoint(compact(err))
		r.remember(key, verdict{err, asked.Add(min(r.cacheFor, maxRefusedFor))})
		return err
	}
	if user.ID != caller.UserID {
		return unavailable(&isojot.Error{
			Type:    isojot.ErrBadResponse,
			Message: "the endpoint answered with another user than the JWT's: something between, such as a cache, mixes users up",
		})
	}
	until := asked.Add(r.cacheFor)
	if caller.Expiry.Before(until) {
		until = caller.Expiry
	}
	r.remember(key, verdict{nil, until})
	return nil
}

// remember keeps a verdict that says something of the token and still holds.
func (r *Remote) remember(token digest, v verdict) {
	if (v.err == nil || errors.Is(v.err, ErrRefused)) && !reached(r.now(), v.until) {
		r.cache.put(token, v)
	}
}

// maxKeptText bounds each text of an error that is remembered: 512 bytes.
const maxKeptText = 512

// compact cuts the endpoint's texts short. They are copied, since a part of an
// answer would keep all of it in memory.
func compact(err error) error {
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok {
		return err
	}
	own := *e
	own.Message, own.Response = short(e.Message), short(e.Response)
	own.Type = isojot.ErrorType(short(string(e.Type)))
	return &own
}

func short(s string) string {
	return strings.Clone(strings.ToValidUTF8(s[:min(len(s), maxKeptText)], ""))
}

// actingFor is a client with that token and no other credential, whatever base
// has.
func actingFor(base *isojot.Client, token string) (*isojot.Client, error) {
	return base.With(isojot.WithSession(""), isojot.WithKey(""), isojot.WithStorage(nil), isojot.WithJWT(token))
}
