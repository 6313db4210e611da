package isojot

import (
	"context"
	"errors"
)

// callByToken performs an operation on the JWT lane with the token source's
// token. It is repeated once with another token if this one was refused as
// such, which the server does before it does anything else (contract section
// 2, 1); bodies are bytes and can be sent again.
func (c *Client) callByToken(ctx context.Context, operation string, p Params) (*Response, *Error) {
	token, err := tokenForCall(ctx, c.cfg.tokens)
	if err != nil {
		return nil, sourceError(err)
	}
	res, refusal := c.send(ctx, operation, p, LaneJWT, token.JWT)
	own, _ := c.cfg.tokens.(*SessionTokens)
	if refusal == nil && own != nil {
		own.accepted(token.JWT)
	}
	if refusal == nil || refusal.Type != ErrUserJWTInvalid {
		return res, refusal
	}
	renewer, ok := c.cfg.tokens.(TokenRenewer)
	if !ok {
		return nil, refusal
	}
	renewed, err := renewer.Renew(ctx, token.JWT)
	if err != nil || renewed.JWT == token.JWT {
		return nil, withRetryAfter(refusal, err)
	}
	res, refusal = c.send(ctx, operation, p, LaneJWT, renewed.JWT)
	if refusal == nil && own != nil {
		own.accepted(renewed.JWT)
	}
	return res, refusal
}

// withRetryAfter keeps why no other token could be had, where it is that the
// budget is used up: the token's end is then not what the caller can help.
func withRetryAfter(refusal *Error, cause error) *Error {
	if e, ok := errors.AsType[*Error](cause); ok && e.Reason == ReasonRateLimited {
		return e
	}
	return refusal
}

// tokenForCall is the token to send. One that was given to the client is sent
// until the server refuses it: this machine's clock may be wrong.
func tokenForCall(ctx context.Context, ts TokenSource) (*Token, error) {
	if s, ok := ts.(*SessionTokens); ok {
		if t := s.outside(); t != nil {
			return t, nil
		}
	}
	return ts.Token(ctx)
}

// outside returns the token that the client was given, unless it was refused.
func (s *SessionTokens) outside() *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil || !s.held.outside || s.held.refused {
		return nil
	}
	return s.copyHeld()
}

// sourceError is the error of a call for which there was no token.
func sourceError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	e := &Error{Type: ErrTokenSource, Reason: ReasonUnknown, Message: "the token source failed: " + err.Error(), cause: err}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		e.Type = ErrCanceled
	}
	return e
}
