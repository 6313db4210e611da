package auth

import (
	"context"

	"github.com/isojot/isojot"
)

// contextKey is the type of this package's only context value.
type contextKey struct{}

type admitted struct {
	caller *Caller
	client *isojot.Client
}

func withCaller(ctx context.Context, caller *Caller, client *isojot.Client) context.Context {
	return context.WithValue(ctx, contextKey{}, admitted{caller, client})
}

// FromContext returns the caller of the request whose context it is. It reports
// false where Middleware was not in front, or is Optional and the request had
// no token.
func FromContext(ctx context.Context) (*Caller, bool) {
	a, _ := ctx.Value(contextKey{}).(admitted)
	return a.caller, a.caller != nil
}

// ClientFromContext returns a client that acts for the caller, where Middleware
// was given WithClient and the request had a token.
func ClientFromContext(ctx context.Context) (*isojot.Client, bool) {
	a, _ := ctx.Value(contextKey{}).(admitted)
	return a.client, a.client != nil
}
