package server

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
)

// Mail says how mails are made and sent.
type Mail struct {
	// SMTPURL is the server that takes mails: smtps://user@host:465, or
	// smtp://user@host:587, which must offer STARTTLS unless it is on this
	// machine (?tls=optional and ?tls=off say otherwise; a password is sent to
	// other machines with TLS alone). User and password are percent-encoded. ""
	// sends none.
	SMTPURL string
	// SMTPPassword goes before the one of the URL.
	SMTPPassword string
	// From is whom mails are from: "noreply@example.com", or with a name, as in
	// "Shop <noreply@example.com>"; without one, the project's name stands there.
	// It is needed with SMTPURL.
	From string
	// ReplyTo is where answers go; "" means From.
	ReplyTo string
	// Locale is that of mails to users whose requests name none, or one without
	// templates; "" means English, "en".
	Locale string
	// Templates are templates before those that are built in: LOCALE/KIND.txt,
	// LOCALE/KIND.html and layout.html (docs/mail.md). They are read at the start.
	Templates fs.FS
}

// SMS says how text messages are sent.
type SMS struct {
	// Webhook is a URL that takes each by a POST, signed as Standard Webhooks are
	// (docs/mail.md); "" sends none.
	Webhook string
	// Secret signs the calls: whsec_ and a key in base64, or any text, of at
	// least 16 bytes. It is needed with Webhook.
	Secret string
}

// outboxFrom is whom mails are from that nobody sends.
const outboxFrom = "noreply@localhost"

// checkMail says what is wrong with the options about messages, but for the
// templates.
func (o *Options) checkMail() error {
	switch {
	case o.Mail.SMTPURL != "" && o.Mail.From == "":
		return errors.New("server: Mail.SMTPURL is given and Mail.From is not: say whom mails are from, as in Shop <noreply@example.com>")
	case o.Mail.SMTPURL == "" && o.Mail.SMTPPassword != "":
		return errors.New("server: Mail.SMTPPassword is given and Mail.SMTPURL is not")
	case o.SMS.Webhook == "" && o.SMS.Secret != "":
		return errors.New("server: SMS.Secret is given and SMS.Webhook is not")
	}
	for _, a := range []struct{ name, text string }{{"From", o.Mail.From}, {"ReplyTo", o.Mail.ReplyTo}} {
		if a.text == "" {
			continue
		}
		if _, err := mail.ParseAddress(a.text); err != nil {
			return fmt.Errorf("server: Mail.%s: %w", a.name, err)
		}
	}
	_, err := o.transports()
	return err
}

// transports are what sends messages, by channel.
func (o *Options) transports() (map[string]mail.Transport, error) {
	all := map[string]mail.Transport{}
	if o.Mail.SMTPURL != "" {
		smtp, err := mail.NewSMTP(o.Mail.SMTPURL, o.Mail.SMTPPassword)
		if err != nil {
			return nil, fmt.Errorf("server: Mail.SMTPURL: %w", err)
		}
		all[store.ChannelMail] = smtp
	}
	if o.SMS.Webhook != "" {
		webhook, err := mail.NewWebhook(o.SMS.Webhook, o.SMS.Secret)
		if err != nil {
			return nil, fmt.Errorf("server: SMS.Webhook: %w", err)
		}
		all[store.ChannelText] = webhook
	}
	return all, nil
}

// useMail reads the templates, and makes what sends.
func (s *Server) useMail() (err error) {
	s.reading, s.draining = make(chan struct{}, maxReading), make(chan struct{})
	if s.transports, err = s.options.transports(); err != nil {
		return err
	}
	s.templates, err = mail.Load(s.options.Mail.Templates, cmp.Or(s.options.Mail.Locale, mail.English))
	return err
}

// sender is whom the mails of a project are from, and where answers go.
func (s *Server) sender(project string) (from, replyTo mail.Address, err error) {
	if from, err = mail.ParseAddress(cmp.Or(s.options.Mail.From, outboxFrom)); err != nil {
		return from, replyTo, err
	}
	from.Name = cmp.Or(from.Name, project)
	if s.options.Mail.ReplyTo == "" {
		return from, from, nil
	}
	replyTo, err = mail.ParseAddress(s.options.Mail.ReplyTo)
	return from, replyTo, err
}

// sends reports whether messages of a channel are sent, or kept to be read.
func (s *Server) sends(channel string) bool { return s.options.Outbox || s.outbox.Sends(channel) }

// outboxTarget is where messages go that nobody sends.
const outboxTarget = "outbox"

// whereMessagesGo is what Info says of them.
func (o *Options) whereMessagesGo() (mails, texts string, unencrypted []string) {
	if o.Outbox {
		mails, texts = outboxTarget, outboxTarget
	}
	if o.Mail.SMTPURL != "" {
		target, encrypted := mail.SMTPTarget(o.Mail.SMTPURL)
		if mails = target; !encrypted {
			unencrypted = append(unencrypted, "mails go to "+target+" without TLS, or may: what they say can be read on the way")
		}
	}
	if o.SMS.Webhook != "" {
		target, encrypted := mail.WebhookTarget(o.SMS.Webhook)
		if texts = target; !encrypted {
			unencrypted = append(unencrypted, "text messages go to "+target+" without TLS: what they say can be read on the way")
		}
	}
	return mails, texts, unencrypted
}
