package server

import (
	"net/http"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// tokenHandlers answer the operations by which users sign in with what is mailed
// to them.
var tokenHandlers = handlers{
	"account.createMagicURLToken": (*call).createMagicURLToken,
	"account.createEmailToken":    (*call).createEmailToken,
}

// magicPage is where a magic link leads that names no other page.
const magicPage = "/console/auth/magic-url"

// emailed is a way of signing in by what is mailed.
type emailed struct {
	kind   store.TokenKind
	mail   mail.Kind
	life   time.Duration
	target bool // a user that it makes gets a messaging target, as in Appwrite
}

var (
	emailedLink = emailed{store.MagicURLToken, mail.MagicSession, linkLife, false}
	emailedCode = emailed{store.EmailToken, mail.OTPSession, codeLife, true}
)

// createMagicURLToken mails a link that signs in: POST /account/tokens/magic-url.
func (c *call) createMagicURLToken() error {
	return c.createEmailed(emailedLink, func(p wire.Params) (issue, error) {
		address, err := c.magicURL(p)
		secret := newLinkSecret(magicBytes)
		return issue{secret, func(*store.User) string { return ids.Hash(secret) }, func(m *mail.Mail, token *store.Token) {
			m.Values.Redirect = linkFor(address, token, secret, linkParam{"project", c.project.ID})
		}}, err
	})
}

// magicURL is where a magic link leads: to the page that is sent, or to this
// server's own.
func (c *call) magicURL(p wire.Params) (string, error) {
	if v, given := p.Optional("url"); given && v != "" {
		return c.redirectURL(p, "url")
	}
	return c.ownPage(magicPage)
}

// createEmailToken mails a code that signs in: POST /account/tokens/email.
func (c *call) createEmailToken() error {
	return c.createEmailed(emailedCode, func(wire.Params) (issue, error) {
		code := newCode()
		return issue{code, func(u *store.User) string { return c.codeHash(u.ID, code) }, func(m *mail.Mail, _ *store.Token) {
			m.Values.OTP = code
		}}, nil
	})
}

// issue is a token to make: its secret, what is stored of it for a user, and how
// a mail says it.
type issue struct {
	secret string
	hash   func(*store.User) string
	say    func(*mail.Mail, *store.Token)
}

// createEmailed mails a token to the user of an e-mail address, and answers with
// it. An address that nobody has makes a new user. Strangers are told the same of
// a blocked user, who gets nothing.
func (c *call) createEmailed(e emailed, read func(wire.Params) (issue, error)) error {
	p, err := c.params()
	if err != nil {
		return err
	}
	id, err := p.CustomID("userId")
	if err != nil {
		return err
	}
	email, err := p.Email("email")
	if err != nil {
		return err
	}
	made, err := read(p)
	if err != nil {
		return err
	}
	phrase, err := wantedPhrase(p)
	if err != nil {
		return err
	}
	if err := c.mailReady(e.mail); err != nil {
		return err
	}
	var token store.Token
	err = c.act(func(t *store.Tx) error {
		user, err := c.userByEmail(t, id, email, e.target)
		if err != nil {
			return err
		}
		if user.Blocked {
			return c.keepFrom(t, &user, isojot.ErrUserBlocked, e.life, &token)
		}
		if token, err = c.createToken(t, &user, e.kind, user.Email, made.hash(&user), e.life); err != nil {
			return err
		}
		m := c.mailTo(&user, e.mail, &token, false)
		m.Values.Phrase = phrase
		made.say(&m, &token)
		return c.mail(t, m)
	})
	if err != nil {
		return err
	}
	view := tokenView(&token)
	view.Secret, view.Phrase = c.secretFor(made.secret), phrase
	c.answer(http.StatusCreated, view)
	return nil
}

// wantedPhrase is a security phrase, "" where none is asked for.
func wantedPhrase(p wire.Params) (string, error) {
	wanted, err := p.StrictTruth("phrase")
	if err != nil || !wanted {
		return "", err
	}
	return newPhrase(), nil
}
