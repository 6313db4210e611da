package store

import (
	"context"
	"time"
)

// Waiting says how many executions that count for a waiter wait to run, and how
// many bytes the server keeps for them. Nobody adds one until the transaction
// ends.
func (t *Tx) Waiting(ctx context.Context, project, waiter string) (n int, bytes int64, err error) {
	if err := t.lockProject(ctx, project); err != nil {
		return 0, 0, err
	}
	err = t.row(ctx, []any{&n, &bytes}, `SELECT COUNT(*), CAST(COALESCE(SUM(pending_size), 0) AS BIGINT) FROM executions
		WHERE project_id = $1 AND status IN ('waiting', 'scheduled') AND waiter = $2`, project, waiter)
	return n, bytes, err
}

// GuestsWaiting says the same of all guests together, after Waiting.
func (t *Tx) GuestsWaiting(ctx context.Context, project string) (n int, bytes int64, err error) {
	err = t.row(ctx, []any{&n, &bytes}, `SELECT COUNT(*), CAST(COALESCE(SUM(pending_size), 0) AS BIGINT) FROM executions
		WHERE project_id = $1 AND status IN ('waiting', 'scheduled') AND user_id = '' AND waiter <> ''`, project)
	return n, bytes, err
}

// Claimed is an execution that its claimer has to run.
type Claimed struct {
	Project string
	Execution
	Pending Pending
}

// Claim takes the execution that is due at now and has waited longest, for the
// owner to run; nobody else gets it. None is ErrNotFound.
func (db *DB) Claim(ctx context.Context, owner string, now time.Time) (c Claimed, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		dest := append(c.dest(), &c.Project, jsonText{&c.Pending})
		err := t.row(ctx, dest, `SELECT `+executionColumns+`, e.project_id, e.pending FROM executions e
			WHERE e.status IN ('waiting', 'scheduled') AND e.due_at <= $1 ORDER BY e.due_at, e.seq LIMIT 1`+t.db.dialect.takeFree, now.UnixMilli())
		if err != nil {
			return err
		}
		return found(t.exec(ctx, `UPDATE executions SET status = 'processing', owner = $1, updated_at = $2
			WHERE project_id = $3 AND id = $4 AND status = $5`, owner, ms(now), c.Project, c.ID, c.Status))
	})
	c.Status = StatusProcessing
	return c, err
}

// NextDue is when the next execution is due: the zero time when one is now, and
// ErrNotFound without any.
func (db *DB) NextDue(ctx context.Context) (time.Time, error) {
	var due int64
	err := db.row(ctx, []any{&due}, `SELECT due_at FROM executions WHERE status IN ('waiting', 'scheduled') ORDER BY due_at LIMIT 1`)
	if err != nil || due == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(due).UTC(), nil
}

// FinishExecution notes what came of an execution that its owner has run, and
// drops what was kept to run it. One that the owner does not run, because it
// was deleted or failed meanwhile, is ErrNotFound.
func (t *Tx) FinishExecution(ctx context.Context, project, owner string, e Execution) error {
	return found(t.exec(ctx, `UPDATE executions SET status = $1, response_status = $2, response_headers = $3, logs = $4, errors = $5,
		log_size = $6, duration_us = $7, updated_at = $8, owner = '', pending = NULL, pending_size = 0
		WHERE project_id = $9 AND id = $10 AND owner = $11 AND status = 'processing'`,
		e.Status, e.ResponseStatus, jsonOf(e.ResponseHeaders), e.Logs, e.Errors,
		len(e.Logs)+len(e.Errors), e.Duration.Microseconds(), ms(e.UpdatedAt), project, e.ID, owner))
}

// FailOrphans fails the executions that others than the owner have left under
// way, with a reason, and says how many there were.
func (t *Tx) FailOrphans(ctx context.Context, owner, reason string, now time.Time) (int64, error) {
	return t.exec(ctx, `UPDATE executions SET status = 'failed', response_status = 500, errors = $1, updated_at = $2,
		owner = '', pending = NULL, pending_size = 0 WHERE status = 'processing' AND owner <> $3`, reason, ms(now), owner)
}

// DeleteExecution deletes an execution of a function. One that is about to run
// is ErrRunning, an unknown one ErrNotFound; scheduled ones can be deleted.
func (t *Tx) DeleteExecution(ctx context.Context, project, function, id string) error {
	var status string
	err := t.row(ctx, []any{&status}, `SELECT status FROM executions WHERE project_id = $1 AND function_id = $2 AND id = $3`+t.db.dialect.lockRow,
		project, function, id)
	switch {
	case err != nil:
		return err
	case status == StatusWaiting || status == StatusProcessing:
		return ErrRunning
	}
	return found(t.exec(ctx, `DELETE FROM executions WHERE project_id = $1 AND function_id = $2 AND id = $3`, project, function, id))
}
