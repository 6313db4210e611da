package ssr

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/mask"
)

// Option sets one thing of Sessions.
type Option func(*Sessions) error

// Defaults and bounds of TokenEntries.
const (
	// DefaultTokenEntries is of how many sessions JWTs are kept.
	DefaultTokenEntries = 10_000
	// MaxTokenEntries bounds TokenEntries: a million.
	MaxTokenEntries = 1_000_000
)

// PublicOrigin says how browsers reach the program, such as
// "https://app.example.com". Needed behind a proxy that ends TLS or changes the
// Host: the cookie is Secure if it is https, and the origin check goes by it.
// Without it, that the request itself came by TLS makes the cookie Secure.
func PublicOrigin(origin string) Option {
	return func(s *Sessions) error {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || origin != u.Scheme+"://"+u.Host {
			return invalid(fmt.Sprintf("public origin: %q is no origin: write it as https://app.example.com, without a path", mask.URL(origin)))
		}
		s.public = u
		return TrustOrigin(origin)(s)
	}
}

// TrustOrigin lets pages of another origin, such as "https://www.example.com",
// send requests that change something. They have the visitor's rights.
func TrustOrigin(origin string) Option {
	return func(s *Sessions) error {
		if err := s.origins.AddTrustedOrigin(origin); err != nil {
			return invalid(fmt.Sprintf("trusted origin: %q is no origin: write it as https://app.example.com, without a path", mask.URL(origin)))
		}
		return nil
	}
}

// ForwardAddress passes the browser's address on to the API, in
// X-Forwarded-For, so that its limits by address and its list of sessions mean
// the browser and not this program. The API must be told to believe it
// (isojot serve --trusted-proxy). PeerAddress is for programs that browsers
// reach directly; behind a proxy, read what that proxy sets, and nothing that
// a browser can write itself. A request without a valid address sends none.
func ForwardAddress(of func(*http.Request) string) Option {
	return func(s *Sessions) error {
		if of == nil {
			return invalid("forward address: nil; use ssr.PeerAddress, or leave the option out to forward none")
		}
		s.address = of
		return nil
	}
}

// PeerAddress is the address that a request came from.
func PeerAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

// TokenEntries sets of how many sessions JWTs are kept: 1 to MaxTokenEntries.
// Of one more, the session's is let go that asked longest ago; if it asks
// again, that costs one creation more of its user's budget. Stats counts both.
// An entry takes some 1.6 KB.
func TokenEntries(n int) Option {
	return func(s *Sessions) error {
		if n < 1 || n > MaxTokenEntries {
			return invalid(fmt.Sprintf("token entries: %d is not between 1 and %d", n, MaxTokenEntries))
		}
		s.entries = n
		return nil
	}
}

// TokenOptions sets how JWTs are made: isojot.TokenDuration and others.
func TokenOptions(opts ...isojot.TokenOption) Option {
	return func(s *Sessions) error { s.tokenOptions = opts; return nil }
}

// ProxyTransport sets what carries Proxy's requests. Without it, they have a
// connection pool of their own and wait 60 s for the API's answer to begin.
func ProxyTransport(t http.RoundTripper) Option {
	return func(s *Sessions) error {
		if t == nil {
			return invalid("proxy transport: nil; leave the option out to use the default")
		}
		s.roundTripper = t
		return nil
	}
}

// WithLogger sets where it is logged that requests were refused, that the proxy
// got no answer, and that a session which a sign-in replaced could not be
// ended. Without it, it is slog.Default. No credential is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(s *Sessions) error {
		if logger == nil {
			return invalid("logger: nil; leave the option out to use slog.Default")
		}
		s.logger = logger
		return nil
	}
}

func invalid(message string) error {
	return &isojot.Error{Type: isojot.ErrInvalidArgument, Message: "ssr: " + message}
}

// https reports whether the browser came by https.
func (s *Sessions) https(r *http.Request) bool {
	if s.public != nil {
		return s.public.Scheme == "https"
	}
	return r.TLS != nil
}

// validAddress is the address to forward for a request, or "".
func (s *Sessions) validAddress(r *http.Request) string {
	if s.address == nil {
		return ""
	}
	address := strings.TrimSpace(s.address(r))
	if net.ParseIP(address) == nil {
		return ""
	}
	return address
}
