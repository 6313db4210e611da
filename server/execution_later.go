package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/projects"
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
func (c *call) runLater(fn *function, a asked) (*execution, error) {
	if !a.scheduledAt.IsZero() && c.user == nil && !c.byKey() {
		return nil, wire.Failf(isojot.ErrUserUnauthorized, "Guests cannot schedule executions: sign in before, or leave out scheduledAt.")
	}
	var e *execution
	pending := store.Pending{Headers: headerList(a.header, func(string) bool { return true }), Body: a.body, ClientIP: reach.ClientIP(c.r), ByKey: c.byKey()}
	ctx := c.r.Context()
	err := c.act(func(t *store.Tx) error {
		if err := c.mayExecute(fn); err != nil {
			return err
		}
		if err := c.mayWait(ctx, t); err != nil {
			return err
		}
		e = c.newExecution(t, fn, a)
		e.record.Status = store.StatusWaiting
		if !a.scheduledAt.IsZero() {
			e.record.Status, e.record.Trigger = store.StatusScheduled, triggerSchedule
		}
		return t.InsertExecution(ctx, c.project.ID, store.NewExecution{Execution: e.record, Pending: &pending, Waiter: c.waiter(), Keep: keptExecutions})
	})
	if err != nil {
		return nil, err
	}
	c.s.wakeDispatcher()
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

// pollPeriod is how often the dispatcher looks whether a scheduled execution is
// due: its clock may be moved meanwhile.
const pollPeriod = time.Second

// wakeDispatcher tells the dispatcher that something waits.
func (s *Server) wakeDispatcher() {
	select {
	case s.wake <- struct{}{}:
	default: // it has been told
	}
}

// startExecutions sees to what servers that have stopped left under way, and
// begins to run what waits.
func (s *Server) startExecutions(ctx context.Context) error {
	see := s.failOrphans
	if s.db.Shared() {
		see = s.startSharing
	}
	if err := see(ctx); err != nil {
		return err
	}
	s.life.begin()
	go s.dispatch()
	return nil
}

// failOrphans reports what the last server of the data left under way.
func (s *Server) failOrphans(ctx context.Context) error {
	var left int64
	err := s.db.Tx(ctx, func(t *store.Tx) (err error) {
		left, err = t.FailOrphans(ctx, s.owner, stoppedWhileRunning)
		return err
	})
	if left > 0 && err == nil {
		s.log.Warn("the server had stopped while functions ran: their executions are marked as failed", "executions", left)
	}
	return err
}

// dispatch runs what waits, until the server stops.
func (s *Server) dispatch() {
	defer s.life.end()
	ctx := s.life.open
	for round := (turns{}); ; {
		select {
		case <-ctx.Done():
			return
		case s.asyncSlots <- struct{}{}:
		}
		if !s.claim(ctx, &round) {
			return
		}
	}
}

// claim takes the next execution and starts it, or waits until there may be
// one. It is not ok when the server stops.
func (s *Server) claim(ctx context.Context, round *turns) bool {
	if s.slots.Wait(ctx, byDispatcher) != nil || !s.life.begin() {
		return false
	}
	full := s.fullWaiters()
	claimed, err := s.claimNext(ctx, round, full)
	if err == nil {
		s.slots.Move(byDispatcher, queueKey(claimed.Waiter))
		go s.runClaimed(claimed)
		return true
	}
	s.life.end()
	s.slots.Give(byDispatcher)
	<-s.asyncSlots
	if errors.Is(err, store.ErrNotFound) {
		return s.rest(ctx, full)
	}
	if ctx.Err() == nil {
		s.log.Error("what waits cannot be read", "error", err)
	}
	return s.await(ctx, time.After(pollPeriod))
}

// fullWaiters are those who hold their part of the slots already. What waits for
// them is passed over; giveSlot tells the dispatcher when they may have changed.
func (s *Server) fullWaiters() []store.Waiter {
	s.passedOver.Store(true) // before it is looked
	var full []store.Waiter
	for _, key := range s.slots.Full() {
		if w := waiterOf(key); w.Project != "" {
			full = append(full, w)
		}
	}
	s.passedOver.Store(len(full) > 0)
	return full
}

// giveSlot gives a slot back.
func (s *Server) giveSlot(key string) {
	s.slots.Give(key)
	if s.passedOver.Load() {
		s.wakeDispatcher()
	}
}

// turns are the waiters of whom one execution has begun since all who wait had
// theirs.
type turns struct{ had []store.Waiter }

// maxTurns bounds how many are remembered; then a new round begins.
const maxTurns = 256

// claimNext takes the next execution, which runs here from then on: one of each
// waiter in turn, the oldest first, but none of those who are full.
func (s *Server) claimNext(ctx context.Context, round *turns, full []store.Waiter) (store.Claimed, error) {
	s.claiming.Lock()
	defer s.claiming.Unlock()
	claimed, err := s.db.Claim(ctx, s.owner, slices.Concat(full, round.had)...)
	if errors.Is(err, store.ErrNotFound) && len(round.had) > 0 {
		round.had = nil
		claimed, err = s.db.Claim(ctx, s.owner, full...)
	}
	if err == nil {
		if len(round.had) == maxTurns {
			round.had = nil
		}
		round.had = append(round.had, claimed.Waiter)
		s.running.Store(store.ExecutionKey{Project: claimed.Waiter.Project, ID: claimed.ID}, true)
	}
	return claimed, err
}

// minRest is how long the dispatcher leaves alone what is due but was not to be
// had: another server is about to take it.
const minRest = 20 * time.Millisecond

// rest waits until something waits or may be due, but for what is passed over.
// What waits for another server, which may stop, is looked for.
func (s *Server) rest(ctx context.Context, passed []store.Waiter) bool {
	due, err := s.db.NextDue(ctx, passed...)
	switch {
	case !errors.Is(err, store.ErrNotFound):
		return s.await(ctx, time.After(max(minRest, min(due.Sub(s.now()), pollPeriod))))
	case s.db.Shared():
		return s.await(ctx, time.After(pollPeriod))
	}
	return s.await(ctx, nil)
}

// await waits for a timer, unless something waits before, or the server stops:
// then it is not ok.
func (s *Server) await(ctx context.Context, timer <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-s.wake:
	case <-timer:
	}
	return true
}

// runClaimed runs an execution that nobody waits for.
func (s *Server) runClaimed(c store.Claimed) {
	defer s.life.end()
	defer func() { <-s.asyncSlots }()
	defer s.giveSlot(queueKey(c.Waiter))
	ctx := s.life.context
	e := &execution{record: c.Execution, header: http.Header{}, body: c.Pending.Body, clientIP: c.Pending.ClientIP, byKey: c.Pending.ByKey}
	for _, h := range c.Pending.Headers {
		e.header.Set(h[0], h[1])
	}
	reason, err := s.prepare(ctx, c.Waiter.Project, e)
	switch {
	case err != nil:
		s.log.Error("an execution cannot begin", "execution", c.ID, "error", err)
		e.fail(notBegun)
	case reason != "":
		e.fail(reason)
	default:
		// What went wrong is in the record.
		_, _ = s.run(ctx, e)
	}
	if err := s.finish(e); err != nil {
		s.log.Error("what came of an execution cannot be stored", "execution", c.ID, "error", err)
	}
}

// prepare finds what the execution needs. The reason says why it cannot run.
func (s *Server) prepare(ctx context.Context, projectID string, e *execution) (reason string, err error) {
	e.fn = &function{Function: Function{ID: e.record.FunctionID}}
	e.project = &projects.Project{ID: projectID}
	p, err := s.projects.Find(ctx, projectID)
	if err != nil {
		return "", err
	}
	e.project = p
	fn := s.config(projectID).functions.find(e.record.FunctionID, s.log)
	if fn == nil || fn.runner == nil || fn.Disabled && !e.byKey {
		return "the function is gone, disabled or not deployed", nil
	}
	e.fn, e.record.Deployment = fn, fn.Deployment
	if e.record.UserID != "" {
		return s.prepareUser(ctx, e)
	}
	return e.checkRoles(nil), nil
}

// checkRoles says why a user, or a guest, may not execute the function any
// more, "" where they may: roles and functions change while executions wait.
// Who asked by an API key may execute every function.
func (e *execution) checkRoles(u *store.User) (reason string) {
	if e.byKey || e.fn.allows(u) {
		return ""
	}
	return "whoever asked for it may not execute the function any more"
}

// userDeleted is why an execution does not run whose user is gone.
const userDeleted = "the user it would act for was deleted"

// prepareUser sees to it that the user whom the execution acts for may still
// execute the function, and makes the user's token.
func (s *Server) prepareUser(ctx context.Context, e *execution) (reason string, err error) {
	user, err := s.db.User(ctx, e.project.ID, e.record.UserID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return userDeleted, nil
	case err != nil:
		return "", err
	case user.Blocked:
		return "the user it would act for was blocked", nil
	}
	if reason := e.checkRoles(&user); reason != "" || e.record.SessionID == "" {
		return reason, nil
	}
	return s.prepareToken(ctx, e, &user)
}

// prepareToken makes the user's token, if the session by which the execution
// was asked for is alive. The token is not stored, so that none can be stolen,
// and none outlives a sign-out. What was to run at once runs without one, as
// in Appwrite, where its token is refused then; a schedule ends with its
// session, unless a server made it.
func (s *Server) prepareToken(ctx context.Context, e *execution, user *store.User) (reason string, err error) {
	session, err := s.db.Session(ctx, e.project.ID, user.ID, e.record.SessionID)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return "", err
	case err == nil && session.ValidAt(s.now()):
		e.jwt, err = s.signFor(ctx, e.project, e.fn, user, session.ID)
		return "", err
	case e.record.Trigger == triggerSchedule && !e.byKey:
		return "the session that it was scheduled by has ended", nil
	}
	return "", nil
}
