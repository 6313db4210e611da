package store

import (
	"context"
	"database/sql"
)

// MessageFilter says which messages are meant; what is "" does not matter.
type MessageFilter struct {
	Channel, To, State string
	// After is the id of the message before the first.
	After string
}

// Messages are messages, the oldest first, at most as many as most.
func (db *DB) Messages(ctx context.Context, f MessageFilter, most int) ([]Message, error) {
	query, first := `SELECT `+messageColumns+` FROM messages WHERE id > $1`, []any{f.After}
	for _, c := range []struct{ column, value string }{{"recipient", f.To}, {"state", f.State}, {"channel", f.Channel}} {
		if c.value != "" {
			first = append(first, c.value)
			query += ` AND ` + c.column + ` = $` + string(rune('0'+len(first)))
		}
	}
	first = append(first, most)
	var list []Message
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var m Message
		err := rows.Scan(m.dest()...)
		list = append(list, m)
		return err
	}, query+` ORDER BY id LIMIT $`+string(rune('0'+len(first))), first...)
	return list, err
}

// Message is one message. An unknown one is ErrNotFound.
func (db *DB) Message(ctx context.Context, id string) (m Message, err error) {
	err = db.row(ctx, m.dest(), `SELECT `+messageColumns+` FROM messages WHERE id = $1`, id)
	return m, err
}

// DeleteMessage deletes a message, unless it is being sent. An unknown one is
// ErrNotFound.
func (db *DB) DeleteMessage(ctx context.Context, id string) error {
	return db.Tx(ctx, func(t *Tx) error {
		return found(t.exec(ctx, `DELETE FROM messages WHERE id = $1 AND state <> 'sending'`, id))
	})
}

// DiscardMessage deletes a message of the same transaction, which so never was.
func (t *Tx) DiscardMessage(ctx context.Context, id string) error {
	return found(t.exec(ctx, `DELETE FROM messages WHERE id = $1`, id))
}

// DeleteMessages deletes all messages that are not about to be sent.
func (db *DB) DeleteMessages(ctx context.Context) error {
	return db.Tx(ctx, func(t *Tx) error {
		_, err := t.exec(ctx, `DELETE FROM messages WHERE state IN ('kept', 'sent', 'dead')`)
		return err
	})
}

// RetryMessage makes a message that was given up wait again, for as many
// attempts as a new one. One whose body is gone, and one in another state, is
// ErrNotFound.
func (db *DB) RetryMessage(ctx context.Context, id string) error {
	return db.Tx(ctx, func(t *Tx) error {
		return found(t.exec(ctx, `UPDATE messages SET state = 'waiting', attempts = 0, due_at = $1, updated_at = $1
			WHERE id = $2 AND state = 'dead' AND body <> ''`, ms(t.Now()), id))
	})
}
