package server

import (
	"context"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of what waits to run, for each user, and for each address of guests: it
// is on the disk until then. Servers with an API key have none.
const (
	maxWaiting      = 100
	maxWaitingBytes = 32 << 20
	// All guests together may have ten times that.
	maxGuestsWaiting      = 10 * maxWaiting
	maxGuestsWaitingBytes = 10 * maxWaitingBytes
)

// runLater stores an execution, with all that is needed to run it, before the
// caller is told that it will run.
func (c *call) runLater(fn *executions.Function, a asked) (*executions.Execution, error) {
	if !a.scheduledAt.IsZero() && c.user == nil && !c.byKey() {
		return nil, wire.Failf(isojot.ErrUserUnauthorized, "Guests cannot schedule executions: sign in before, or leave out scheduledAt.")
	}
	var e *executions.Execution
	pending := store.Pending{Headers: executions.AllHeaders(a.header), Body: a.body, ClientIP: reach.ClientIP(c.r), ByKey: c.byKey()}
	ctx := c.r.Context()
	err := c.act(func(t *store.Tx) error {
		if err := c.mayExecute(t, fn); err != nil {
			return err
		}
		if err := c.mayWait(ctx, t); err != nil {
			return err
		}
		e = c.newExecution(t, fn, a)
		e.Record.Status = store.StatusWaiting
		if !a.scheduledAt.IsZero() {
			e.Record.Status, e.Record.Trigger = store.StatusScheduled, executions.TriggerSchedule
		}
		return t.InsertExecution(ctx, c.project.ID, store.NewExecution{Execution: e.Record, Pending: &pending, Waiter: c.waiter(), Keep: keptExecutions})
	})
	if err != nil {
		return nil, err
	}
	c.s.runs.Wake()
	return e, nil
}

// mayWait refuses callers for whom too much waits already.
func (c *call) mayWait(ctx context.Context, t *store.Tx) error {
	if c.byKey() {
		return nil
	}
	n, bytes, err := t.Waiting(ctx, c.project.ID, c.waiter())
	if err == nil && (n >= maxWaiting || bytes >= maxWaitingBytes) {
		return wire.Fail(isojot.ErrFunctionsBusy)
	}
	if err != nil || c.user != nil {
		return err
	}
	n, bytes, err = t.GuestsWaiting(ctx, c.project.ID)
	if err == nil && (n >= maxGuestsWaiting || bytes >= maxGuestsWaitingBytes) {
		return wire.Fail(isojot.ErrFunctionsBusy)
	}
	return err
}
