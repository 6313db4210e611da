package mail

import (
	"errors"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// Errors of signing in at an SMTP server.
var (
	errNoTLS  = errors.New("the SMTP server offers no TLS, and the password is not sent without: use one that does, or leave out the user")
	errNoAuth = errors.New("the SMTP server offers none of SCRAM-SHA-256, PLAIN and LOGIN to sign in by")
)

// login signs in by what the server offers, the safest first. It is an
// smtp.Auth.
type login struct {
	endpoint
	smtp.Auth
}

// Start implements smtp.Auth.
func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS && !l.local() {
		return "", nil, errNoTLS
	}
	offers := func(mechanism string) bool {
		return slices.ContainsFunc(server.Auth, func(name string) bool { return strings.EqualFold(name, mechanism) })
	}
	switch {
	case offers("SCRAM-SHA-256"):
		l.Auth = smtp.ScramSHA256Auth(l.user, l.password)
	case offers("PLAIN"):
		l.Auth = smtp.PlainAuth("", l.user, l.password, l.host, true)
	case offers("LOGIN"):
		l.Auth = smtp.LoginAuth(l.user, l.password, l.host, true)
	default:
		return "", nil, errNoAuth
	}
	return l.Auth.Start(server)
}
