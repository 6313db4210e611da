package auth

import (
	"context"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jws"
)

// rules are what Local and JWKS check alike.
type rules struct {
	methods          []string // the algorithms, by their names in "alg"
	now              func() time.Time
	leeway           time.Duration
	maxAge           time.Duration // since iat; zero: any
	issuer, audience string        // "": any
	liveness         Verifier      // nil: nobody is asked

	verifier *jws.Verifier
}

// ready makes the verifier, after the options.
func (r *rules) ready() {
	r.verifier = jws.New(jws.Rules{Algorithms: r.methods, Now: r.now, Leeway: r.leeway, Issuer: r.issuer, Audience: r.audience})
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
	err = r.verifier.Verify(token, p, find)
	if fault, ok := err.(jws.Fault); ok {
		return nil, r.refusal(fault)
	}
	if err != nil {
		return nil, err
	}
	if err := r.alive(ctx, token); err != nil {
		return nil, err
	}
	return p.caller(token), nil
}

// alive asks whether the token's session has not ended.
func (r *rules) alive(ctx context.Context, token string) error {
	if r.liveness == nil {
		return nil
	}
	_, err := r.liveness.Verify(ctx, token)
	return sorted(err)
}

// refusal finds words for a fault.
func (r *rules) refusal(fault jws.Fault) error {
	switch fault {
	case jws.Critical:
		return invalidJWT(isojot.ReasonUnknown, `the header has "crit", and no extension is understood`)
	case jws.Signature, jws.NoAlgorithm:
		return invalidJWT(isojot.ReasonUnknown, "the signature is not by "+strings.Join(r.methods, " or ")+" and the key that is trusted")
	case jws.Malformed:
		return invalidJWT(isojot.ReasonJWTMalformed, "the signature is not base64url (RFC 7515 section 2)")
	case jws.Expired:
		return invalidJWT(isojot.ReasonJWTExpired, "it has expired; make a new one where the session is")
	case jws.Early:
		return invalidJWT(isojot.ReasonUnknown, `it is not valid yet ("nbf"); check that this machine's clock is right`)
	case jws.Foreign:
		return invalidJWT(isojot.ReasonUnknown, `it was made by another issuer or for another audience ("iss", "aud")`)
	}
	return invalidJWT(isojot.ReasonJWTMalformed, `"nbf", "iat", "iss" or "aud" is of the wrong type (RFC 7519 section 4.1)`)
}
