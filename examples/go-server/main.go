// Command go-server is a Go back end that acts for the user who sent a JWT.
//
// A page signs in, creates a JWT and sends it as "Authorization: Bearer".
// GET /me gives that token to a client of package isojot and answers with the
// user that the auth server recognised. The service holds no key and no
// session: what it may do, the token says.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/isojot/isojot"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "go-server:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, and then lets running requests finish.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) error {
	cfg, err := parseConfig(args, env, stderr)
	if err != nil {
		return err
	}
	client, err := isojot.NewClient(cfg.endpoint, cfg.project)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return fmt.Errorf("cannot listen: %w; choose another address with -addr", err)
	}
	fmt.Fprintf(stdout, "GET http://%s/me asks %s (project %s); pages of %s may call it\n",
		listener.Addr(), cfg.endpoint, cfg.project, cfg.origins)
	logger := slog.New(slog.NewTextHandler(stderr, nil))
	return serve(ctx, listener, allowOrigins(cfg.origins, newHandler(client, logger)))
}

// serve bounds every phase of a connection, so that slow or silent clients
// cannot hold the service's resources.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
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
