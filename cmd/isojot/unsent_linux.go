package main

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxUnsent is how much of an answer the kernel takes that is not on its way, in
// bytes. Linux would take megabytes, and ask for more only when a third of them
// has gone: a client who reads slowly would seem not to read at all.
const maxUnsent = 128 << 10

// keepUnsentLow bounds it for a connection.
func keepUnsentLow(conn net.Conn) error {
	system, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := system.SyscallConn()
	if err != nil {
		return err
	}
	var fault error
	err = raw.Control(func(fd uintptr) {
		fault = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
	})
	return errors.Join(err, fault)
}
