package server

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// maxMessageAge is how long sending a message is tried.
const maxMessageAge = 72 * time.Hour

// smtpDisabled are the messages of general_smtp_disabled that are another one
// than that of the others.
var smtpDisabled = map[mail.Kind]string{
	mail.Recovery:     "SMTP Disabled",
	mail.Verification: "SMTP Disabled",
	mail.Invitation:   `SMTP is disabled on your Appwrite instance. You can <a href="/docs/email-delivery">learn more about setting up SMTP</a> in our docs.`,
}

// mailReady refuses when there is nobody to hand a mail of that kind to.
func (c *call) mailReady(kind mail.Kind) error {
	switch {
	case c.s.options.Outbox:
		return nil
	case smtpDisabled[kind] != "":
		return wire.Failf(isojot.ErrSMTPDisabled, "%s", smtpDisabled[kind])
	}
	return wire.Fail(isojot.ErrSMTPDisabled)
}

// textReady refuses when there is nobody to hand text messages to.
func (c *call) textReady() error {
	if c.s.options.Outbox {
		return nil
	}
	return wire.Fail(isojot.ErrPhoneDisabled)
}

// mail puts a mail into the outbox, within the transaction of act: it exists
// when the change does. Without anybody to send it, it is refused as mailReady
// does, but for an alert, which nobody waits for.
func (c *call) mail(t *store.Tx, m mail.Mail) error {
	if err := c.mailReady(m.Kind); err != nil {
		if m.Kind == mail.SessionAlert {
			return nil
		}
		return err
	}
	m.Values.Project = c.projectName()
	made, err := c.s.templates.Mail(m, c.r.Header.Get("X-Appwrite-Locale"))
	if err != nil {
		return fmt.Errorf("server: making a mail of kind %s: %w", m.Kind, err)
	}
	return c.enqueue(t, store.ChannelMail, m.Kind, m.To, made, m.Expires)
}

// text puts a text message into the outbox, as mail does.
func (c *call) text(t *store.Tx, m mail.Text) error {
	if err := c.textReady(); err != nil {
		return err
	}
	m.Values.Project = c.projectName()
	made, err := c.s.templates.Text(m, c.r.Header.Get("X-Appwrite-Locale"))
	if err != nil {
		return fmt.Errorf("server: making a text message of kind %s: %w", m.Kind, err)
	}
	return c.enqueue(t, store.ChannelText, m.Kind, m.To, made, m.Expires)
}

// enqueue stores a message.
func (c *call) enqueue(t *store.Tx, channel string, kind mail.Kind, to string, made mail.Message, expires time.Time) error {
	body, err := json.Marshal(made)
	if err != nil {
		return err
	}
	now := t.Now()
	if latest := now.Add(maxMessageAge); expires.IsZero() || expires.After(latest) {
		expires = latest
	}
	return t.InsertMessage(c.r.Context(), store.Message{ID: c.s.ids.Unique(now), Project: c.project.ID, Channel: channel, Kind: string(kind),
		To: to, Body: string(body), State: store.MessageKept, DueAt: now, ExpiresAt: expires, CreatedAt: now, UpdatedAt: now})
}

// projectName is the name of the project as its users know it.
func (c *call) projectName() string {
	if c.config.name != "" {
		return c.config.name
	}
	return c.project.ID
}
