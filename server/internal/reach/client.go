package reach

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/isojot/isojot/internal/netaddr"
)

// Site is the part of a host that its owner registered: the public
// suffix and the label before it. It is "" for addresses, single names, public
// suffixes themselves and suffixes that the list does not know.
func Site(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	suffix, icann := publicsuffix.PublicSuffix(host)
	if !icann && !strings.Contains(suffix, ".") { // what the list's default rule says of any name
		return ""
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return site
}

// ClientIP is the address the request came from, IPv4 in its own form.
func ClientIP(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return from.Addr().Unmap().String()
}

// Local reports whether the request came from this machine. An address without
// its port was not seen by a listener but taken from elsewhere, such as a header.
func Local(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && netaddr.Loopback(from.Addr())
}

// Network is what is counted of an address: of IPv6, the network that one
// subscriber gets (RFC 6177), not one of its 2^64 addresses.
func Network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Unmap().Is4() {
		return ip
	}
	network, err := addr.WithZone("").Prefix(64)
	if err != nil { // 64 is within the length of every IPv6 address
		return ip
	}
	return network.String()
}

// Foreign reports whether the page of another origin sent the request.
func Foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	header := r.Header.Get("Origin")
	if header == "" {
		return false
	}
	u, err := url.Parse(header)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

// Hostname is a Host without its port, in lower case.
func Hostname(host string) string {
	return strings.ToLower((&url.URL{Host: host}).Hostname())
}
