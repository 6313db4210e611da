package auth

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
)

// rules are what Local and JWKS check alike.
type rules struct {
	methods          []string // the algorithms, by their names in "alg"
	now              func() time.Time
	leeway           time.Duration
	maxAge           time.Duration // since iat; zero: any
	issuer, audience string        // "": any
	liveness         Verifier      // nil: nobody is asked

	parser *jwt.Parser
}

// ready makes the parser, after the options.
func (r *rules) ready() {
	opts := []jwt.ParserOption{
		jwt.WithValidMethods(r.methods), jwt.WithExpirationRequired(), jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(r.now), jwt.WithLeeway(r.leeway),
	}
	if r.issuer != "" {
		opts = append(opts, jwt.WithIssuer(r.issuer))
	}
	if r.audience != "" {
		opts = append(opts, jwt.WithAudience(r.audience))
	}
	r.parser = jwt.NewParser(opts...)
}

// verify checks a token by the key that find returns for its header. An error
// of find is one of the two kinds.
func (r *rules) verify(ctx context.Context, token string, find func(header map[string]any) (any, error)) (*Caller, error) {
	p, err := read(token)
	if err != nil {
		return nil, err
	}
	if r.maxAge > 0 {
		p.old = func(issued time.Time) bool { return !r.now().Before(issued.Add(r.maxAge + r.leeway)) }
	}
	var fault error // find's, which golang-jwt would wrap
	_, err = r.parser.ParseWithClaims(token, p, func(t *jwt.Token) (any, error) {
		var key any
		key, fault = checked(t.Header, find)
		return key, fault
	})
	if fault != nil {
		return nil, fault
	}
	if err != nil {
		return nil, r.refusal(err)
	}
	if err := r.alive(ctx, token); err != nil {
		return nil, err
	}
	return p.caller(token), nil
}

// checked finds the key unless the header asks for what is not understood (RFC
// 7515 section 4.1.11).
func checked(header map[string]any, find func(map[string]any) (any, error)) (any, error) {
	if _, ok := header["crit"]; ok {
		return nil, invalidJWT(isojot.ReasonUnknown, `the header has "crit", and no extension is understood`)
	}
	return find(header)
}

// alive asks whether the token's session has not ended.
func (r *rules) alive(ctx context.Context, token string) error {
	if r.liveness == nil {
		return nil
	}
	_, err := r.liveness.Verify(ctx, token)
	return sorted(err)
}

// refusal finds words for golang-jwt's errors, whose own may quote the token.
func (r *rules) refusal(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return invalidJWT(isojot.ReasonUnknown, "the signature is not by "+strings.Join(r.methods, " or ")+" and the key that is trusted")
	case errors.Is(err, jwt.ErrTokenMalformed):
		return invalidJWT(isojot.ReasonJWTMalformed, "the signature is not base64url (RFC 7515 section 2)")
	case errors.Is(err, jwt.ErrTokenExpired):
		return invalidJWT(isojot.ReasonJWTExpired, "it has expired; make a new one where the session is")
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return invalidJWT(isojot.ReasonUnknown, `it is not valid yet ("nbf"); check that this machine's clock is right`)
	case errors.Is(err, jwt.ErrTokenInvalidIssuer), errors.Is(err, jwt.ErrTokenInvalidAudience),
		errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return invalidJWT(isojot.ReasonUnknown, `it was made by another issuer or for another audience ("iss", "aud")`)
	}
	return invalidJWT(isojot.ReasonJWTMalformed, `"nbf", "iat", "iss" or "aud" is of the wrong type (RFC 7519 section 4.1)`)
}
