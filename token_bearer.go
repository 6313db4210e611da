package isojot

import "context"

// bearer hands out the JWTs that a client acts by. It is a struct of functions
// for the same reason as observer; those that a source has not are nil.
type bearer struct {
	// token returns the JWT of a request.
	token func(ctx context.Context) (*Token, error)
	// renew returns the one to send after that one was refused.
	renew func(ctx context.Context, refused string) (*Token, error)
	// accepted is told that the server took the token.
	accepted func(jwt string)
	// user is whose tokens they are, as far as known.
	user func() string
	// watch returns the observer of a client that has the session of the
	// tokens, or nil.
	watch func(*config) *observer
}

// bearerOf returns the bearer of any source.
func bearerOf(ts TokenSource) *bearer {
	b := &bearer{token: ts.Token}
	if renewer, ok := ts.(TokenRenewer); ok {
		b.renew = renewer.Renew
	}
	return b
}

// accept is told that the server took the token.
func (b *bearer) accept(jwt string) {
	if b.accepted != nil {
		b.accepted(jwt)
	}
}

// observerFor returns who is told of the calls of a client that is made of c, or
// nil. b may be nil.
func (b *bearer) observerFor(c *config) *observer {
	if b == nil || b.watch == nil {
		return nil
	}
	return b.watch(c)
}

// bearer returns what the client acts by that has s's tokens.
func (s *SessionTokens) bearer() *bearer {
	return &bearer{token: s.toSend, renew: s.Renew, accepted: s.accepted, user: s.bearerUser, watch: s.watch}
}

// toSend returns the token to send. One that was given to the client is sent
// until the server refuses it: this machine's clock may be wrong.
func (s *SessionTokens) toSend(ctx context.Context) (*Token, error) {
	if t := s.outside(); t != nil {
		return t, nil
	}
	return s.Token(ctx)
}

// outside returns the token that the client was given, unless it was refused.
func (s *SessionTokens) outside() *Token {
	var t *Token
	s.mu.Lock()
	if s.held != nil && s.held.outside && !s.held.refused {
		t = s.copyHeld()
	}
	s.mu.Unlock()
	return t
}

func (s *SessionTokens) bearerUser() string {
	if t := s.outside(); t != nil {
		return t.UserID
	}
	return s.user()
}

func (s *SessionTokens) watch(c *config) *observer {
	s.mu.Lock()
	serves := s.creator.serves(c)
	s.mu.Unlock()
	if !serves {
		return nil
	}
	return s.observer
}
