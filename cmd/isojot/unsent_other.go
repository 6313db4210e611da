//go:build !linux

package main

import "net"

// keepUnsentLow does nothing where this is not known to be needed.
func keepUnsentLow(net.Conn) error { return nil }
