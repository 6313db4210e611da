package store

import (
	"context"
	"time"
)

// Channels of messages.
const (
	ChannelMail = "mail"
	ChannelText = "text"
)

// States of messages.
const (
	MessageWaiting = "waiting" // for its next attempt
	MessageSending = "sending" // at its owner
	MessageSent    = "sent"
	MessageDead    = "dead" // given up
	MessageKept    = "kept" // to be read in the outbox alone: nobody sends it
)

// Message is a mail or a text message.
type Message struct {
	// ID sorts by the time of the message.
	ID      string
	Project string
	// Channel is ChannelMail or ChannelText.
	Channel string
	// Kind says what it is about.
	Kind string
	// To is an e-mail address or a phone number.
	To string
	// Body is JSON, which the store does not look into; "" when it is gone.
	Body  string
	State string
	// Attempts is how often sending it was tried.
	Attempts int
	// DueAt is when it is tried next.
	DueAt time.Time
	// ExpiresAt is when it is of no use any more.
	ExpiresAt time.Time
	// Reason is why the last attempt failed.
	Reason               string
	CreatedAt, UpdatedAt time.Time
}

// messageColumns are the columns of a Message; dest is where they go.
const messageColumns = `id, project_id, channel, kind, recipient, body, state, attempts, due_at, expires_at, reason, created_at, updated_at`

func (m *Message) dest() []any {
	return []any{&m.ID, &m.Project, &m.Channel, &m.Kind, &m.To, &m.Body, &m.State, &m.Attempts, millis{&m.DueAt}, millis{&m.ExpiresAt},
		&m.Reason, millis{&m.CreatedAt}, millis{&m.UpdatedAt}}
}

// InsertMessage stores a new message: it exists when the transaction's change
// does.
func (t *Tx) InsertMessage(ctx context.Context, m Message) error {
	return t.insert(ctx, `INSERT INTO messages (id, project_id, channel, kind, recipient, body, state, due_at, expires_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		m.ID, m.Project, m.Channel, m.Kind, m.To, m.Body, m.State, ms(m.DueAt), ms(m.ExpiresAt), ms(m.CreatedAt), ms(m.UpdatedAt))
}
