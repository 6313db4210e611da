package ssr

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/mask"
)

// Sessions knows the visitors of a program that renders pages, by the session
// cookie of one project. It is safe for concurrent use and holds nothing that
// must be closed.
type Sessions struct {
	base         *isojot.Client // holds no credential
	cookie       sessionCookie
	tokens       *tokens
	entries      int
	tokenOptions []isojot.TokenOption

	public       *url.URL // nil: as each request says
	origins      *http.CrossOriginProtection
	address      func(*http.Request) string // nil: none is forwarded
	roundTripper http.RoundTripper
	logger       *slog.Logger // nil: slog.Default
}

// New returns the Sessions of the client's endpoint and project. A session, key
// or JWT that the client holds is not used: each request acts for its visitor
// alone.
func New(base *isojot.Client, opts ...Option) (*Sessions, error) {
	if base == nil {
		return nil, invalid("client: nil; make one by isojot.NewClient(endpoint, project)")
	}
	bare, err := base.With(isojot.WithSession(""), isojot.WithKey(""), isojot.WithStorage(nil), isojot.WithJWT(""))
	if err != nil {
		return nil, err
	}
	s := &Sessions{
		base: bare, cookie: newSessionCookie(bare.Project()), entries: DefaultTokenEntries,
		origins: http.NewCrossOriginProtection(), roundTripper: defaultRoundTripper(),
	}
	for _, opt := range opts {
		if err := opt(s); err != nil {
			return nil, err
		}
	}
	if s.tokens, err = newTokens(bare, s.entries, s.tokenOptions); err != nil {
		return nil, err
	}
	return s, nil
}

// defaultRoundTripper is net/http's default, with an end to the wait for an
// answer: the API's longest, a synchronous execution, takes 30 s.
func defaultRoundTripper() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 60 * time.Second
	return t
}

// Middleware gives each request its Visitor, which FromContext returns, and
// keeps the session's cookie in what next answers. Requests that change
// something and come from a page of another site are answered here, with 403:
// those whose method is not GET, HEAD or OPTIONS and whose Sec-Fetch-Site, or
// else Origin, is not this origin's (http.CrossOriginProtection). Programs that
// send neither header are let through: no browser made them.
func (s *Sessions) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.origins.Check(r); err != nil {
			s.refuseOrigin(r)
			http.Error(w, crossOriginText, http.StatusForbidden)
			return
		}
		v := &Visitor{sessions: s, request: r, session: mask.Hide(s.cookie.read(r))}
		defer v.end()
		out := &writer{ResponseWriter: w, visitor: v}
		next.ServeHTTP(out, r.WithContext(context.WithValue(r.Context(), contextKey{}, v)))
		v.seal(w.Header()) // where nothing was written, net/http does after this
	})
}

// crossOriginText is for whoever sees it, a user or the author of a page.
const crossOriginText = "This request was refused: it changes something, and a page of another site sent it. " +
	"Open the form on this site and send it from there. (Another origin is let in by ssr.TrustOrigin; " +
	"behind a proxy that changes the Host, ssr.PublicOrigin names this site's own.)"

func (s *Sessions) refuseOrigin(r *http.Request) {
	s.log().WarnContext(r.Context(), "cross-origin request refused", "method", r.Method, "path", r.URL.Path,
		"origin", r.Header.Get("Origin"), "site", r.Header.Get("Sec-Fetch-Site"))
}

func (s *Sessions) log() *slog.Logger {
	if s.logger == nil {
		return slog.Default()
	}
	return s.logger
}

// Stats are what the JWTs of all sessions cost so far.
type Stats struct {
	// Sessions is of how many sessions JWTs are kept at the moment.
	Sessions int
	// Created is how many JWTs the API made.
	Created uint64
	// Evicted is how many sessions' were let go for another's (TokenEntries).
	Evicted uint64
}

// Stats returns the counts so far.
func (s *Sessions) Stats() Stats { return s.tokens.stats() }

// contextKey is the type of this package's only context value.
type contextKey struct{}

// FromContext returns the visitor of the request whose context it is. It
// reports false where Middleware was not in front.
func FromContext(ctx context.Context) (*Visitor, bool) {
	v, ok := ctx.Value(contextKey{}).(*Visitor)
	return v, ok
}
