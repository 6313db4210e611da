package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// logShare is the part of the bound on a project's logs that may be stored until
// they are counted again: counting looks at an index, but at all of it.
const logShare = 8

// BoundLogs is told that logs and errors of so many bytes were stored, and sees
// to it that those of a project are not much longer than most together: the
// oldest are replaced by a note. It says of how many executions.
func (db *DB) BoundLogs(ctx context.Context, project string, stored, most int64) (cleared int64, err error) {
	fresh := new(atomic.Int64)
	fresh.Store(most / logShare) // what was before is not known
	uncounted, _ := db.uncounted.LoadOrStore(project, fresh)
	if stored == 0 || uncounted.(*atomic.Int64).Add(stored) < most/logShare {
		return 0, nil
	}
	uncounted.(*atomic.Int64).Store(0)
	err = db.Tx(ctx, func(t *Tx) (err error) {
		cleared, err = t.clearLogs(ctx, project, most)
		return err
	})
	return cleared, err
}

// clearLogs clears the logs and errors that are too many, oldest first.
func (t *Tx) clearLogs(ctx context.Context, project string, most int64) (int64, error) {
	var last int64
	err := t.row(ctx, []any{&last}, `SELECT seq FROM (
		SELECT seq, SUM(log_size) OVER (ORDER BY seq DESC) AS total FROM executions WHERE project_id = $1 AND log_size > 0) AS sized
		WHERE total > $2 ORDER BY seq DESC LIMIT 1`, project, most)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	note := fmt.Sprintf("[removed: the logs and errors of a project are kept up to %d bytes, the newest]", most)
	return t.exec(ctx, `UPDATE executions SET logs = CASE WHEN logs = '' THEN '' ELSE $1 END, errors = CASE WHEN errors = '' THEN '' ELSE $1 END,
		log_size = 0 WHERE project_id = $2 AND seq <= $3 AND log_size > 0`, note, project, last)
}
