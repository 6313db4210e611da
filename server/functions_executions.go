package server

import (
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/listing"
	"github.com/isojot/isojot/server/internal/wire"
)

// functionsHandlers answer the operations of the functions service (contract
// section 11).
var functionsHandlers = handlers{
	"functions.createExecution": (*call).createExecution,
	"functions.listExecutions":  (*call).listExecutions,
	"functions.getExecution":    (*call).getExecution,
	"functions.deleteExecution": (*call).deleteExecution,
}

// functionID is the id of the function in the path.
func (c *call) functionID() (string, error) {
	return wire.UID("functionId", c.r.PathValue("functionId"))
}

// createExecution runs a function at once or later:
// POST /functions/{functionId}/executions.
func (c *call) createExecution() error {
	id, err := c.functionID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	asked, err := c.executionParams(p)
	if err != nil {
		return err
	}
	c.forget(max(cap(asked.body), len(c.sent)))
	fn, err := c.functionToRun(id, asked.path)
	if err != nil {
		return err
	}
	if asked.async {
		e, err := c.runLater(fn, asked)
		if err != nil {
			return err
		}
		c.answer(http.StatusAccepted, c.executionView(&e.Record))
		return nil
	}
	e, result, err := c.runNow(fn, asked)
	if err != nil {
		return err
	}
	if asked.method == http.MethodHead { // which is answered without a body, whatever the function wrote
		result.Body = nil
	}
	view, marker := c.executionView(&e.Record), rand.Text()
	view.ResponseBody = marker
	view.ResponseHeaders = append(headersJSON(executions.AllHeaders(result.Header)),
		headerJSON{"x-appwrite-execution-id", e.Record.ID})
	return c.answerAround(http.StatusCreated, view, marker, result.Body)
}

// readable is the user whose executions the caller may read; "" means those of
// everybody.
func (c *call) readable() string {
	if c.byKey() {
		return ""
	}
	return c.user.ID
}

// getExecution answers with an execution:
// GET /functions/{functionId}/executions/{executionId}.
func (c *call) getExecution() error {
	fn, id, err := c.executionIDs()
	if err != nil {
		return err
	}
	read := c.s.db.Execution
	if !c.byKey() {
		read = c.s.db.BriefExecution
	}
	e, err := read(c.r.Context(), c.project.ID, fn.ID, id)
	if err != nil {
		return noSuchExecution(err)
	}
	if user := c.readable(); user != "" && user != e.UserID {
		return wire.Fail(isojot.ErrExecutionNotFound)
	}
	c.answer(http.StatusOK, c.executionView(&e))
	return nil
}

// executionIDs are the function and the execution's id in the path.
func (c *call) executionIDs() (*executions.Function, string, error) {
	id, err := c.functionID()
	if err != nil {
		return nil, "", err
	}
	execution, err := wire.UID("executionId", c.r.PathValue("executionId"))
	if err != nil {
		return nil, "", err
	}
	fn, err := c.functionOf(id)
	return fn, execution, err
}

// noSuchExecution turns the store's "not found" into the answer for executions.
func noSuchExecution(err error) error {
	return store.NotFoundAs(err, wire.Fail(isojot.ErrExecutionNotFound))
}

// listExecutions answers with a page of executions:
// GET /functions/{functionId}/executions.
func (c *call) listExecutions() error {
	id, err := c.functionID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	page, err := listing.Parse(p, store.ExecutionColumns)
	if err != nil {
		return err
	}
	total, err := listing.WantsTotal(p)
	if err != nil {
		return err
	}
	fn, err := c.functionOf(id)
	if err != nil {
		return err
	}
	return c.answerExecutions(fn, page, total)
}

// answerExecutions answers with a page of a function's executions.
func (c *call) answerExecutions(fn *executions.Function, page store.Page, total bool) error {
	ctx := c.r.Context()
	page.Where = store.Condition{Op: store.OpAnd, Parts: []store.Condition{store.ExecutionsOf(fn.ID, c.readable()), page.Where}}
	if page.Cursor != "" {
		if _, err := c.s.db.BriefExecution(ctx, c.project.ID, fn.ID, page.Cursor); err != nil {
			return store.NotFoundAs(err, wire.Failf(isojot.ErrCursorNotFound, "Execution '%s' for the 'cursor' value not found.", page.Cursor))
		}
	}
	page.Brief, page.Room = !c.byKey(), c.memory().tryHold
	found, err := c.s.db.Executions(ctx, c.project.ID, page)
	if err != nil {
		return err
	}
	list := listJSON{name: "executions"}
	for i := range found {
		list.items = append(list.items, c.executionView(&found[i]))
	}
	if total {
		if list.total, err = listing.Total(page, len(found), func(most int) (int, error) {
			return c.s.db.CountExecutions(ctx, c.project.ID, page.Where, most)
		}); err != nil {
			return err
		}
	}
	c.answer(http.StatusOK, list)
	return nil
}

// deleteExecution deletes an execution, also one that is scheduled:
// DELETE /functions/{functionId}/executions/{executionId}. To callers without
// an API key no function is there (contract section 13.10).
func (c *call) deleteExecution() error {
	fn, id, err := c.executionIDs()
	if err != nil {
		return err
	}
	if !c.byKey() {
		return wire.Fail(isojot.ErrFunctionNotFound)
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error { return t.DeleteExecution(ctx, c.project.ID, fn.ID, id) })
	switch {
	case errors.Is(err, store.ErrRunning):
		return wire.Fail(isojot.ErrExecutionInProgress)
	case err != nil:
		return noSuchExecution(err)
	}
	noContent(c.w)
	return nil
}
