// Package isojotoauth2 lets what takes a golang.org/x/oauth2.TokenSource act
// by a user's JWTs: an HTTP client with an oauth2.Transport, a gRPC
// connection's credentials, and others. They send them as
// "Authorization: Bearer <JWT>".
package isojotoauth2

import (
	"context"
	"fmt"

	"golang.org/x/oauth2"

	"github.com/isojot/isojot"
)

// TokenSource adapts ts. The context is that of every later Token call, which
// takes none of its own: when it ends, they fail.
//
// Give it to an oauth2.Transport as it is. oauth2.NewClient and
// oauth2.ReuseTokenSource add a cache of their own, which goes on handing out
// a token after its session has ended; an isojot.SessionTokens keeps its token
// itself. An oauth2.Token is printed with its AccessToken: do not log it.
func TokenSource(ctx context.Context, ts isojot.TokenSource) oauth2.TokenSource {
	return source{ctx, ts}
}

type source struct {
	ctx    context.Context
	tokens isojot.TokenSource
}

// Format implements fmt.Formatter: the context or the source may hold anything.
func (s source) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), "isojotoauth2.TokenSource")
}

// Token returns the JWT as an access token of type Bearer (RFC 6750).
func (s source) Token() (*oauth2.Token, error) {
	t, err := s.tokens.Token(s.ctx)
	if err != nil {
		return nil, err
	}
	return &oauth2.Token{AccessToken: t.JWT, TokenType: "Bearer", Expiry: t.Expiry}, nil
}
