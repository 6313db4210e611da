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

// smtpDisabled are the messages of general_smtp_disabled that are not that of
// the others.
var smtpDisabled = map[mail.Kind]string{
	mail.Recovery:     "SMTP Disabled",
	mail.Verification: "SMTP Disabled",
	mail.Invitation:   `SMTP is disabled on your Appwrite instance. You can <a href="/docs/email-delivery">learn more about setting up SMTP</a> in our docs.`,
}

// mailReady refuses when there is nobody to hand a mail of that kind to.
func (c *call) mailReady(kind mail.Kind) error {
	switch {
	case c.s.sends(store.ChannelMail):
		return nil
	case smtpDisabled[kind] != "":
		return wire.Failf(isojot.ErrSMTPDisabled, "%s", smtpDisabled[kind])
	}
	return wire.Fail(isojot.ErrSMTPDisabled)
}

// textReady refuses when there is nobody to hand text messages to.
func (c *call) textReady() error {
	if c.s.sends(store.ChannelText) {
		return nil
	}
	return wire.Fail(isojot.ErrPhoneDisabled)
}

// mail puts a mail into the outbox, within the transaction of act: it exists
// when the change does. Without anybody to send it, it is refused as mailReady
// does, but for an alert, which nobody asked for.
func (c *call) mail(t *store.Tx, m mail.Mail) error {
	if err := c.mailReady(m.Kind); err != nil {
		if m.Kind == mail.SessionAlert {
			return nil
		}
		return err
	}
	m.Values.Project = c.projectName()
	made, err := c.s.templates.Mail(m, c.locale())
	if err != nil {
		return err
	}
	if made.From, made.ReplyTo, err = c.s.sender(m.Values.Project); err != nil {
		return err
	}
	return c.enqueue(t, store.Message{Channel: store.ChannelMail, Kind: string(m.Kind), To: m.To, ExpiresAt: m.Expires}, made)
}

// text puts a text message into the outbox, as mail does a mail.
func (c *call) text(t *store.Tx, m mail.Text) error {
	if err := c.textReady(); err != nil {
		return err
	}
	m.Values.Project = c.projectName()
	made, err := c.s.templates.Text(m, c.locale())
	if err != nil {
		return err
	}
	return c.enqueue(t, store.Message{Channel: store.ChannelText, Kind: string(m.Kind), To: m.To, ExpiresAt: m.Expires}, made)
}

// enqueue stores a message, and tells of it when the request has been answered.
func (c *call) enqueue(t *store.Tx, m store.Message, made mail.Message) error {
	body, err := json.Marshal(made)
	if err != nil {
		return fmt.Errorf("server: %w", err)
	}
	now := t.Now()
	m.ID, m.Project, m.Body, m.State = c.s.ids.Unique(now), c.project.ID, string(body), store.MessageKept
	m.DueAt, m.CreatedAt, m.UpdatedAt = now, now, now
	if latest := now.Add(maxMessageAge); m.ExpiresAt.IsZero() || m.ExpiresAt.After(latest) {
		m.ExpiresAt = latest
	}
	if c.s.outbox.Sends(m.Channel) {
		m.State = store.MessageWaiting
	}
	if err := t.InsertMessage(c.r.Context(), m); err != nil {
		return err
	}
	c.atEnd = append(c.atEnd, func() { c.s.outbox.Added(m.Channel) })
	if m.State == store.MessageKept {
		return t.KeepMessages(c.r.Context(), mail.MaxKept)
	}
	return nil
}

// projectName is what messages call the project.
func (c *call) projectName() string {
	if c.config.name != "" {
		return c.config.name
	}
	return c.project.ID
}
