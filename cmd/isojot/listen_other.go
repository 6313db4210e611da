//go:build !linux

package main

import "syscall"

// keepUnsentLow does nothing where this is not known to be needed.
func keepUnsentLow(_, _ string, _ syscall.RawConn) error { return nil }
