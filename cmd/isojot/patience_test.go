package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server"
)

// patient is a host with time-outs of its own, that serves until the test ends.
func patient(t *testing.T, p patience, o server.Options) (addr string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	o.Memory, o.Logger = true, slog.New(slog.DiscardHandler)
	h, err := newHost(ctx, settings{addr: "127.0.0.1:0", options: o})
	if err != nil {
		t.Fatal(err)
	}
	h.patience = p
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return h.listener.Addr().String()
}

// endsAfter sends a text and reads until the server closes the connection.
func endsAfter(t *testing.T, addr, text string) (after time.Duration, answer string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(30 * time.Second))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	begun := time.Now()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("after %v: %v", time.Since(begun), err)
	}
	return time.Since(begun), string(got)
}

// A header must be complete in its time, and a connection on which nothing is
// asked any more is closed after its own.
func TestHeaderAndIdleTimeouts(t *testing.T) {
	p := patience{header: 200 * time.Millisecond, idle: 600 * time.Millisecond}
	addr := patient(t, p, server.Options{})
	const whole = "GET /v1/health/version HTTP/1.1\r\nHost: localhost\r\n"
	if after, answer := endsAfter(t, addr, ""); after < p.header/2 || answer != "" {
		t.Errorf("without a header it ends after %v with %q", after, answer)
	}
	if after, answer := endsAfter(t, addr, whole); after < p.header/2 || strings.Contains(answer, " 200 ") {
		t.Errorf("within a header it ends after %v with %q", after, answer)
	}
	if after, answer := endsAfter(t, addr, whole+"\r\n"); after < p.idle/2 || !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("at rest it ends after %v with %q", after, answer)
	}
}
