package ssr

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/lru"
)

// digest stands for a session where it is looked for.
type digest = [sha256.Size]byte

// tokens are the token sources that the requests of a session share.
type tokens struct {
	base *isojot.Client // counts, and holds no credential
	opts []isojot.TokenOption

	created atomic.Uint64
	mu      sync.Mutex
	evicted uint64
	proven  *lru.Cache[digest, *source]
	// trial are those for which requests wait and whose sessions nobody has
	// proven yet: made-up cookies must not make others' JWTs be let go.
	trial map[digest]*source
}

// source makes the JWTs of one session.
type source struct {
	*isojot.SessionTokens
	waiting int // requests
}

func newTokens(base *isojot.Client, entries int, opts []isojot.TokenOption) (*tokens, error) {
	t := &tokens{opts: opts, proven: lru.New[digest, *source](entries), trial: map[digest]*source{}}
	var err error
	if t.base, err = base.With(isojot.WithTransport(t.counting(base.Transport()))); err != nil {
		return nil, err
	}
	_, err = t.base.Account.TokenSource(opts...) // reports whether the options are good
	return t, err
}

// counting counts the JWTs that the API made: a source with a session asks for
// nothing else.
func (t *tokens) counting(next isojot.Transport) isojot.Transport {
	return isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		res, err := next.RoundTrip(ctx, req)
		if err == nil && res != nil && res.Status == http.StatusCreated {
			t.created.Add(1)
		}
		return res, err
	})
}

// ask has a session's source do something.
func (t *tokens) ask(session string, what func(*isojot.SessionTokens) (*isojot.Token, error)) (*isojot.Token, error) {
	key := sha256.Sum256([]byte(session))
	s, err := t.take(key, session)
	if err != nil {
		return nil, err
	}
	token, err := what(s.SessionTokens)
	t.settle(key, s, err)
	return token, err
}

// take returns the session's source, or makes one on trial.
func (t *tokens) take(key digest, session string) (*source, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.proven.Get(key)
	if !ok {
		s, ok = t.trial[key]
	}
	if !ok {
		// A copy: the cookie's value is a part of the request's header, all of
		// which it would keep in memory.
		client, err := t.base.With(isojot.WithSession(strings.Clone(session)))
		if err != nil {
			return nil, err
		}
		made, err := client.Account.TokenSource(t.opts...)
		if err != nil {
			return nil, err
		}
		s = &source{SessionTokens: made}
		t.trial[key] = s
	}
	s.waiting++
	return s, nil
}

// settle keeps a source whose session the API knows, and drops one whose
// session it does not. Those who wait for a source that is let go still get
// their token of it.
func (t *tokens) settle(key digest, s *source, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.waiting--
	// A limit is a user's, so that who meets it is one.
	if good := err == nil || errors.Is(err, isojot.ErrRateLimitExceeded); good && t.trial[key] == s {
		delete(t.trial, key)
		if t.proven.Put(key, s) {
			t.evicted++
		}
	}
	if t.trial[key] == s && s.waiting == 0 {
		delete(t.trial, key)
	}
	if e, ok := errors.AsType[*isojot.Error](err); ok && isGuest(e) {
		t.forget(key, s)
	}
}

// forget drops a source, if it is the session's.
func (t *tokens) forget(key digest, s *source) {
	if held, ok := t.proven.Get(key); ok && held == s {
		t.proven.Remove(key)
	}
	if t.trial[key] == s {
		delete(t.trial, key)
	}
}

// end forgets the JWT of a session that ends; who waits for it gets none.
func (t *tokens) end(session string) {
	key := sha256.Sum256([]byte(session))
	t.mu.Lock()
	s, ok := t.proven.Get(key)
	if !ok {
		s, ok = t.trial[key]
	}
	if ok {
		t.forget(key, s)
	}
	t.mu.Unlock()
	if ok {
		s.Close()
	}
}

func (t *tokens) stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Stats{Sessions: t.proven.Len(), Created: t.created.Load(), Evicted: t.evicted}
}
