package mail

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/wneessen/go-mail/smtp"

	"github.com/isojot/isojot/internal/smtptest"
)

func TestSMTPURLs(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"smtps://mail.example.com":                     "smtps://mail.example.com:465 true",
		"smtps://mail.example.com:8465":                "smtps://mail.example.com:8465 true",
		"smtp://u:hidden@mail.example.com":             "smtp://mail.example.com:587 true",
		"smtp://mail.example.com:25?tls=optional":      "smtp://mail.example.com:25 false",
		"smtp://mail.example.com:25?tls=off":           "smtp://mail.example.com:25 false",
		"smtp://mail.example.com?tls=required":         "smtp://mail.example.com:587 true",
		"smtp://localhost:1025":                        "smtp://localhost:1025 true",
		"smtp://[::1]:1025/":                           "smtp://[::1]:1025 true",
		"http://mail.example.com":                      `begins with "http:"`,
		"mail.example.com:587":                         `begins with "mail.example.com:"`,
		"smtp://":                                      "names no host",
		"smtp://u:hidden@":                             "names no host",
		"smtp://mail.example.com/path":                 "more than user, host, port",
		"smtp://mail.example.com?tls=maybe":            "tls=maybe: use required, optional or off",
		"smtps://mail.example.com?tls=required":        "encrypted always",
		"smtp://mail.example.com?auth=login":           `the parameter "auth"`,
		"smtp://u:hid%zzden@mail.example.com":          "is not valid",
		"smtp://u:hidden@mail.example.com:port":        "is not valid",
		"smtp://mail.example.com?tls=off&tls=required": `the parameter "tls"`,
	} {
		_, err := parseSMTP(url)
		target, encrypted := SMTPTarget(url)
		got := target + map[bool]string{true: " true", false: " false"}[encrypted]
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || strings.Contains(got, "hid") {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
	for _, tc := range []struct{ url, password, want string }{
		{"smtps://mail.example.com", "x", "no user"},
		{"smtps://u@mail.example.com", "", "no password"},
		{"smtps://u%40x:p%3Aq@mail.example.com", "", ""},
		{"smtps://u@mail.example.com", "p", ""},
	} {
		_, err := NewSMTP(tc.url, tc.password)
		if text := errorText(err); (tc.want == "") != (err == nil) || !strings.Contains(text, tc.want) {
			t.Errorf("%s: %q, want %q", tc.url, text, tc.want)
		}
	}
	if e, err := parseSMTP("smtps://u%40x:p%3Aq@mail.example.com"); err != nil || e.user != "u@x" || e.password != "p:q" {
		t.Errorf("%+v, %v", e, err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A password goes to another machine with TLS alone, by the safest that there is.
func TestSigningIn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		host    string
		tls     bool
		offered []string
		want    string
		err     error
	}{
		{"mail.example.com", true, []string{"LOGIN", "PLAIN", "SCRAM-SHA-256"}, "SCRAM-SHA-256", nil},
		{"mail.example.com", true, []string{"login", "plain"}, "PLAIN", nil},
		{"mail.example.com", true, []string{"LOGIN", "XOAUTH2"}, "LOGIN", nil},
		{"mail.example.com", true, []string{"XOAUTH2"}, "", errNoAuth},
		{"mail.example.com", false, []string{"SCRAM-SHA-256", "PLAIN"}, "", errNoTLS},
		{"localhost", false, []string{"PLAIN"}, "PLAIN", nil},
		{"127.0.0.1", false, []string{"PLAIN"}, "PLAIN", nil},
	} {
		l := &login{endpoint: endpoint{host: tc.host, user: "u", password: "p"}}
		got, _, err := l.Start(&smtp.ServerInfo{Name: tc.host, TLS: tc.tls, Auth: tc.offered})
		if got != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%+v: %s, %v", tc, got, err)
		}
	}
}

// Without STARTTLS nothing is said to another machine.
func TestNoTLSNoMail(t *testing.T) {
	t.Parallel()
	var said atomic.Int64
	server := smtptest.New(t, func(command string) string {
		if strings.HasPrefix(command, "MAIL") || strings.HasPrefix(command, "AUTH") {
			said.Add(1)
		}
		return ""
	})
	s, err := NewSMTP("smtp://u:p@"+server.Addr+"?tls=required", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), aMail("ann@example.com")); !isUnreachable(err) || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("Send: %v", err)
	}
	if said.Load() > 0 {
		t.Error("something was said without TLS")
	}
}

func aMail(to string) Outgoing {
	return Outgoing{ID: "m1", To: to, CreatedAt: start, Message: Message{From: Address{Address: "noreply@shop.example"}, Subject: "s", Text: "t"}}
}

// What a failure says of the message, by what the server does.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ to, reply, want string }{
		"greeting":            {"", "554 go away", "unreachable"},
		"hello":               {"EHLO", "hang up", "unreachable"},
		"sender":              {"MAIL", "550 5.7.1 not you", "unreachable"},
		"sender, later":       {"MAIL", "451 later", "unreachable"},
		"too large":           {"MAIL", "552 too large", "permanent"},
		"receiver":            {"RCPT", "550 unknown", "permanent"},
		"receiver, later":     {"RCPT", "450 greylisted", "again"},
		"receiver, hung up":   {"RCPT", "hang up", "again"},
		"receiver, goes away": {"RCPT", "421 too many", "again"},
		"data":                {"DATA", "451 later", "again"},
		"content":             {".", "554 spam", "permanent"},
		"content, later":      {".", "452 full", "again"},
		"content, hung up":    {".", "hang up", "again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.New(t, func(command string) string {
				if verb, _, _ := strings.Cut(command, " "); verb == tc.to || verb == "HELO" && tc.to == "EHLO" {
					return tc.reply
				}
				return ""
			})
			s := smtpTo(t, server)
			defer s.Rest()
			err, got := s.Send(t.Context(), aMail("ann@example.com")), "again"
			switch {
			case err == nil:
				got = "sent"
			case isUnreachable(err):
				got = "unreachable"
			case isPermanent(err):
				got = "permanent"
			}
			if got != tc.want {
				t.Errorf("it is %s, want %s: %v", got, tc.want, err)
			}
		})
	}
}

// A server that has hung up meanwhile, or was restarted, costs no message an
// attempt.
func TestAConnectionThatIsGone(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t, smtptest.Usual)
	s := smtpTo(t, server)
	defer s.Rest()
	for n := range 3 {
		if err := s.Send(t.Context(), aMail("ann@example.com")); err != nil {
			t.Fatalf("mail %d: %v", n, err)
		}
		server.Stop()
		server.Restart()
	}
	if n := len(server.Taken()); n != 3 {
		t.Errorf("%d mails came", n)
	}
}

// A server that says nothing is let go when the sender is.
func TestASilentServer(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		cancel()
		_, _ = conn.Read(make([]byte, 1)) // until it is let go
	}()
	s, err := NewSMTP("smtp://"+listener.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(ctx, aMail("ann@example.com")); !isUnreachable(err) {
		t.Errorf("Send: %v", err)
	}
}
