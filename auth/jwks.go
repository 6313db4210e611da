package auth

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jws"
	"github.com/isojot/isojot/internal/netaddr"
)

// JWKS verifies JWTs by the public keys that an issuer publishes as a JWK Set
// (RFC 7517). It is safe for concurrent use.
type JWKS struct {
	rules  rules
	source keySource
}

// Defaults and bounds of a JWKS.
const (
	// DefaultMaxAge is how old fetched keys are when they are fetched anew.
	DefaultMaxAge = 10 * time.Minute
	// DefaultCooldown is the time between two fetches, at least.
	DefaultCooldown = 10 * time.Second
)

type jwksOption func(*JWKS) error

func (o jwksOption) jwks(j *JWKS) error { return o(j) }

// MaxAge sets how old the keys may be before they are fetched anew: 1 minute to
// 24 hours. A key that the issuer withdraws is trusted for as long, and for up
// to 24 hours while fetching fails or takes more than a second: tokens by a key
// in memory do not wait for longer.
func MaxAge(d time.Duration) JWKSOption {
	return jwksOption(func(j *JWKS) error {
		j.source.maxAge = d
		return checkDuration("max age", d, time.Minute, maxStale)
	})
}

// Cooldown sets the time between two fetches, at least: 1 second to 1 minute.
// It bounds what tokens with made-up key names cost the issuer. A new key may
// be refused for as long, so publish it before it signs.
func Cooldown(d time.Duration) JWKSOption {
	return jwksOption(func(j *JWKS) error {
		j.source.cooldown = d
		return checkDuration("cool-down", d, time.Second, time.Minute)
	})
}

// WithHTTPClient sets what fetches the keys. Its cookie jar is not used, and
// redirects are not followed.
func WithHTTPClient(client *http.Client) JWKSOption {
	return jwksOption(func(j *JWKS) error {
		if client == nil {
			return invalid("HTTP client: nil; leave the option out to use the default")
		}
		own := *client
		own.Jar = nil
		own.CheckRedirect = noRedirect
		j.source.client = &own
		return nil
	})
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// WithIssuer requires that "iss" is the issuer, exactly.
func WithIssuer(issuer string) JWKSOption {
	return jwksOption(func(j *JWKS) error {
		j.rules.issuer = issuer
		return notEmpty("issuer", issuer)
	})
}

// WithAudience requires that "aud" is or contains the audience. Set it where
// the issuer makes tokens for several services (RFC 8725 section 3.9).
func WithAudience(audience string) JWKSOption {
	return jwksOption(func(j *JWKS) error {
		j.rules.audience = audience
		return notEmpty("audience", audience)
	})
}

func notEmpty(field, value string) error {
	if value == "" {
		return invalid(field + `: ""; leave the option out to accept any`)
	}
	return nil
}

// NewJWKS returns a verifier by the JWK Set at the URL, which is fetched when it
// is first needed. The URL is https; http is for this machine only, since who
// could change the answer could be any user.
//
// Only EdDSA (Ed25519) and ES256 are accepted. A token's kid names the key; one
// without is verified by the set's only key for its alg. The claims are those
// of createJWT, and any others: userId and exp are required.
func NewJWKS(url string, opts ...JWKSOption) (*JWKS, error) {
	if err := checkURL(url); err != nil {
		return nil, err
	}
	j := &JWKS{
		rules: rules{
			methods: []string{jws.EdDSA.Alg(), jws.ES256.Alg()}, now: time.Now,
		},
		source: keySource{
			url: url, client: &http.Client{CheckRedirect: noRedirect}, maxAge: DefaultMaxAge, cooldown: DefaultCooldown,
		},
	}
	for _, opt := range opts {
		if err := opt.jwks(j); err != nil {
			return nil, err
		}
	}
	j.source.now = j.rules.now
	j.rules.ready()
	return j, nil
}

// Verify implements Verifier. It is ErrUnavailable where the keys cannot be
// fetched and those in memory do not have the token's. An issuer that publishes
// no key for these tokens has withdrawn them all, and every token is refused.
func (j *JWKS) Verify(ctx context.Context, token string) (*Caller, error) {
	return j.rules.verify(ctx, token, func(header map[string]any) (any, error) {
		kid, ok := header["kid"].(string)
		if _, has := header["kid"]; has && (!ok || kid == "") {
			return nil, invalidJWT(isojot.ReasonJWTMalformed, `"kid" is not a name (RFC 7515 section 4.1.4)`)
		}
		alg, _ := header["alg"].(string)
		return j.source.find(ctx, keyID{kid, alg})
	})
}

func checkURL(text string) error {
	const fix = `; pass the address of the key set, such as "https://example.com/.well-known/jwks.json"`
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return invalid("key set: the URL is not absolute, or has a user name or fragment" + fix)
	case u.Scheme == "https", u.Scheme == "http" && netaddr.LoopbackHost(u.Hostname()):
		return nil
	}
	return invalid("key set: the URL is not https (http is accepted for localhost and loopback addresses only)" + fix)
}
