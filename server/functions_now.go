package server

import (
	"context"
	"errors"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// keptExecutions is how many executions of each function are kept.
const keptExecutions = 10000

// functionOf is a function of the project that the caller may know of.
func (c *call) functionOf(id string) (*executions.Function, error) {
	fn := c.config.functions.Find(id, c.s.log)
	if fn == nil || fn.Disabled && !c.byKey() {
		return nil, wire.Fail(isojot.ErrFunctionNotFound)
	}
	return fn, nil
}

// functionToRun is a function that the caller may execute at a path, by the
// order of Appwrite's checks (contract section 11).
func (c *call) functionToRun(id, path string) (*executions.Function, error) {
	fn, err := c.functionOf(id)
	if err != nil {
		return nil, err
	}
	if fn.Runner == nil {
		return nil, wire.Fail(isojot.ErrDeploymentNotFound)
	}
	if err := c.mayExecute(c.s.db, fn); err != nil {
		return nil, err
	}
	if !runner.TakesPath(fn.Runner, executions.Rooted(path)) {
		return nil, wire.Invalid("path", describeURLPath)
	}
	return fn, nil
}

// newExecution is the execution that the caller asks for, in a transaction of
// act.
func (c *call) newExecution(t *store.Tx, fn *executions.Function, a asked) *executions.Execution {
	e := &executions.Execution{Project: c.project, Function: fn, Header: a.header, Body: a.body, ClientIP: reach.ClientIP(c.r)}
	e.Record = store.Execution{
		ID: c.s.ids.Unique(t.Now()), FunctionID: fn.ID, Deployment: fn.Deployment, Trigger: executions.TriggerHTTP, Status: store.StatusProcessing,
		Method: a.method, Path: a.path, ScheduledAt: a.scheduledAt, CreatedAt: t.Now(), UpdatedAt: t.Now(),
	}
	if c.user != nil {
		e.Record.UserID, e.Record.SessionID = c.user.ID, c.claims.SessionID
	}
	if c.session != nil {
		e.Record.SessionID = c.session.ID
	}
	shown := a.header.Clone()
	shown.Set("X-Appwrite-Client-Ip", e.ClientIP)
	e.Record.RequestHeaders = executions.RequestHeaders(shown)
	return e
}

// runNow runs the execution while the caller waits. It goes on when the caller
// goes away, but not for longer than callers may wait. The error is one that
// the caller gets; one of the function is in the record.
func (c *call) runNow(fn *executions.Function, a asked) (*executions.Execution, *runner.Result, error) {
	wait := c.s.options.functionWait()
	ctx, cancel := context.WithTimeoutCause(c.s.runs.Context(), wait, executions.ErrWaited)
	defer cancel()
	by := c.by()
	room, err := c.roomFor(ctx, fn)
	if err != nil {
		return nil, nil, err
	}
	if err := c.takeSlot(ctx, by); err != nil {
		return nil, nil, err
	}
	defer c.s.runs.Give(by)
	if !c.s.runs.Begin() {
		return nil, nil, wire.Fail(isojot.ErrFunctionsBusy)
	}
	defer c.s.runs.End()
	e, err := c.begin(fn, a)
	if err != nil {
		return nil, nil, err
	}
	e.Room, e.Expected = room.take, room.expected
	result, failure := c.s.runs.Run(ctx, e)
	if err := c.s.runs.Finish(e); err != nil {
		return nil, nil, err
	}
	if err := c.keepAnswer(room, e, result, failure); err != nil {
		return nil, nil, err
	}
	if failure != nil && errors.Is(context.Cause(ctx), executions.ErrWaited) {
		return nil, nil, wire.Failf(isojot.ErrFunctionSynchronousTimeout, "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution duration doesn't exceed %v seconds.", wait.Seconds())
	}
	return e, result, nil
}

// answerRoom is the place of an answer that is to come.
type answerRoom struct {
	memory holder
	ctx    context.Context
	// expected is how long the answer may be, taken how much of the place is used,
	// in bytes.
	expected, taken int
}

// roomFor has a place for as long an answer as the function gave last, or tried
// to, so that it does not run, and keep a slot, where the answer has none.
func (c *call) roomFor(ctx context.Context, fn *executions.Function) (*answerRoom, error) {
	r := &answerRoom{memory: c.memory(), ctx: ctx, expected: int(fn.Answered.Load())}
	return r, r.memory.hold(r.expected)
}

// take is runner.Request.Room: what is beyond the expected is asked for when it
// comes.
func (r *answerRoom) take(bytes int) error {
	before := max(r.taken, r.expected)
	r.taken += bytes
	return r.memory.holdWhile(r.ctx, max(0, r.taken-before))
}

// keepAnswer leaves of the place what the answer takes, until it is written. For
// one that had no room, the execution tells that it ran.
func (c *call) keepAnswer(room *answerRoom, e *executions.Execution, result *runner.Result, failure error) error {
	e.Body = nil
	c.forget(cap(result.Body))
	if failure == nil {
		e.Function.Answered.Store(int64(cap(result.Body)))
	}
	if !errors.Is(failure, runner.ErrNoRoom) {
		return nil
	}
	e.Function.Answered.Store(int64(room.taken))
	c.w.Header().Set("X-Appwrite-Execution-Id", e.Record.ID)
	return wire.Failf(isojot.ErrServerBusy, "The function ran, but there was no room for its answer: %s", wire.Message(isojot.ErrServerBusy))
}

// takeSlot waits for its turn, as long as the caller does.
func (c *call) takeSlot(ctx context.Context, by string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.r.Context(), cancel)()
	if c.s.runs.Take(ctx, by) != nil {
		return wire.Fail(isojot.ErrFunctionsBusy)
	}
	return nil
}

// begin stores an execution that is about to run, and makes its token, if the
// caller may still execute the function: it may have waited for its turn.
func (c *call) begin(fn *executions.Function, a asked) (e *executions.Execution, err error) {
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		if e != nil { // of an attempt that changed nothing
			c.s.runs.Dropped(e.Key())
		}
		if err := c.mayExecute(t, fn); err != nil {
			return err
		}
		e = c.newExecution(t, fn, a)
		if e.JWT, err = c.functionJWT(ctx, t, fn); err != nil {
			return err
		}
		c.s.runs.Began(e.Key())
		return t.InsertExecution(ctx, e.Project.ID, store.NewExecution{Execution: e.Record, Owner: c.s.runs.Owner(), Keep: keptExecutions})
	})
	if err != nil && e != nil {
		c.s.runs.Dropped(e.Key())
	}
	return e, err
}

// functionWait is how long callers wait for an execution.
func (o *Options) functionWait() time.Duration {
	if o.FunctionWait == 0 {
		return defaultFunctionWait
	}
	return o.FunctionWait
}

// functionJWT is the token that the caller's function acts by: one of the
// session that is presented, the JWT that is, or none. There is none for a
// session that lacks a factor, whose function only a server with a key may run.
func (c *call) functionJWT(ctx context.Context, t *store.Tx, fn *executions.Function) (string, error) {
	lacks, err := c.lacksFactor(ctx, t)
	switch {
	case c.user == nil || err != nil || lacks:
		return "", err
	case c.session != nil:
		return c.signJWT(c.user, c.session.ID, int((fn.Timeout+executions.JWTMargin)/time.Second))
	}
	return c.r.Header.Get(headerJWT), nil
}
