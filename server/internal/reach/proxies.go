package reach

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks whose X-Forwarded headers are believed.
type Proxies []netip.Prefix

// ParseProxies reads Options.TrustedProxies.
func ParseProxies(entries []string) (Proxies, error) {
	var all Proxies
	for _, entry := range entries {
		network, err := netip.ParsePrefix(entry)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(entry); err == nil {
				network, err = addr.Prefix(addr.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("server: the trusted proxy %q is not valid: use a network such as 10.0.0.0/8 or an address such as 127.0.0.1", entry)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

// trusts reports whether an address is a proxy's.
func (p Proxies) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// secureKey marks, in a request's context, one that came to the proxy by TLS.
type secureKey struct{}

// Secure reports whether the client came by TLS.
func Secure(r *http.Request) bool {
	return r.TLS != nil || r.Context().Value(secureKey{}) != nil
}

// Resolve is the request as the client sent it to the proxy, if a proxy that
// is trusted passed it on; else the request as it is. What is behind it sees
// the client's address, host and scheme.
func (p Proxies) Resolve(r *http.Request) *http.Request {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !p.trusts(peer.Addr().Unmap()) {
		return r
	}
	ctx := r.Context()
	if strings.EqualFold(first(r.Header.Get("X-Forwarded-Proto")), "https") {
		ctx = context.WithValue(ctx, secureKey{}, true)
	}
	resolved := r.WithContext(ctx)
	if client := p.client(r.Header.Values("X-Forwarded-For")); client.IsValid() {
		resolved.RemoteAddr = net.JoinHostPort(client.String(), "0") // the port is not known
	}
	if host := first(r.Header.Get("X-Forwarded-Host")); host != "" {
		resolved.Host = host
	}
	return resolved
}

// client is the client's address in X-Forwarded-For: the last one that is no
// proxy's, since each proxy appends whom it got the request from, and what
// stands before that is the client's own claim; the first one where all are
// proxies'. It is not valid without any.
func (p Proxies) client(headers []string) netip.Addr {
	var client netip.Addr
	hops := strings.Split(strings.Join(headers, ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := parseHop(strings.TrimSpace(hop))
		if err != nil { // nothing before what no proxy would write can be trusted
			return client
		}
		if client = addr; !p.trusts(addr) {
			return client
		}
	}
	return client
}

// parseHop reads an address, with or without a port.
func parseHop(s string) (netip.Addr, error) {
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap(), nil
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return addr.Unmap(), err
}

// first is the first entry of a list in a header.
func first(list string) string {
	entry, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(entry)
}
