package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Bounds of talking to an SMTP server. A server may look at a mail for long
// before it takes it.
const (
	dialTime = 30 * time.Second
	sendTime = time.Minute
)

// SMTP sends mails by a server. It is safe for concurrent use.
type SMTP struct {
	endpoint
	tlsConfig *tls.Config
	dialer    net.Dialer

	mu   sync.Mutex
	idle []*wire
}

// wire is a connection to the server.
type wire struct {
	client *gomail.Client
	conn   net.Conn
}

// NewSMTP makes an SMTP for an URL; the password is that of the URL unless there
// is another.
func NewSMTP(url, password string) (*SMTP, error) {
	e, err := parseSMTP(url)
	if err != nil {
		return nil, err
	}
	if password != "" {
		e.password = password
	}
	switch {
	case e.user == "" && e.password != "":
		return nil, errors.New("there is a password for the SMTP server, and no user: write smtps://user@" + e.host)
	case e.user != "" && e.password == "":
		return nil, errors.New("the URL of the SMTP server has a user, and there is no password: give it by the variable or the file")
	}
	return &SMTP{endpoint: e, tlsConfig: &tls.Config{ServerName: e.host, MinVersion: tls.VersionTLS12}}, nil
}

// Send sends a mail, by a connection that is there already if it can be.
func (s *SMTP) Send(ctx context.Context, m Outgoing) error {
	made, err := compose(m)
	if err != nil {
		return &permanent{err}
	}
	for {
		l, used, err := s.take(ctx)
		if err != nil {
			return &unreachable{fmt.Errorf("reaching %s: %w", net.JoinHostPort(s.host, s.port), err)}
		}
		err = l.send(ctx, made)
		switch {
		case err == nil, made.IsDelivered():
			s.give(l)
			return nil
		case used && isUnreachable(err): // the server has hung up meanwhile
			l.close()
			continue
		}
		l.close()
		return err
	}
}

// send sends a mail by the connection.
func (l *wire) send(ctx context.Context, m *gomail.Msg) error {
	// The library bounds the time, and knows of no context.
	stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
	defer stop()
	return judged(l.client.Send(m))
}

// judged says what an error of the library is.
func judged(err error) error {
	failed, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return err
	}
	code := failed.ErrorCode()
	switch {
	case failed.Reason == gomail.ErrConnCheck:
		return &unreachable{err}
	case failed.Reason == gomail.ErrSMTPMailFrom && code != 552: // the sender is not liked, and is everybody's; 552 is too large
		return &unreachable{err}
	case code >= 500:
		return &permanent{err}
	}
	return err
}

// take returns a connection, and whether it was used before.
func (s *SMTP) take(ctx context.Context) (_ *wire, used bool, err error) {
	s.mu.Lock()
	if n := len(s.idle); n > 0 {
		l := s.idle[n-1]
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return l, true, nil
	}
	s.mu.Unlock()
	l, err := s.dial(ctx)
	return l, false, err
}

// give puts a connection back.
func (s *SMTP) give(l *wire) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, l)
}

// Rest closes the connections that are not in use.
func (s *SMTP) Rest() {
	s.mu.Lock()
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	for _, l := range idle {
		l.close()
	}
}

// close says good-bye, if anybody listens.
func (l *wire) close() {
	_ = l.conn.SetDeadline(time.Now().Add(time.Second))
	_ = l.client.Close()
	_ = l.conn.Close()
}

// dial makes a connection and signs in, within dialTime. The library's own
// dialing would leave a connection open on which that fails.
func (s *SMTP) dial(ctx context.Context) (_ *wire, err error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	l, stop := &wire{}, func() bool { return true }
	options := []gomail.Option{gomail.WithTimeout(sendTime), gomail.WithoutRset(), gomail.WithTLSConfig(s.tlsConfig), gomail.WithTLSPolicy(s.policy()),
		gomail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { // its context ends too early to close by
			conn, err := s.connect(ctx)
			if err == nil {
				l.conn = conn
				stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		})}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{endpoint: s.endpoint}))
	}
	if l.client, err = gomail.NewClient(s.host, options...); err != nil {
		return nil, err
	}
	err = l.client.DialWithContext(ctx)
	if late := !stop(); late && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		if l.conn != nil {
			_ = l.conn.Close()
		}
		return nil, err
	}
	return l, nil
}

// connect connects, with TLS where that comes first.
func (s *SMTP) connect(ctx context.Context) (net.Conn, error) {
	conn, err := s.dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil {
		return nil, err
	}
	if s.tls != tlsAtOnce {
		return conn, nil
	}
	encrypted := tls.Client(conn, s.tlsConfig)
	if err := encrypted.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return encrypted, nil
}

// policy is the library's word for how STARTTLS is used.
func (s *SMTP) policy() gomail.TLSPolicy {
	switch s.tls {
	case tlsRequired:
		return gomail.TLSMandatory
	case tlsOptional:
		return gomail.TLSOpportunistic
	}
	return gomail.NoTLS
}
