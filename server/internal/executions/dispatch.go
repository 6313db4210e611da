package executions

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/projects"
)

// pollPeriod is how often the dispatcher looks whether a scheduled execution is
// due: its clock may be moved meanwhile.
const pollPeriod = time.Second

// Wake tells the dispatcher that something waits.
func (s *Engine) Wake() {
	select {
	case s.wake <- struct{}{}:
	default: // it has been told
	}
}

// Start sees to what servers that have stopped left under way, and begins to run
// what waits.
func (s *Engine) Start(ctx context.Context) error {
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
func (s *Engine) failOrphans(ctx context.Context) error {
	var left int64
	err := s.db.Tx(ctx, func(t *store.Tx) (err error) {
		left, err = t.FailOrphans(ctx, s.owner, StoppedWhileRunning)
		return err
	})
	if left > 0 && err == nil {
		s.log.Warn("the server had stopped while functions ran: their executions are marked as failed", "executions", left)
	}
	return err
}

// dispatch runs what waits, until the server stops.
func (s *Engine) dispatch() {
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
func (s *Engine) claim(ctx context.Context, round *turns) bool {
	if s.slots.Wait(ctx, byDispatcher) != nil || !s.life.begin() {
		return false
	}
	full := s.fullWaiters()
	claimed, err := s.claimNext(ctx, round, full)
	if err == nil {
		s.slots.Move(byDispatcher, QueueKey(claimed.Waiter))
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
// them is passed over; Give tells the dispatcher when they may have changed.
func (s *Engine) fullWaiters() []store.Waiter {
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

// Give gives a slot back.
func (s *Engine) Give(key string) {
	s.slots.Give(key)
	if s.passedOver.Load() {
		s.Wake()
	}
}

// turns are the waiters of whom one execution has begun since all who wait had
// theirs.
type turns struct{ had []store.Waiter }

// maxTurns bounds how many are remembered; then a new round begins.
const maxTurns = 256

// claimNext takes the next execution, which runs here from then on: one of each
// waiter in turn, the oldest first, but none of those who are full.
func (s *Engine) claimNext(ctx context.Context, round *turns, full []store.Waiter) (store.Claimed, error) {
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
func (s *Engine) rest(ctx context.Context, passed []store.Waiter) bool {
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
func (s *Engine) await(ctx context.Context, timer <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-s.wake:
	case <-timer:
	}
	return true
}

// runClaimed runs an execution that nobody waits for.
func (s *Engine) runClaimed(c store.Claimed) {
	defer s.life.end()
	defer func() { <-s.asyncSlots }()
	defer s.Give(QueueKey(c.Waiter))
	ctx := s.life.context
	e := &Execution{Record: c.Execution, Header: http.Header{}, Body: c.Pending.Body, ClientIP: c.Pending.ClientIP, ByKey: c.Pending.ByKey}
	for _, h := range c.Pending.Headers {
		e.Header.Set(h[0], h[1])
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
		_, _ = s.Run(ctx, e)
	}
	if err := s.Finish(e); err != nil {
		s.log.Error("what came of an execution cannot be stored", "execution", c.ID, "error", err)
	}
}

// prepare finds what the execution needs. The reason says why it cannot run.
func (s *Engine) prepare(ctx context.Context, projectID string, e *Execution) (reason string, err error) {
	e.Function = &Function{ID: e.Record.FunctionID}
	e.Project = &projects.Project{ID: projectID}
	p, err := s.projects.Find(ctx, projectID)
	if err != nil {
		return "", err
	}
	e.Project = p
	fn := s.functions(projectID).Find(e.Record.FunctionID, s.log)
	if fn == nil || fn.Runner == nil || fn.Disabled && !e.ByKey {
		return "the function is gone, disabled or not deployed", nil
	}
	e.Function, e.Record.Deployment = fn, fn.Deployment
	if e.Record.UserID != "" {
		return s.prepareUser(ctx, e)
	}
	return s.checkRoles(ctx, e, nil)
}

// checkRoles says why a user, or a guest, may not execute the function any
// more, "" where they may: roles and functions change while executions wait.
// Who asked by an API key may execute every function.
func (s *Engine) checkRoles(ctx context.Context, e *Execution, u *store.User) (reason string, err error) {
	if e.ByKey {
		return "", nil
	}
	joined, err := e.Function.Joined(ctx, s.db, e.Project.ID, u)
	if err != nil || e.Function.Allows(u, joined) {
		return "", err
	}
	return "whoever asked for it may not execute the function any more", nil
}

// UserDeleted is why an execution does not run whose user is gone.
const UserDeleted = "the user it would act for was deleted"

// prepareUser sees to it that the user whom the execution acts for may still
// execute the function, and makes the user's token.
func (s *Engine) prepareUser(ctx context.Context, e *Execution) (reason string, err error) {
	user, err := s.db.User(ctx, e.Project.ID, e.Record.UserID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return UserDeleted, nil
	case err != nil:
		return "", err
	case user.Blocked:
		return "the user it would act for was blocked", nil
	}
	if reason, err := s.checkRoles(ctx, e, &user); err != nil || reason != "" {
		return reason, err
	}
	if e.Record.SessionID == "" {
		lacks, err := s.lacksFactor(ctx, e, &user, nil)
		return e.forLack(lacks), err
	}
	return s.prepareToken(ctx, e, &user)
}

// moreFactors is why an execution does not run whose user's second factor was
// switched on while it waited.
const moreFactors = "the session that asked for it has not shown the user's second factor"

// forLack says why the execution does not run, if its user lacks a factor; "" where
// it runs all the same: a server with an API key acts for itself.
func (e *Execution) forLack(lacks bool) (reason string) {
	if !lacks || e.ByKey {
		return ""
	}
	return moreFactors
}

// lacksFactor reports whether a second factor is asked of the user that a session
// with those factors has not shown.
func (s *Engine) lacksFactor(ctx context.Context, e *Execution, user *store.User, shown []string) (bool, error) {
	if len(shown) >= store.FactorsAsked {
		return false, nil
	}
	return s.db.AsksFactor(ctx, e.Project.ID, user)
}

// prepareToken makes the user's token, if the session by which the execution
// was asked for is alive. The token is not stored, so that none can be stolen,
// and none outlives a sign-out. What was to run at once runs without one, as
// in Appwrite, where its token is refused then; a schedule ends with its
// session, unless a server made it.
func (s *Engine) prepareToken(ctx context.Context, e *Execution, user *store.User) (reason string, err error) {
	session, err := s.db.Session(ctx, e.Project.ID, user.ID, e.Record.SessionID)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return "", err
	case err == nil && session.ValidAt(s.now()):
		if lacks, err := s.lacksFactor(ctx, e, user, session.Factors); err != nil || lacks {
			return e.forLack(lacks), err
		}
		e.JWT, err = s.signFor(ctx, e.Project, e.Function, user, session.ID)
		return "", err
	case e.Record.Trigger == TriggerSchedule && !e.ByKey:
		return "the session that it was scheduled by has ended", nil
	}
	return "", nil
}
