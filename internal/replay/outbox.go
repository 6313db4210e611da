package replay

import (
	"encoding/json"
	"fmt"
)

// stored is how the server's outbox keeps what it sends.
type stored struct {
	ToName, Subject, Text, HTML string
	From, ReplyTo               address
}

// nextMessage takes the oldest message of a channel out of the outbox, nil when
// there is none.
func (w *world) nextMessage(channel string) (*message, error) {
	rows, err := w.db.QueryContext(w.ctx, "SELECT id, recipient, body FROM messages WHERE channel = $1 ORDER BY id LIMIT 1", channel)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	var id, to, body string
	if err := rows.Scan(&id, &to, &body); err != nil {
		return nil, err
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	var s stored
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return nil, fmt.Errorf("the message %s: %w", id, err)
	}
	_, err = w.db.ExecContext(w.ctx, "DELETE FROM messages WHERE id = $1", id)
	return &message{Channel: channel, To: to, ToName: s.ToName, From: s.From, ReplyTo: s.ReplyTo, Subject: s.Subject, Text: s.Text, HTML: s.HTML}, err
}

// forgetMessages empties the outbox: the recorder's catcher was read for what
// the exchange before had sent.
func (w *world) forgetMessages() error {
	_, err := w.db.ExecContext(w.ctx, "DELETE FROM messages")
	return err
}
