package isojot

import (
	"context"
	"strconv"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
)

const (
	// flightTimeout bounds the making of a token.
	flightTimeout = time.Minute
	// patience is how long callers wait for a new token, from when it was
	// asked for, while the old one lives longer than that.
	patience = 5 * time.Second
)

// flight is the making of one token, for all who wait for it.
type flight struct {
	era    int
	began  time.Time
	client *Client
	ctx    context.Context
	cancel context.CancelFunc
	forced bool // another tab's token will not do

	done  chan struct{} // closed when the rest is set
	token *Token
	err   *Error
}

// join returns the flight under way, or starts one. living reports whether there
// is a token to fall back on, forced that only a new one will do.
func (s *SessionTokens) join(ctx context.Context, now stamp, living, forced bool) (*flight, *Error) {
	if s.closed {
		return nil, closedError()
	}
	if err := ctx.Err(); err != nil {
		return nil, canceledError(err)
	}
	if s.flight != nil {
		s.flight.forced = s.flight.forced || forced
		return s.flight, nil
	}
	if err := s.pause.blocks(now, living); err != nil {
		return nil, err
	}
	if s.orphaned() {
		return nil, &Error{Type: ErrUserJWTInvalid, Code: 401, Message: "there is no session of its user"}
	}
	f := &flight{era: s.era, began: time.Now(), client: s.client, forced: forced, done: make(chan struct{})}
	// WithTimeout would link much of package time into the browser build.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	timeout := time.AfterFunc(flightTimeout, cancel)
	f.ctx, f.cancel = ctx, func() { timeout.Stop(); cancel() }
	s.flight = f
	go s.fly(f)
	return f, nil
}

// orphaned reports whether the token in hand was given and there is no session of
// its user to make another.
func (s *SessionTokens) orphaned() bool {
	if s.held == nil || !s.held.outside {
		return false
	}
	user, present := s.held.token.UserID, or(sessionUser(s.client.cfg().session), s.who.user)
	return user == "" || s.known == signedOut || present != "" && present != user
}

// wait returns the flight's token, or ctx's error. Who has a token to fall back
// on waits no longer than patience.
func (f *flight) wait(ctx context.Context, fallback bool) (*Token, *Error) {
	var late <-chan time.Time
	if fallback {
		timer := time.NewTimer(patience - time.Since(f.began))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-f.done:
		return f.outcome()
	case <-late:
		return nil, &Error{Type: ErrNetwork, Reason: ReasonNetwork, Message: "the server takes long to make a JWT"}
	case <-ctx.Done():
		return nil, canceledError(ctx.Err())
	}
}

// outcome returns copies: callers may change what they get.
func (f *flight) outcome() (*Token, *Error) {
	if f.err != nil {
		err := *f.err
		return nil, &err
	}
	token := *f.token
	return &token, nil
}

// fly makes the token, or takes over another tab's.
func (s *SessionTokens) fly(f *flight) {
	defer f.cancel()
	h, err := s.obtain(f)
	f.err = err
	s.mu.Lock()
	s.land(f, h)
	s.mu.Unlock()
	close(f.done)
	s.queue.run()
}

func (s *SessionTokens) durationBody() []byte {
	if s.options.duration == 0 {
		return nil
	}
	return []byte(`{"duration":` + strconv.Itoa(int(s.options.duration/time.Second)) + `}`)
}

// checkUser finds out whose session it is before a token from outside is
// replaced: another user's would be of no use, and count against their
// budget. Asking counts against nobody's.
func (s *SessionTokens) checkUser(f *flight) *Error {
	s.mu.Lock()
	ask := s.held != nil && s.held.outside && s.who.user == "" && sessionUser(f.client.cfg().session) == ""
	s.mu.Unlock()
	if !ask {
		return nil
	}
	if _, err := f.client.Call(f.ctx, "account.getSession", Params{Path: sessionPath("current")}); err != nil {
		return sourceError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.orphaned() {
		return changedError()
	}
	return nil
}

// create asks the server for a token.
func (s *SessionTokens) create(f *flight) (*held, *Error) {
	const operation = "account.createJWT"
	if err := s.checkUser(f); err != nil {
		return nil, err
	}
	sent := s.now()
	res, cause := f.client.Call(f.ctx, operation, Params{Body: s.durationBody()})
	if cause != nil {
		return nil, sourceError(cause)
	}
	obj, cause := jsonobj.Parse(string(res.Body))
	jwt, _ := obj.String("jwt")
	claims, badJWT := Decode(jwt)
	if cause != nil || badJWT != nil {
		return nil, &Error{
			Operation: operation, Type: ErrBadResponse, Code: res.Status, Response: string(res.Body), Reason: ReasonUnknown,
			Message: "the answer is no JWT that can be read: check the endpoint", cause: badJWT,
		}
	}
	return hold(jwt, claims, sent, lifeOf(claims, s.options.duration, res)), nil
}

// land takes the new token, unless somebody signed in or out since it was
// asked for: then it is dropped, and whoever waited is told.
func (s *SessionTokens) land(f *flight, h *held) {
	s.notice()
	if s.flight == f {
		s.flight = nil
		defer s.yield() // whatever came of its turn
	}
	canceled := f.err != nil && f.err.Type == ErrCanceled // by forget, or for its time
	switch {
	case s.closed:
		f.err = closedError()
	case f.era != s.era && (f.err == nil || canceled):
		f.err = changedError()
	case canceled:
		f.err = timeoutError(f.err)
		s.failed(f)
	case f.err != nil:
		s.failed(f)
	case s.held != nil && s.held.outside && s.held.token.UserID != h.token.UserID:
		s.become(identityOf(h))
		f.err = changedError()
	case s.known == signedIn && !s.who.allows(identityOf(h)):
		s.become(identityOf(h))
		s.adopt(h, true)
		f.err = changedError()
	case s.held == h: // taken over from another tab already
		f.token = s.copyHeld()
	default:
		s.become(identityOf(h))
		s.adopt(h, true)
		f.token = s.copyHeld()
	}
}

// failed keeps what lives, and says when to try again.
func (s *SessionTokens) failed(f *flight) {
	if f.era != s.era {
		return
	}
	s.pause = pauseAfter(f.err, s.now())
	s.persist()
	s.announce(Change{Kind: AuthError, UserID: s.who.user, SessionID: s.who.session, Err: f.err})
}

func closedError() *Error {
	return &Error{Type: ErrClosed, Reason: ReasonUnknown, Message: "the token source was closed"}
}

func canceledError(cause error) *Error {
	return &Error{Type: ErrCanceled, Reason: ReasonUnknown, Message: "waiting for a JWT: " + cause.Error(), cause: cause}
}

// timeoutError leaves the cause out: it is a context's end, but not that of
// the caller's.
func timeoutError(err *Error) *Error {
	return &Error{
		Operation: err.Operation, Type: ErrNetwork, Reason: ReasonNetwork,
		Message: "no JWT came within a minute. " + ReasonNetwork.Advice(),
	}
}

func changedError() *Error {
	return &Error{
		Type: ErrSessionChanged, Reason: ReasonSessionEnded,
		Message: "somebody signed in or out while a JWT was made; ask again for whoever is signed in now",
	}
}
