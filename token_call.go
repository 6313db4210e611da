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
	token, err := c.cfg().token(ctx)
	if err != nil {
		return nil, sourceError(err)
	}
	res, refusal := c.sendToken(ctx, operation, p, token)
	if refusal == nil || refusal.Type != ErrUserJWTInvalid {
		return res, refusal
	}
	renewed, err := c.cfg().renewed(ctx, token)
	if err != nil || renewed.JWT == token.JWT {
		return nil, unrenewed(refusal, err)
	}
	return c.sendToken(ctx, operation, p, renewed)
}

func (c *Client) sendToken(ctx context.Context, operation string, p Params, token *Token) (*Response, *Error) {
	res, err := c.send(ctx, operation, p, LaneJWT, token.JWT)
	if err == nil && c.cfg().own != nil {
		c.cfg().own.accepted(token.JWT)
	}
	return res, err
}

// token is the token to send. One that was given to the client is sent until
// the server refuses it: this machine's clock may be wrong.
func (c *config) token(ctx context.Context) (*Token, error) {
	if c.own == nil {
		return c.tokens.Token(ctx)
	}
	if t := c.own.outside(); t != nil {
		return t, nil
	}
	return c.own.Token(ctx)
}

// renewed is the token to send after one was refused: the same where the
// source cannot renew.
func (c *config) renewed(ctx context.Context, refused *Token) (*Token, error) {
	if c.own != nil {
		return c.own.Renew(ctx, refused.JWT)
	}
	if renewer, ok := c.tokens.(TokenRenewer); ok {
		return renewer.Renew(ctx, refused.JWT)
	}
	return refused, nil
}

// unrenewed is the error of a call whose token was refused: why no other could
// be had, unless that says no more than the refusal.
func unrenewed(refusal *Error, cause error) *Error {
	if e, ok := errors.AsType[*Error](cause); ok && e.Type != ErrUserJWTInvalid {
		return e
	}
	return refusal
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
