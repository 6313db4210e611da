// Package netaddr tells addresses of this machine from others.
package netaddr

import "net/netip"

// Loopback reports whether an address is of this machine, also one of IPv4 in
// IPv6.
func Loopback(addr netip.Addr) bool { return addr.Unmap().IsLoopback() }

// LoopbackHost reports whether the host of a URL is of this machine: localhost, or
// a loopback address.
func LoopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && Loopback(addr)
}
