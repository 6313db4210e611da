package ssr

import (
	"context"
	"net/http"
	"sync"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/mask"
)

// Visitor is who sent one request. It serves that request alone: after its end,
// and with the context of another one, its calls and those of its Client are
// ErrReused. It is safe for concurrent use, and an isojot.TokenRenewer.
type Visitor struct {
	sessions *Sessions
	request  *http.Request

	mu        sync.Mutex
	session   mask.Hidden[string] // "": a guest
	client    *isojot.Client
	user      *isojot.User
	cookies   []*http.Cookie // to be set with the header
	callback  *http.Cookie   // to be set with it, nil for none
	secretive bool           // the request's address has a secret
	consulted bool           // the answer may depend on who the visitor is
	sealed    bool           // the header is on its way
	ended     bool
}

// HasSession reports whether the request presents a session. It does not ask the
// API whether the session is any good: User does.
func (v *Visitor) HasSession() bool { return v.current() != "" }

// Client returns a client that acts by the visitor's session, and by no other
// credential. For a guest it has none. After a sign-in or sign-out, call it
// again. It tells the API the browser's User-Agent. Signing out by its own
// calls removes the cookie too; for signing in, use the Visitor's methods. Its
// errors are isojot's own; see Sort.
func (v *Visitor) Client() (*isojot.Client, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.consulted = true
	if v.client != nil {
		return v.client, nil
	}
	client, err := v.clientFor(*v.session.Pointer())
	if err == nil {
		v.client = client
	}
	return client, err
}

// User returns who is signed in. It asks the API, once in a request, by the
// session: ErrSignedOut also means that the session was ended elsewhere.
func (v *Visitor) User(ctx context.Context) (*isojot.User, error) {
	session := v.current()
	if err := v.usable(ctx); err != nil {
		return nil, err
	}
	if session == "" {
		return nil, v.sessions.noSession()
	}
	if user := v.known(session); user != nil {
		return user, nil
	}
	client, err := v.Client()
	if err != nil {
		return nil, err
	}
	user, err := client.Account.Get(ctx)
	if err != nil {
		v.sawError(session, err)
		return nil, explained(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if *v.session.Pointer() == session {
		v.user = user
	}
	return user, nil
}

// Token implements isojot.TokenSource: a JWT of the visitor's session, for
// calls to other services. All requests of the session share it while it lives.
// A session that has ended may still have one here; the API, and services that
// ask it, refuse that. So ask User who is signed in, not Token.
func (v *Visitor) Token(ctx context.Context) (*isojot.Token, error) {
	return v.ask(ctx, func(s *isojot.SessionTokens) (*isojot.Token, error) { return s.Token(ctx) })
}

// Renew implements isojot.TokenRenewer: another JWT after a service refused
// one as expired. Each is renewed at most once.
func (v *Visitor) Renew(ctx context.Context, refused string) (*isojot.Token, error) {
	return v.ask(ctx, func(s *isojot.SessionTokens) (*isojot.Token, error) { return s.Renew(ctx, refused) })
}

func (v *Visitor) ask(ctx context.Context, what func(*isojot.SessionTokens) (*isojot.Token, error)) (*isojot.Token, error) {
	session := v.current()
	if err := v.usable(ctx); err != nil {
		return nil, err
	}
	if session == "" {
		return nil, v.sessions.noSession()
	}
	token, err := v.sessions.tokens.ask(session, what)
	if err != nil {
		return nil, explained(err)
	}
	return token, nil
}

// current is the session; whoever asks makes the answer depend on it.
func (v *Visitor) current() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.consulted = true
	return *v.session.Pointer()
}

// consult makes the answer one that depends on the visitor.
func (v *Visitor) consult() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.consulted = true
}

func (v *Visitor) known(session string) *isojot.User {
	v.mu.Lock()
	defer v.mu.Unlock()
	if *v.session.Pointer() != session {
		return nil
	}
	return v.user
}

// become makes the visitor of one session, or of none, that of another.
func (v *Visitor) become(before, session string, cookies []*http.Cookie) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if *v.session.Pointer() == before {
		v.set(session, cookies)
	}
}

func (v *Visitor) set(session string, cookies []*http.Cookie) {
	v.session, v.client, v.user, v.cookies = mask.Hide(session), nil, nil, cookies
}

// sawError drops the JWT of a session that the API no longer knows.
func (v *Visitor) sawError(session string, err error) {
	if e, ok := err.(*isojot.Error); ok && isGuest(e) {
		v.sessions.tokens.end(session)
	}
}

// end is that of the request.
func (v *Visitor) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ended = true
}
