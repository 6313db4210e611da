// Package netaddr tells addresses of this machine from others.
package netaddr

import "net/netip"

// Loopback reports whether a host, an address or a name, is of this machine:
// localhost, or a loopback address, also one of IPv4 in IPv6.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
