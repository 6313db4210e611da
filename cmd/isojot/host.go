package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/isojot/isojot/internal/tune"
	"github.com/isojot/isojot/server"
)

const (
	maxHeaderBytes = 64 << 10
	// shutdownTimeout is how long requests under way may take to end.
	shutdownTimeout = 10 * time.Second
)

// patience is how long a client may keep a connection, sending a header or
// nothing. Of bodies and answers the server itself sees that they go on.
type patience struct{ header, idle time.Duration }

var usualPatience = patience{header: 10 * time.Second, idle: 2 * time.Minute}

// host is a server on an address.
type host struct {
	listener net.Listener
	auth     *server.Server
	log      *slog.Logger
	url      string // the root URL, without a slash at its end
	patience patience
	exposed  []string
}

// newHost takes the address and then opens the data: a second server on one
// address fails before it touches anything, and yet says first what is wrong
// with its other flags.
func newHost(ctx context.Context, s settings) (*host, error) {
	listener, err := listen(ctx, s.addr)
	if err != nil {
		return nil, cmp.Or(refused(ctx, s.options), err)
	}
	url := rootURL(s.addr, listener.Addr())
	s.options.Endpoint = url + apiPath
	auth, err := server.New(ctx, s.options)
	if err != nil {
		return nil, errors.Join(startFault(s.options, err), listener.Close())
	}
	return &host{listener, auth, s.options.Logger, url, usualPatience, s.exposed}, nil
}

// rootURL is where a client on this machine reaches a listener that was asked
// for as addr. The host stays as it was given, since cookies belong to a host
// name; "all interfaces" becomes the loopback address.
func rootURL(addr string, bound net.Addr) string {
	name, _, err := net.SplitHostPort(addr)
	if err != nil {
		name = ""
	}
	if ip, err := netip.ParseAddr(name); name == "" || err == nil && ip.IsUnspecified() {
		name = "127.0.0.1"
	}
	_, port, err := net.SplitHostPort(bound.String())
	if err != nil {
		return "http://" + bound.String()
	}
	return "http://" + net.JoinHostPort(name, port)
}

// apiPath is where the API is.
const apiPath = "/v1"

// endpoint is what clients are configured with.
func (h *host) endpoint() string { return h.url + apiPath }

// loopback reports whether only this machine can reach the server.
func (h *host) loopback() bool {
	addr, ok := h.listener.Addr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// serve answers requests until ctx ends, lets those under way finish, and
// closes the data. It must be called once.
func (h *host) serve(ctx context.Context) error {
	web := &http.Server{
		Handler:           h.auth,
		ReadHeaderTimeout: h.patience.header,
		IdleTimeout:       h.patience.idle,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			if err := keepUnsentLow(conn); err != nil {
				h.log.Debug("a connection keeps the system's buffers", "error", err)
			}
			return ctx
		},
		ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelWarn),
	}
	web.RegisterOnShutdown(h.auth.Drain)
	serving, done := context.WithCancel(ctx)
	defer done()
	go tune.Watch(serving)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(h.listener) }()
	var err error
	select {
	case err = <-ended: // only ever an error of the listener
	case <-ctx.Done():
		err = shutDown(ctx, web)
	}
	return fail(errors.Join(err, h.auth.Close()))
}

func shutDown(ctx context.Context, web *http.Server) error {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := web.Shutdown(bounded)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(fmt.Errorf("requests were still under way after %v and were cut off", shutdownTimeout), web.Close())
	}
	return err
}
