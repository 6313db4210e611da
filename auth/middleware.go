package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/isojot/isojot"
)

// Option sets one thing of Middleware.
type Option func(*middleware) error

type middleware struct {
	verifier Verifier
	base     *isojot.Client // nil: no client is made
	optional bool
	cookie   string
	realm    string
	logger   *slog.Logger // nil: slog.Default
}

// Optional lets requests without a token through; FromContext then reports
// false. A token that is refused still is 401, and not a guest: a page would
// otherwise not learn that it has to make another.
func Optional() Option {
	return func(m *middleware) error { m.optional = true; return nil }
}

// FromCookie also takes the token from the cookie of that name, which should be
// HttpOnly, Secure and SameSite=Lax or Strict. Browsers send cookies on their
// own, also with requests that other sites cause: put http.CrossOriginProtection
// in front.
func FromCookie(name string) Option {
	return func(m *middleware) error {
		m.cookie = name
		if err := (&http.Cookie{Name: name, Value: "x"}).Valid(); err != nil {
			return invalid("cookie: the name is empty or has a character that no cookie's name has (RFC 6265 section 4.1.1)")
		}
		return nil
	}
}

// WithClient makes a client for each caller, which ClientFromContext returns:
// for base's endpoint and project, with the caller's JWT and no other
// credential of base.
func WithClient(base *isojot.Client) Option {
	return func(m *middleware) error {
		m.base = base
		if base == nil {
			return invalid("client: nil; make one by isojot.NewClient(endpoint, project)")
		}
		return nil
	}
}

// Realm sets what WWW-Authenticate calls the protected space (RFC 9110 section
// 11.5), in printable ASCII. Without it, it is "api".
func Realm(text string) Option {
	return func(m *middleware) error {
		m.realm = text
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			return invalid("realm: it has a character that is not printable ASCII")
		}
		return nil
	}
}

// WithLogger sets where it is logged that tokens were refused (debug) or could
// not be verified (warn). Without it, it is slog.Default. Tokens are not
// logged.
func WithLogger(logger *slog.Logger) Option {
	return func(m *middleware) error {
		m.logger = logger
		if logger == nil {
			return invalid("logger: nil; leave the option out to use slog.Default")
		}
		return nil
	}
}

// Middleware lets those requests through to a handler that carry a JWT which v
// accepts: as Authorization: Bearer, else as X-Appwrite-JWT, else in the cookie
// of FromCookie. The handler finds the caller by FromContext.
//
// Others are answered here, in JSON (error, error_description, reason): none 401
// with WWW-Authenticate, a refused one 401 invalid_token, two different ones
// 400 invalid_request (RFC 6750 section 3), and 503 with Retry-After, where
// known, when v cannot tell.
//
// It panics when v is nil or an option is faulty, as http.ServeMux does for a
// faulty pattern: that is found when the program starts.
func Middleware(v Verifier, opts ...Option) func(http.Handler) http.Handler {
	m := &middleware{verifier: v, realm: "api"}
	if v == nil {
		panic(invalid("verifier: nil; make one by NewRemote, NewLocal or NewJWKS"))
	}
	for _, opt := range opts {
		if err := opt(m); err != nil {
			panic(err)
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, answer := m.admit(r)
			if answer != nil {
				answer.write(w, m.realm)
				return
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// admit returns the context of a request that is let through, or the answer to
// one that is not.
func (m *middleware) admit(r *http.Request) (context.Context, *answer) {
	ctx := r.Context()
	token, fault := credential(r, m.cookie)
	switch {
	case fault != "":
		return nil, invalidRequest(fault)
	case token == "" && m.optional:
		return ctx, nil
	case token == "":
		return nil, missing()
	}
	caller, client, err := m.identify(ctx, token)
	if err != nil {
		m.log(ctx, err)
		return nil, failed(err)
	}
	return withCaller(ctx, caller, client), nil
}

func (m *middleware) identify(ctx context.Context, token string) (*Caller, *isojot.Client, error) {
	caller, err := m.verifier.Verify(ctx, token)
	if err != nil || m.base == nil {
		return caller, nil, err
	}
	client, err := actingFor(m.base, token)
	return caller, client, err
}

// log reports an error. One of a client that has gone is nobody's trouble.
func (m *middleware) log(ctx context.Context, err error) {
	logger := m.logger
	if logger == nil {
		logger = slog.Default()
	}
	if errors.Is(err, ErrRefused) || ctx.Err() != nil {
		logger.DebugContext(ctx, "JWT not accepted", "reason", reasonOf(err), "error", err)
		return
	}
	logger.WarnContext(ctx, "JWT not verified", "error", err)
}
