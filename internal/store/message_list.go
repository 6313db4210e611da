package store

import (
	"context"
	"database/sql"
)

// Messages are the messages after an id, the oldest first; to an address or a
// number alone unless it is "". There are at most as many as most.
func (db *DB) Messages(ctx context.Context, to, after string, most int) ([]Message, error) {
	var list []Message
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var m Message
		err := rows.Scan(m.dest()...)
		list = append(list, m)
		return err
	}, `SELECT `+messageColumns+` FROM messages WHERE ($1 = '' OR recipient = $1) AND id > $2 ORDER BY id LIMIT $3`, to, after, most)
	return list, err
}

// DeleteMessage deletes a message. An unknown one is ErrNotFound.
func (t *Tx) DeleteMessage(ctx context.Context, id string) error {
	return found(t.exec(ctx, `DELETE FROM messages WHERE id = $1`, id))
}
