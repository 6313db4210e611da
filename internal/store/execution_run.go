package store

import (
	"context"
	"fmt"
	"strings"
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

// Guests begins the waiter of guests.
const Guests = "guests of "

// GuestsWaiting says the same of all guests together, after Waiting.
func (t *Tx) GuestsWaiting(ctx context.Context, project string) (n int, bytes int64, err error) {
	err = t.row(ctx, []any{&n, &bytes}, `SELECT COUNT(*), CAST(COALESCE(SUM(pending_size), 0) AS BIGINT) FROM executions
		WHERE project_id = $1 AND status IN ('waiting', 'scheduled') AND waiter LIKE $2`, project, Guests+"%")
	return n, bytes, err
}

// Waiter is whom an execution counts for while it waits (NewExecution.Waiter).
type Waiter struct{ Project, ID string }

// Claimed is an execution that its claimer has to run.
type Claimed struct {
	Waiter Waiter
	Execution
	Pending Pending
}

// Claim takes the execution that is due and has waited longest, for the owner to
// run; nobody else gets it. Those of some waiters are left. None is ErrNotFound.
func (db *DB) Claim(ctx context.Context, owner string, but ...Waiter) (c Claimed, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		dest := append(c.dest(), &c.Waiter.Project, &c.Waiter.ID, jsonText{&c.Pending})
		others, args := except(but, t.Now().UnixMilli())
		err := t.row(ctx, dest, `SELECT `+executionColumns+`, e.project_id, e.waiter, e.pending FROM executions e
			WHERE e.status IN ('waiting', 'scheduled') AND e.due_at <= $1`+others+` ORDER BY e.due_at, e.seq LIMIT 1`+t.db.dialect.takeFree, args...)
		if err != nil {
			return err
		}
		return found(t.exec(ctx, `UPDATE executions SET status = 'processing', owner = $1, updated_at = $2
			WHERE project_id = $3 AND id = $4 AND status = $5`, owner, ms(t.Now()), c.Waiter.Project, c.ID, c.Status))
	})
	c.Status = StatusProcessing
	return c, err
}

// except is a condition that leaves out the executions of waiters, and the
// parameters with theirs after them.
func except(waiters []Waiter, args ...any) (string, []any) {
	if len(waiters) == 0 {
		return "", args
	}
	var pairs []string
	for _, w := range waiters {
		pairs = append(pairs, fmt.Sprintf("($%d, $%d)", len(args)+1, len(args)+2))
		args = append(args, w.Project, w.ID)
	}
	return " AND (e.project_id, e.waiter) NOT IN (VALUES " + strings.Join(pairs, ", ") + ")", args
}

// NextDue is when the next execution is due, but for those of some waiters: the
// zero time when one is now, and ErrNotFound without any.
func (db *DB) NextDue(ctx context.Context, but ...Waiter) (time.Time, error) {
	var due int64
	others, args := except(but)
	err := db.row(ctx, []any{&due}, `SELECT e.due_at FROM executions e WHERE e.status IN ('waiting', 'scheduled')`+others+` ORDER BY e.due_at LIMIT 1`, args...)
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
// way, with a reason, and says how many there were; the messages that they sent
// wait again.
func (t *Tx) FailOrphans(ctx context.Context, owner, reason string) (int64, error) {
	if err := t.freeOtherMessages(ctx, owner); err != nil {
		return 0, err
	}
	return t.exec(ctx, `UPDATE executions SET status = 'failed', response_status = 500, errors = $1, updated_at = $2,
		owner = '', pending = NULL, pending_size = 0 WHERE status = 'processing' AND owner <> $3`, reason, ms(t.Now()), owner)
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
