// Package smtptest is an SMTP server for tests, which a test can make refuse,
// hang up or be away. It speaks no TLS: what needs that is tested with a real
// one (internal/compat).
package smtptest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
)

// Server is a server that takes mails. Make one with New.
type Server struct {
	// Addr is its host and port.
	Addr string

	t        testing.TB
	listener net.Listener
	mu       sync.Mutex
	reply    func(command string) string
	taken    []*netmail.Message
	conns    map[net.Conn]bool
	accepted int
	arrived  chan struct{} // is closed at the next mail
	busy     sync.WaitGroup
}

// New starts a server that ends with the test. What a test wants to be answered
// by another line than usual to a command, such as "RCPT TO:<ann@example.com>"
// or "." at the end of a mail, reply returns: "" is the usual one, "hang up"
// closes the connection.
func New(t testing.TB, reply func(command string) string) *Server {
	t.Helper()
	s := &Server{t: t, reply: reply, conns: map[net.Conn]bool{}, arrived: make(chan struct{})}
	s.listen("127.0.0.1:0")
	t.Cleanup(s.Stop)
	return s
}

// URL is what it is called by as an option.
func (s *Server) URL() string { return "smtp://" + s.Addr }

func (s *Server) listen(addr string) {
	s.t.Helper()
	listener, err := new(net.ListenConfig).Listen(s.t.Context(), "tcp", addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Addr, s.listener = listener.Addr().String(), listener
	s.busy.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns[conn] = true
			s.accepted++
			s.mu.Unlock()
			s.busy.Go(func() { s.talk(conn) })
		}
	})
}

// Stop breaks all connections and takes no more. It may be called again.
func (s *Server) Stop() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.busy.Wait()
}

// Restart makes a server that was stopped take mails again, at its address.
func (s *Server) Restart() {
	s.t.Helper()
	s.listen(s.Addr)
}

// Taken are the mails that it took: those whose end it has answered by 250.
func (s *Server) Taken() []*netmail.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*netmail.Message(nil), s.taken...)
}

// Accepted is how many connections there were.
func (s *Server) Accepted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted
}

// Wait waits until it has taken so many mails, and returns them; the end of the
// test's context ends the test.
func (s *Server) Wait(n int) []*netmail.Message {
	s.t.Helper()
	for {
		s.mu.Lock()
		taken, arrived := append([]*netmail.Message(nil), s.taken...), s.arrived
		s.mu.Unlock()
		if len(taken) >= n {
			return taken
		}
		select {
		case <-arrived:
		case <-s.t.Context().Done():
			s.t.Fatalf("%d mails have come, and not %d", len(taken), n)
		}
	}
}

// talk talks to a client.
func (s *Server) talk(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
	}()
	from := bufio.NewReader(conn)
	if !s.say(conn, "", "220 test ESMTP") {
		return
	}
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		usual := "250 OK"
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch verb {
		case "EHLO", "HELO":
			usual = "250 test"
		case "DATA":
			usual = "354 go on"
		case "QUIT":
			usual = "221 bye"
		}
		if !s.say(conn, line, usual) || verb == "QUIT" {
			return
		}
		if verb == "DATA" && !s.take(conn, from) {
			return
		}
	}
}

// take reads a mail and answers to its end.
func (s *Server) take(conn net.Conn, from *bufio.Reader) bool {
	var text strings.Builder
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	m, err := netmail.ReadMessage(strings.NewReader(text.String()))
	if err != nil {
		s.t.Errorf("a mail cannot be read: %v\n%s", err, text.String())
		return false
	}
	if reply := s.reply("."); reply != "" {
		return s.write(conn, reply)
	}
	s.mu.Lock()
	s.taken = append(s.taken, m)
	close(s.arrived)
	s.arrived = make(chan struct{})
	s.mu.Unlock()
	return s.write(conn, "250 OK")
}

// say answers a command.
func (s *Server) say(conn net.Conn, command, usual string) bool {
	if reply := s.reply(command); reply != "" {
		usual = reply
	}
	return s.write(conn, usual)
}

func (s *Server) write(conn net.Conn, reply string) bool {
	if reply == "hang up" {
		return false
	}
	_, err := io.WriteString(conn, fmt.Sprintf("%s\r\n", reply))
	return err == nil
}

// Usual is a reply for New: the usual ones.
func Usual(string) string { return "" }
