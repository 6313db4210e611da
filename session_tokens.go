package isojot

import (
	"context"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/moment"
	"github.com/isojot/isojot/internal/tabs"
)

// SessionTokens is a TokenSource that makes JWTs of a client's session: one at
// a time, kept while it lives, and made anew only when it is used near its
// end. It follows what its Client does, so that a token never outlives the
// sign-in it was made for. In browsers the tabs of a page share it.
//
// It is safe for concurrent use. Its functions that may ask the server return
// an *Error.
type SessionTokens struct {
	options  tokenOptions
	observer *observer // of its clients' calls
	queue    queue

	mu        sync.Mutex
	creator   creator
	share     *share     // nil where no other tab has the session
	tabs      tabs.State // what the tabs agree on
	turns     bell       // rings when it may be time to ask tabs again
	held      *held
	flight    *flight
	pause     pause
	refusals  int // tokens refused in a row, soon and none of them ever accepted
	known     authState
	who       identity
	era       int // of the token: what began in an earlier one is void
	closed    bool
	listeners map[*listener]struct{}
	expiring  *time.Timer
}

// TokenSource returns a source of JWTs for the session of a's client. If the
// client has a JWT (WithJWT), the source begins with that one; it makes
// another only for the same user, where there also is a session of theirs.
//
// Two sources do not know of each other, outside browsers: make one for each
// session and keep it. Close it when the session is of no more use.
func (a *Account) TokenSource(opts ...TokenOption) (*SessionTokens, error) {
	o := tokenOptions{early: -1, clock: systemClock{}}
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return nil, err
		}
	}
	s := &SessionTokens{options: o, listeners: map[*listener]struct{}{}}
	s.observer = &observer{begun: s.begin, ended: s.end, who: s.user}
	s.creator = newCreator(a.client, o.duration, s.observer)
	if jwt := a.client.cfg().jwt; jwt != "" {
		s.held = holdOutside(jwt, s.now())
	} else if common, place := s.creator.shared(); common != nil {
		s.openShare(common, place)
	}
	s.queue.run()
	return s, nil
}

// Client returns the client whose session s follows. Sign in and out with it,
// its copies, or a client of the same session that acts by s's tokens
// (WithTokenSource), so that s knows at once. It does not use s's tokens.
func (s *SessionTokens) Client() *Client {
	s.mu.Lock()
	client := s.creator.client
	s.mu.Unlock()
	return client
}

// TokenClient returns a copy of Client that acts by s's tokens: what
// Client().With(WithTokenSource(s)) makes.
func (s *SessionTokens) TokenClient() *Client {
	cfg := *s.Client().cfg()
	cfg.jwt, cfg.bearer = "", s.bearer()
	return withConfig(cfg)
}

// Rebase makes s ask for tokens, from now on, as c would: with its headers,
// locale and transport. c must be a copy, by With, of the client that s was
// made of, and have the same session, key and storage.
func (s *SessionTokens) Rebase(c *Client) error {
	s.mu.Lock()
	ours := s.creator.sharesEvidence(c)
	if ours {
		s.creator = newCreator(c, s.options.duration, s.observer)
	}
	s.mu.Unlock()
	if !ours {
		return invalid("client: not a copy of the one that the token source was made of; make a source of its own for it")
	}
	return nil
}

// Token returns the token in hand while it is fresh, else a new one. All who
// wait for a new one share one creation; whoever's ctx ends stops waiting,
// and the others go on. When no new one can be had, because of the network or
// a limit, one that still lives is returned.
func (s *SessionTokens) Token(ctx context.Context) (*Token, error) {
	if s.checkEpoch() {
		return nil, changedError()
	}
	s.mu.Lock()
	now, era := s.now(), s.era
	if s.held.freshFor(now, s.options.early) > 0 {
		t := s.copyHeld()
		s.mu.Unlock()
		return t, nil
	}
	left := s.held.left(now)
	f, err := s.join(ctx, now, left > 0, false)
	s.mu.Unlock()
	if err == nil {
		var t *Token
		if t, err = f.wait(ctx, left > patience); err == nil {
			return t, nil
		}
	}
	if t := s.livingOf(era); t != nil && ctx.Err() == nil {
		return t, nil
	}
	return nil, s.explain(err)
}

// ForceRefresh returns a new token whatever is in hand. It counts against the
// user's budget each time; those who wait for the same one count once. When it
// fails, the token in hand stays.
func (s *SessionTokens) ForceRefresh(ctx context.Context) (*Token, error) {
	if s.checkEpoch() {
		return nil, changedError()
	}
	s.mu.Lock()
	f, err := s.join(ctx, s.now(), false, true)
	s.mu.Unlock()
	if err == nil {
		var t *Token
		if t, err = f.wait(ctx, false); err == nil {
			return t, nil
		}
	}
	return nil, s.explain(err)
}

// Renew implements TokenRenewer. A token is renewed at most once; if it is no
// longer the one in hand, the one in hand is returned. If that is another
// user's, the error is ErrSessionChanged: a request of one user must not be
// repeated as another.
func (s *SessionTokens) Renew(ctx context.Context, refused string) (*Token, error) {
	s.mu.Lock()
	if s.held != nil && s.held.token.JWT == refused && !s.held.refused {
		s.refuse(refusedError())
	}
	s.mu.Unlock()
	s.queue.run()
	t, err := s.Token(ctx)
	if err != nil {
		return nil, err
	}
	if claims, bad := Decode(refused); bad == nil && claims.UserID != t.UserID {
		return nil, changedError()
	}
	return t, nil
}

// Peek returns the token in hand if it still lives, else nil. It never asks
// the server.
func (s *SessionTokens) Peek() *Token {
	s.checkEpoch()
	s.mu.Lock()
	t := s.living()
	s.mu.Unlock()
	return t
}

// Close lets go of the token and of what was learned. Tokens that were handed
// out stay good.
func (s *SessionTokens) Close() {
	s.mu.Lock()
	s.yield()
	share := s.share
	s.closed, s.share, s.tabs = true, nil, tabs.State{}
	s.forget()
	clear(s.listeners)
	if share != nil {
		s.queue.add(share.close) // after what is still to be posted
	}
	s.mu.Unlock()
	s.queue.run()
}

func (s *SessionTokens) now() moment.Moment { return read(s.options.clock) }

// living returns a copy of the token in hand if it lives.
func (s *SessionTokens) living() *Token {
	if s.held.left(s.now()) == 0 {
		return nil
	}
	return s.copyHeld()
}

func (s *SessionTokens) copyHeld() *Token {
	t := s.held.token
	return &t
}

// livingOf is living, for those who asked in that era.
func (s *SessionTokens) livingOf(era int) *Token {
	var t *Token
	s.mu.Lock()
	if s.era == era {
		t = s.living()
	}
	s.mu.Unlock()
	return t
}

// explain adds what only s knows: whether the token was not its own.
func (s *SessionTokens) explain(err *Error) *Error {
	ended := isGuest(err) || err.Type == ErrUserJWTInvalid || err.Type == ErrSessionChanged
	s.mu.Lock()
	if ended && s.held != nil && s.held.outside {
		err = outsideError(s.held, err)
	}
	s.mu.Unlock()
	return err
}
