package server

import (
	"context"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// Mailbox shows operators which messages there are, and what became of them, but
// nothing of what they say. It is safe for concurrent use.
type Mailbox struct{ db *store.DB }

// MessageStatus is what became of a message.
type MessageStatus struct {
	ID, Project string
	// Channel is ChannelMail or ChannelText, Kind what it is about (Message.Kind).
	Channel, Kind string
	To            string
	// State is waiting, sending, sent, dead or kept.
	State string
	// Attempts is how often sending it was tried, DueAt when that is next.
	Attempts int
	DueAt    time.Time
	// Reason is why the last attempt failed.
	Reason    string
	CreatedAt time.Time
}

// OpenMailbox opens the mailbox of a data directory, which a server may be using
// meanwhile. A directory without a database is an error. The caller must Close
// it.
func OpenMailbox(ctx context.Context, dataDir string) (*Mailbox, error) {
	db, err := openUsed(ctx, dataDir)
	return &Mailbox{db}, err
}

// OpenDatabaseMailbox is OpenMailbox for a PostgreSQL database, by its URL.
func OpenDatabaseMailbox(ctx context.Context, databaseURL string) (*Mailbox, error) {
	db, err := openUsedDatabase(ctx, databaseURL)
	return &Mailbox{db}, err
}

// Close closes it.
func (b *Mailbox) Close() error { return b.db.Close() }

// List calls each for the messages in a state, those of all states for "", the
// oldest first.
func (b *Mailbox) List(ctx context.Context, state string, each func(MessageStatus) error) error {
	for after := ""; ; {
		list, err := b.db.Messages(ctx, store.MessageFilter{State: state, After: after}, maxListed)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, m := range list {
			err := each(MessageStatus{ID: m.ID, Project: m.Project, Channel: m.Channel, Kind: m.Kind, To: m.To, State: m.State,
				Attempts: m.Attempts, DueAt: m.DueAt, Reason: m.Reason, CreatedAt: m.CreatedAt})
			if err != nil {
				return err
			}
			after = m.ID
		}
	}
}

// Retry makes a dead message wait again. One that is in another state, or of
// which nothing is left, is ErrNoMessage.
func (b *Mailbox) Retry(ctx context.Context, id string) error {
	return store.NotFoundAs(b.db.RetryMessage(ctx, id), ErrNoMessage)
}

// Delete deletes a message. An unknown one, and one that is being sent, is
// ErrNoMessage.
func (b *Mailbox) Delete(ctx context.Context, id string) error {
	return store.NotFoundAs(b.db.DeleteMessage(ctx, id), ErrNoMessage)
}
