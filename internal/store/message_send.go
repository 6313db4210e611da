package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Messages are sent by the server that has claimed them, as executions are run.
// What a server that has stopped was about to send waits again: FailInstance and
// FailOrphans see to it. Whether it went out before is not known.

// MessageDue reports whether a message of a channel is due, or was when it was
// still of use.
func (db *DB) MessageDue(ctx context.Context, channel string) (bool, error) {
	var due bool
	err := db.row(ctx, []any{&due}, `SELECT EXISTS (SELECT 1 FROM messages
		WHERE state = 'waiting' AND channel = $1 AND due_at <= $2)`, channel, ms(db.Now()))
	return due, err
}

// ClaimMessage takes the message of a channel that is due and has waited
// longest, for the owner to send; nobody else gets it. The attempt is counted,
// so that what ends a server each time is given up some time. None is
// ErrNotFound. Those before it that are of no use any more are given up: they
// would be passed over at each claim.
func (db *DB) ClaimMessage(ctx context.Context, channel, owner string) (m Message, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		for m.ExpiresAt = (time.Time{}); !m.ExpiresAt.After(t.Now()); {
			err := t.row(ctx, m.dest(), `SELECT `+messageColumns+` FROM messages
				WHERE state = 'waiting' AND channel = $1 AND due_at <= $2
				ORDER BY due_at, id LIMIT 1`+t.db.dialect.takeFree, channel, ms(t.Now()))
			if err == nil && !m.ExpiresAt.After(t.Now()) {
				_, err = t.expireMessages(ctx)
			}
			if err != nil {
				return err
			}
		}
		m.State, m.Attempts, m.UpdatedAt = MessageSending, m.Attempts+1, t.Now()
		return found(t.exec(ctx, `UPDATE messages SET state = 'sending', owner = $1, attempts = $2, updated_at = $3 WHERE id = $4 AND state = 'waiting'`,
			owner, m.Attempts, ms(m.UpdatedAt), m.ID))
	})
	return m, err
}

// Outcome is what came of sending a message.
type Outcome struct {
	// State is MessageSent, MessageDead or, for another attempt, MessageWaiting.
	State string
	// Wait is how long the next attempt waits.
	Wait time.Duration
	// Uncounted says that it was no attempt, since nobody could be reached.
	Uncounted bool
	// Reason is why it failed.
	Reason string
	// Forget says that the body is of no use any more.
	Forget bool
}

// FinishMessage notes what came of a message that its owner has sent. One that
// the owner does not send, because it was deleted or taken to be left by a
// server that has stopped, is ErrNotFound.
func (db *DB) FinishMessage(ctx context.Context, id, owner string, o Outcome) error {
	return db.Tx(ctx, func(t *Tx) error { return t.finishMessage(ctx, id, owner, o) })
}

func (t *Tx) finishMessage(ctx context.Context, id, owner string, o Outcome) error {
	uncounted, forget := 0, 0
	if o.Uncounted {
		uncounted = 1
	}
	if o.Forget {
		forget = 1
	}
	return found(t.exec(ctx, `UPDATE messages SET state = $1, due_at = $2, attempts = attempts - $3, reason = $4,
		body = CASE WHEN $5 = 1 THEN '' ELSE body END, owner = '', updated_at = $6
		WHERE id = $7 AND owner = $8 AND state = 'sending'`,
		o.State, ms(t.Now().Add(o.Wait)), uncounted, o.Reason, forget, ms(t.Now()), id, owner))
}

// FreeMessages gives back what the database says that the owner sends, but for
// what it does send: when a connection breaks, a claim may have been made that
// nobody learned of.
func (db *DB) FreeMessages(ctx context.Context, channel, owner string, but []string) error {
	args, others := []any{channel, owner}, ""
	for _, id := range but {
		args = append(args, id)
		others += fmt.Sprintf(", $%d", len(args))
	}
	if others != "" {
		others = ` AND id NOT IN (` + strings.TrimPrefix(others, ", ") + `)`
	}
	return db.Tx(ctx, func(t *Tx) error {
		_, err := t.exec(ctx, `UPDATE messages SET state = 'waiting', owner = '' WHERE state = 'sending' AND channel = $1 AND owner = $2`+others, args...)
		return err
	})
}

// freeMessages makes what an owner was sending wait again.
func (t *Tx) freeMessages(ctx context.Context, owner string) error {
	_, err := t.exec(ctx, `UPDATE messages SET state = 'waiting', owner = '' WHERE state = 'sending' AND owner = $1`, owner)
	return err
}

// freeOtherMessages does so with what others than the owner were sending.
func (t *Tx) freeOtherMessages(ctx context.Context, owner string) error {
	_, err := t.exec(ctx, `UPDATE messages SET state = 'waiting', owner = '' WHERE state = 'sending' AND owner <> $1`, owner)
	return err
}
