package store

import (
	"context"
	"database/sql"
	"errors"
)

// Shared says that several servers may use the database, each of which is an
// instance. Of others a server may assume that it is the only one.
func (db *DB) Shared() bool { return db.target != "" }

// Beat tells the other instances that this one lives: the number is another one
// each time, and above 0.
func (db *DB) Beat(ctx context.Context, id string, beats int64) error {
	return db.Tx(ctx, func(t *Tx) error {
		_, err := t.exec(ctx, `INSERT INTO instances (id, beats) VALUES ($1, $2)
			ON CONFLICT (id) DO UPDATE SET beats = excluded.beats`, id, beats)
		return err
	})
}

// Beats are the last beats of the other instances. Who runs executions or sends
// messages without being one any more has 0.
func (db *DB) Beats(ctx context.Context, self string) (map[string]int64, error) {
	beats := map[string]int64{}
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var id string
		var n int64
		err := rows.Scan(&id, &n)
		beats[id] = n
		return err
	}, `SELECT id, beats FROM instances WHERE id <> $1
		UNION ALL SELECT DISTINCT owner, CAST(0 AS BIGINT) FROM executions
		WHERE status = 'processing' AND owner <> $1 AND owner NOT IN (SELECT id FROM instances)
		UNION SELECT DISTINCT owner, CAST(0 AS BIGINT) FROM messages
		WHERE state = 'sending' AND owner <> $1 AND owner NOT IN (SELECT id FROM instances)`, self)
	return beats, err
}

// Leave says that an instance ends, which runs nothing any more.
func (db *DB) Leave(ctx context.Context, id string) error {
	return db.Tx(ctx, func(t *Tx) error {
		_, err := t.exec(ctx, `DELETE FROM instances WHERE id = $1`, id)
		return err
	})
}

// FailInstance fails the executions that another instance has left under way,
// with a reason, and says how many there were; the messages that it sent wait
// again. One that has beaten since those beats is ErrNotFound: it lives, or
// another instance has seen to it.
func (db *DB) FailInstance(ctx context.Context, id string, beats int64, reason string) (n int64, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		if err := t.mustBeSilent(ctx, id, beats); err != nil {
			return err
		}
		if err := t.freeMessages(ctx, id); err != nil {
			return err
		}
		n, err = t.exec(ctx, `UPDATE executions SET status = 'failed', response_status = 500, errors = $1, updated_at = $2,
			owner = '', pending = NULL, pending_size = 0 WHERE status = 'processing' AND owner = $3`, reason, ms(t.Now()), id)
		return err
	})
	return n, err
}

// mustBeSilent forgets an instance that has not beaten since, else it is
// ErrNotFound.
func (t *Tx) mustBeSilent(ctx context.Context, id string, beats int64) error {
	if beats > 0 {
		return found(t.exec(ctx, `DELETE FROM instances WHERE id = $1 AND beats = $2`, id, beats))
	}
	err := t.row(ctx, []any{&beats}, `SELECT beats FROM instances WHERE id = $1`, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return ErrNotFound
}

// ExecutionKey names an execution.
type ExecutionKey struct{ Project, ID string }

// Owned are the executions that are under way at an owner.
func (db *DB) Owned(ctx context.Context, owner string) ([]ExecutionKey, error) {
	var owned []ExecutionKey
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var k ExecutionKey
		err := rows.Scan(&k.Project, &k.ID)
		owned = append(owned, k)
		return err
	}, `SELECT project_id, id FROM executions WHERE status = 'processing' AND owner = $1`, owner)
	return owned, err
}

// Disown gives back an execution that its owner has not begun: it waits again,
// or has failed with the reason where nobody else could run it. One that is not
// under way there is ErrNotFound.
func (t *Tx) Disown(ctx context.Context, k ExecutionKey, owner, reason string) error {
	err := found(t.exec(ctx, `UPDATE executions SET status = 'waiting', owner = '', updated_at = $1
		WHERE project_id = $2 AND id = $3 AND owner = $4 AND status = 'processing' AND pending IS NOT NULL`,
		ms(t.Now()), k.Project, k.ID, owner))
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return found(t.exec(ctx, `UPDATE executions SET status = 'failed', response_status = 500, errors = $1, updated_at = $2, owner = ''
		WHERE project_id = $3 AND id = $4 AND owner = $5 AND status = 'processing'`, reason, ms(t.Now()), k.Project, k.ID, owner))
}
