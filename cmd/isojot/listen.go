package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"

	"github.com/isojot/isojot/server"
)

// listen takes the address of --addr.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q: %w (use HOST:PORT, as in %s)", addr, err, defaultAddr)
	}
	if _, err := net.DefaultResolver.LookupPort(ctx, "tcp", port); err != nil {
		return nil, fmt.Errorf("--addr %q: there is no port %q: use 1 to 65535, or 0 for any that is free", addr, port)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fail(listenFault(addr, err))
	}
	return listener, nil
}

// listenFault says what to do about an address that cannot be had.
func listenFault(addr string, err error) error {
	_, unknown := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("--addr %s is in use: stop the program that listens there, or choose another port by --addr (0 takes a free one); "+
			"if a server of isojot runs there, choose another --data too", addr)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("--addr %s: %w: use a port from 1024 on, which needs no rights", addr, err)
	case unknown, errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("--addr %s: %w: use an address of this machine, as in %s", addr, err, defaultAddr)
	}
	return fmt.Errorf("--addr %s: %w", addr, err)
}

// refused says what a server would refuse of the options, else nil. It touches
// no data: it makes one in memory.
func refused(ctx context.Context, o server.Options) error {
	o.Memory, o.DatabaseURL = true, ""
	tried, err := server.New(ctx, o)
	if err != nil {
		return startFault(o, err)
	}
	return fail(tried.Close())
}

// startFault sorts an error of server.New. What New itself refuses is what the
// flags asked for; what it wraps went wrong below.
func startFault(o server.Options, err error) error {
	if fault := dataFault(o.DataDir, err); fault != nil {
		return fail(fmt.Errorf("--data: %w", fault))
	}
	if errors.Is(err, server.ErrData) || errors.Unwrap(err) != nil {
		return fail(err)
	}
	return err
}
