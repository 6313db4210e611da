package isojot

import (
	"context"
	"errors"
)

// callByToken performs an operation on the JWT lane with the token source's
// token. It is repeated once with another token if this one was refused as
// such, which the server does before it does anything else (contract section
// 2, 1); bodies are bytes and can be sent again.
func (c *Client) callByToken(ctx context.Context, operation *Operation, p Params) (*Response, *Error) {
	bearer := c.cfg().bearer
	token, err := bearer.token(ctx)
	if err != nil {
		return nil, sourceError(err)
	}
	res, refusal := c.sendToken(ctx, operation, p, token)
	if refusal == nil || refusal.Type != ErrUserJWTInvalid || bearer.renew == nil {
		return res, refusal
	}
	renewed, err := bearer.renew(ctx, token.JWT)
	if err != nil || renewed.JWT == token.JWT {
		return nil, unrenewed(refusal, err)
	}
	return c.sendToken(ctx, operation, p, renewed)
}

func (c *Client) sendToken(ctx context.Context, operation *Operation, p Params, token *Token) (*Response, *Error) {
	res, err := c.send(ctx, operation, p, LaneJWT, token.JWT)
	if err == nil {
		c.cfg().bearer.accept(token.JWT)
	}
	return res, err
}

// unrenewed is the error of a call whose token was refused: why no other could
// be had, unless that says no more than the refusal.
func unrenewed(refusal *Error, cause error) *Error {
	if e, ok := errors.AsType[*Error](cause); ok && e.Type != ErrUserJWTInvalid {
		return e
	}
	return refusal
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
