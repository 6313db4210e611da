package main

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// maxUnsent is how much of an answer the kernel takes that is not on its way, in
// bytes. Linux would take megabytes, and ask for more only when a third of them
// has gone: a client who reads slowly would seem not to read at all.
const maxUnsent = 128 << 10

// keepUnsentLow bounds it for the connections of a listener.
func keepUnsentLow(_, _ string, c syscall.RawConn) (err error) {
	failed := c.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
	})
	if failed != nil {
		return failed
	}
	return err
}
