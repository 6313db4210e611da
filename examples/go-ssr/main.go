// Command go-ssr renders pages for signed-in users, without JavaScript, and
// calls a second Go service as the user.
//
// The browser's session cookie is this program's own (package ssr). The notes
// service, which listens on another address, gets no cookie: it gets the
// user's JWT, and verifies that (package auth).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/isojot-go-ssr/notes"
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/ssr"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "go-ssr:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, and then lets running requests finish.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) error {
	cfg, err := parseConfig(args, env, stderr)
	if err != nil {
		return err
	}
	base, err := isojot.NewClient(cfg.endpoint, cfg.project)
	if err != nil {
		return err
	}
	service, err := notes.NewHandler(base)
	if err != nil {
		return err
	}
	notesListener, err := listen(cfg.notesAddr, "-notes-addr")
	if err != nil {
		return err
	}
	defer notesListener.Close()
	pages, err := newHandler(base, "http://"+notesListener.Addr().String(), cfg.options()...)
	if err != nil {
		return err
	}
	listener, err := listen(cfg.addr, "-addr")
	if err != nil {
		return err
	}
	defer listener.Close()
	fmt.Fprintf(stdout, "http://%s shows pages and calls http://%s; both ask %s (project %s)\n",
		listener.Addr(), notesListener.Addr(), cfg.endpoint, cfg.project)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(ctx, notesListener, service) })
	group.Go(func() error { return serve(ctx, listener, pages) })
	return group.Wait()
}

func (c config) options() []ssr.Option {
	if c.origin == "" {
		return nil
	}
	return []ssr.Option{ssr.PublicOrigin(c.origin)}
}

func listen(addr, flag string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen: %w; choose another address with %s", err, flag)
	}
	return listener, nil
}

// serve bounds the phases of a connection, so that slow or silent clients
// cannot hold the program's resources.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(shutdown)
}
