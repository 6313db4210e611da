package providers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Bounds of a request to a provider.
const (
	requestTimeout = 10 * time.Second
	// MaxAnswer is the most that is read of an answer, in bytes.
	MaxAnswer = 256 << 10
)

// errTooLong says that an answer is longer than is read.
var errTooLong = fmt.Errorf("the provider's answer is longer than %d bytes", MaxAnswer)

// newClient is a client for a provider. The hosts of the URLs are the operator's
// choice, and may be anywhere; what the provider names besides, must be public: it
// could name what only this machine reaches. Redirects are not followed.
func newClient(chosen ...string) *http.Client {
	d := &dialer{chosen: map[string]bool{}}
	for _, text := range chosen {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			d.chosen[u.Hostname()] = true
		}
	}
	return &http.Client{
		Timeout:       requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: bounded{&http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: d.dial, ForceAttemptHTTP2: true,
			MaxIdleConns: 4, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: requestTimeout,
			ResponseHeaderTimeout: requestTimeout, MaxResponseHeaderBytes: 64 << 10,
		}, d},
	}
}

// bounded bounds what is read of an answer.
type bounded struct {
	base http.RoundTripper
	d    *dialer
}

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	// Behind a proxy it is the proxy that finds the host, and may refuse it.
	if proxy, err := http.ProxyFromEnvironment(r); err == nil && proxy != nil {
		r = r.WithContext(context.WithValue(r.Context(), proxied{}, true))
	}
	res, err := b.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if res.ContentLength > MaxAnswer {
		return nil, errors.Join(errTooLong, res.Body.Close())
	}
	res.Body = http.MaxBytesReader(nil, res.Body, MaxAnswer)
	return res, nil
}

// proxied marks, in a context, a request by a proxy.
type proxied struct{}

// dialer connects to the hosts that the operator chose, and to public addresses.
type dialer struct{ chosen map[string]bool }

func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	plain := net.Dialer{Timeout: requestTimeout}
	if !d.chosen[host] && ctx.Value(proxied{}) == nil {
		plain.Control = publicOnly
	}
	return plain.DialContext(ctx, network, addr)
}

// publicOnly refuses addresses that are not of the public net, after their name
// was looked up.
func publicOnly(_, addr string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return err
	}
	if !isPublic(at.Addr().Unmap()) {
		return fmt.Errorf("the provider names the address %s, which is not public: configure its endpoints if that is meant", at.Addr())
	}
	return nil
}

// special are networks that are not public, besides those that netip knows.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

func isPublic(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, network := range special {
		if network.Contains(a) {
			return false
		}
	}
	return true
}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
