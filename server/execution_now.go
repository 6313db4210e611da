package server

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/reach"
	"github.com/isojot/isojot/server/internal/wire"
)

// keptExecutions is how many executions of each function are kept.
const keptExecutions = 10000

// The ends of an execution that the function does not decide.
var (
	errWaited  = errors.New("nobody waited for it any longer: an execution that takes longer must be asynchronous")
	errStopped = errors.New("the server was stopped while it ran")
)

// functionOf is a function of the project that the caller may know of.
func (c *call) functionOf(id string) (*function, error) {
	fn := c.config.functions.find(id, c.s.log)
	if fn == nil || fn.Disabled && !c.byKey() {
		return nil, wire.Fail(isojot.ErrFunctionNotFound)
	}
	return fn, nil
}

// functionToRun is a function that the caller may execute at a path, by the
// order of Appwrite's checks (contract section 11).
func (c *call) functionToRun(id, path string) (*function, error) {
	fn, err := c.functionOf(id)
	if err != nil {
		return nil, err
	}
	if fn.runner == nil {
		return nil, wire.Fail(isojot.ErrDeploymentNotFound)
	}
	if err := c.mayExecute(fn); err != nil {
		return nil, err
	}
	if !runner.TakesPath(fn.runner, rooted(path)) {
		return nil, wire.Invalid("path", describeURLPath)
	}
	return fn, nil
}

// rooted is a path with the slash that a request's begins with.
func rooted(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + path
}

// newExecution is the execution that the caller asks for, in a transaction of
// act.
func (c *call) newExecution(t *store.Tx, fn *function, a asked) *execution {
	e := &execution{project: c.project, fn: fn, header: a.header, body: a.body, clientIP: reach.ClientIP(c.r)}
	e.record = store.Execution{
		ID: c.s.ids.Unique(t.Now()), FunctionID: fn.ID, Deployment: fn.Deployment, Trigger: triggerHTTP, Status: store.StatusProcessing,
		Method: a.method, Path: a.path, ScheduledAt: a.scheduledAt, CreatedAt: t.Now(), UpdatedAt: t.Now(),
	}
	if c.user != nil {
		e.record.UserID, e.record.SessionID = c.user.ID, c.claims.SessionID
	}
	if c.session != nil {
		e.record.SessionID = c.session.ID
	}
	shown := a.header.Clone()
	shown.Set("X-Appwrite-Client-Ip", e.clientIP)
	e.record.RequestHeaders = headerList(shown, oneOf(shownRequest))
	return e
}

// The triggers of executions.
const (
	triggerHTTP     = "http"
	triggerSchedule = "schedule"
)

// runNow runs the execution while the caller waits. It goes on when the caller
// goes away, but not for longer than callers may wait. The error is one that
// the caller gets; one of the function is in the record.
func (c *call) runNow(fn *function, a asked) (*execution, *runner.Result, error) {
	wait := c.s.options.functionWait()
	ctx, cancel := context.WithTimeoutCause(c.s.life.context, wait, errWaited)
	defer cancel()
	by := c.by()
	room, err := c.roomFor(ctx, fn)
	if err != nil {
		return nil, nil, err
	}
	if err := c.takeSlot(ctx, by); err != nil {
		return nil, nil, err
	}
	defer c.s.giveSlot(by)
	if !c.s.life.begin() {
		return nil, nil, wire.Fail(isojot.ErrFunctionsBusy)
	}
	defer c.s.life.end()
	e, err := c.begin(fn, a)
	if err != nil {
		return nil, nil, err
	}
	e.room = room
	result, failure := c.s.run(ctx, e)
	if err := c.s.finish(e); err != nil {
		return nil, nil, err
	}
	if err := c.keepAnswer(e, result, failure); err != nil {
		return nil, nil, err
	}
	if failure != nil && errors.Is(context.Cause(ctx), errWaited) {
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
func (c *call) roomFor(ctx context.Context, fn *function) (*answerRoom, error) {
	r := &answerRoom{memory: c.memory(), ctx: ctx, expected: int(fn.answered.Load())}
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
func (c *call) keepAnswer(e *execution, result *runner.Result, failure error) error {
	e.body = nil
	c.forget(cap(result.Body))
	if failure == nil {
		e.fn.answered.Store(int64(cap(result.Body)))
	}
	if !errors.Is(failure, runner.ErrNoRoom) {
		return nil
	}
	e.fn.answered.Store(int64(e.room.taken))
	c.w.Header().Set("X-Appwrite-Execution-Id", e.record.ID)
	return wire.Failf(isojot.ErrServerBusy, "The function ran, but there was no room for its answer: %s", wire.Message(isojot.ErrServerBusy))
}

// takeSlot waits for its turn, as long as the caller does.
func (c *call) takeSlot(ctx context.Context, by string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.r.Context(), cancel)()
	if c.s.slots.Take(ctx, by) != nil {
		return wire.Fail(isojot.ErrFunctionsBusy)
	}
	return nil
}

// begin stores an execution that is about to run, and makes its token, if the
// caller may still execute the function: it may have waited for its turn.
func (c *call) begin(fn *function, a asked) (e *execution, err error) {
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		if e != nil { // of an attempt that changed nothing
			c.s.running.Delete(e.key())
		}
		if err := c.mayExecute(fn); err != nil {
			return err
		}
		e = c.newExecution(t, fn, a)
		if e.jwt, err = c.functionJWT(fn); err != nil {
			return err
		}
		c.s.running.Store(e.key(), true)
		return t.InsertExecution(ctx, e.project.ID, store.NewExecution{Execution: e.record, Owner: c.s.owner, Keep: keptExecutions})
	})
	if err != nil && e != nil {
		c.s.running.Delete(e.key())
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
