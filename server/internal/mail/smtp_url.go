package mail

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Ports where an URL names none (RFC 6409, RFC 8314).
const (
	submissionPort  = "587"
	submissionsPort = "465"
)

// How a connection by smtp:// is encrypted.
const (
	tlsRequired = "required" // by STARTTLS, or nothing is sent
	tlsOptional = "optional" // by STARTTLS where the server has it
	tlsOff      = "off"
	tlsAtOnce   = "" // smtps://: from the first byte
)

// endpoint is an SMTP server.
type endpoint struct {
	host, port     string
	tls            string
	user, password string
}

// SMTPTarget is a valid URL of an SMTP server without user and password, and
// whether what is sent there is encrypted, or stays on this machine.
func SMTPTarget(text string) (target string, encrypted bool) {
	e, err := parseSMTP(text)
	if err != nil {
		return "", false
	}
	scheme := "smtp://"
	if e.tls == tlsAtOnce {
		scheme = "smtps://"
	}
	return scheme + net.JoinHostPort(e.host, e.port), e.tls == tlsAtOnce || e.tls == tlsRequired || e.local()
}

// parseSMTP reads smtp://user:password@host:port?tls=required or smtps://. No
// error has any of it, since there may be a password in it.
func parseSMTP(text string) (endpoint, error) {
	u, err := url.Parse(text)
	if err != nil {
		return endpoint{}, errors.New("the URL of the SMTP server is not valid: write smtps://user@mail.example.com:465 or smtp://user@mail.example.com:587, with special characters of user and password as %XX")
	}
	e := endpoint{host: u.Hostname(), port: u.Port(), user: u.User.Username()}
	e.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtps":
		e.port = orElse(e.port, submissionsPort)
	case "smtp":
		e.port, e.tls = orElse(e.port, submissionPort), tlsRequired
		if e.local() {
			e.tls = tlsOptional
		}
	default:
		return endpoint{}, fmt.Errorf("the URL of the SMTP server begins with %q: use smtps:// or smtp://", u.Scheme+":")
	}
	switch {
	case e.host == "":
		return endpoint{}, errors.New("the URL of the SMTP server names no host: write smtps://user@mail.example.com")
	case u.Path != "" && u.Path != "/", u.Fragment != "", u.Opaque != "":
		return endpoint{}, errors.New("the URL of the SMTP server has more than user, host, port and ?tls=")
	}
	return e, e.readQuery(u)
}

// readQuery reads ?tls=.
func (e *endpoint) readQuery(u *url.URL) error {
	for name, values := range u.Query() {
		if name != "tls" || len(values) != 1 {
			return fmt.Errorf("the URL of the SMTP server has the parameter %q: there is tls alone, once", name)
		}
		mode := values[0]
		switch {
		case e.tls == tlsAtOnce:
			return errors.New("the URL of the SMTP server has ?tls=, and smtps:// is encrypted always: leave it out")
		case mode != tlsRequired && mode != tlsOptional && mode != tlsOff:
			return fmt.Errorf("the URL of the SMTP server has tls=%s: use required, optional or off", mode)
		}
		e.tls = mode
	}
	return nil
}

// local reports whether the server is on this machine, so that nobody else hears
// what is said to it.
func (e *endpoint) local() bool { return local(e.host) }

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
