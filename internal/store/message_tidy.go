package store

import (
	"context"
	"time"
)

// tidied is how many messages a transaction tidies at once.
const tidied = 1000

// Expired is the reason of messages that could not be sent in time.
const Expired = "it was of no use any more before it could be sent"

// TidyMessages gives up messages that are of no use any more, forgets what they
// said, and deletes those that were sent or given up before a time, or that are
// more than most. It reports whether there is more to do.
func (db *DB) TidyMessages(ctx context.Context, before time.Time, most int) (more bool, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		n, err := t.expireMessages(ctx)
		if more = n == tidied; err != nil {
			return err
		}
		for _, step := range []struct {
			query string
			args  []any
		}{
			{`UPDATE messages SET body = '' WHERE id IN (
				SELECT id FROM messages WHERE state = 'dead' AND expires_at <= $1 AND body <> '' ORDER BY id LIMIT $2` + t.db.dialect.takeFree + `)`,
				[]any{ms(t.Now()), tidied}},
			{`DELETE FROM messages WHERE id IN (
				SELECT id FROM messages WHERE state IN ('sent', 'dead') AND updated_at < $1 ORDER BY id LIMIT $2` + t.db.dialect.takeFree + `)`,
				[]any{ms(before), tidied}},
			{oldestBut("sent"), []any{most, tidied}},
			{oldestBut("dead"), []any{most, tidied}},
		} {
			n, err := t.exec(ctx, step.query, step.args...)
			if err != nil {
				return err
			}
			more = more || n == tidied
		}
		return nil
	})
	return more, err
}

// expireMessages gives up the oldest messages that wait and are of no use any
// more, and says how many there were.
func (t *Tx) expireMessages(ctx context.Context) (int64, error) {
	return t.exec(ctx, `UPDATE messages SET state = 'dead', body = '', reason = CASE WHEN reason = '' THEN $1 ELSE reason END, updated_at = $2 WHERE id IN (
		SELECT id FROM messages WHERE state = 'waiting' AND expires_at <= $2 ORDER BY id LIMIT $3`+t.db.dialect.takeFree+`)`, Expired, ms(t.Now()), tidied)
}

// oldestBut deletes the oldest messages of a state but for as many as the first
// parameter, at most as many as the second.
func oldestBut(state string) string {
	return `DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE state = '` + state + `' AND id <= (
		SELECT id FROM messages WHERE state = '` + state + `' ORDER BY id DESC LIMIT 1 OFFSET $1) ORDER BY id LIMIT $2)`
}

// KeepMessages deletes the oldest messages that are there to be read alone, but
// for as many as most.
func (t *Tx) KeepMessages(ctx context.Context, most int) error {
	_, err := t.exec(ctx, oldestBut("kept"), most, tidied)
	return err
}
