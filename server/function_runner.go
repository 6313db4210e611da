package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/projects"
)

// jwtMargin is how much longer than the function's timeout its tokens live
// (contract section 11).
const jwtMargin = time.Minute

// execution is one that this server runs.
type execution struct {
	project  *projects.Project
	fn       *function
	record   store.Execution
	header   http.Header // the caller's
	body     []byte
	clientIP string
	// room is the place of the function's answer; nil where nobody waits for it.
	room *answerRoom
	// byKey says that it was asked for by an API key; of those that run later.
	byKey bool
	// jwt is the caller's, "" for guests and servers.
	jwt string
	// ended is why the run ended, where the function wrote errors before that;
	// without tokens.
	ended string
}

// run runs the execution and notes in its record what came of it. The result
// is never nil.
func (s *Server) run(ctx context.Context, e *execution) (*runner.Result, error) {
	e.fn.using.RLock()
	defer e.fn.using.RUnlock()
	ctx, cancel := context.WithTimeout(ctx, e.fn.Timeout)
	defer cancel()
	key, err := s.newEphemeralKey(e.project.ID, e.fn.Scopes, s.now(), e.fn.Timeout+jwtMargin)
	number, numberErr := s.functionNumber(ctx, e)
	if err := errors.Join(err, numberErr); err != nil {
		s.log.Error("an execution cannot begin", "execution", e.record.ID, "error", err)
		e.fail(notBegun)
		return &runner.Result{}, err
	}
	began := time.Now()
	result, err := s.runSafely(ctx, e.fn.runner, s.request(e, key, number))
	e.record.Duration = time.Since(began)
	result, err = checkResult(result, e.explain(ctx, err))
	e.note(result, err, key)
	return result, err
}

// explain says more of why a run failed: who ended it, or after which limit.
func (e *execution) explain(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(cause, errStopped), errors.Is(cause, errWaited):
		return fmt.Errorf("%w (%w)", err, cause)
	case errors.Is(err, runner.ErrTimeout):
		return fmt.Errorf("%w after %v s (timeout)", err, e.fn.Timeout.Seconds())
	}
	return err
}

// checkResult leaves of a function's answer what its caller may get: nothing
// after an error, and no headers of the connection.
func checkResult(got *runner.Result, err error) (*runner.Result, error) {
	result := &runner.Result{Header: http.Header{}}
	if got != nil {
		result.Logs, result.Errors = got.Logs, got.Errors
	}
	switch {
	case err != nil:
		return result, err
	case got == nil || got.Status < http.StatusOK || got.Status > maxStatus:
		return result, fmt.Errorf("%w: it answered without a status of 200 to %d", runner.ErrCrashed, maxStatus)
	}
	for name, values := range got.Header {
		result.Header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	withoutHopByHop(result.Header).Set("Content-Length", strconv.Itoa(len(got.Body)))
	result.Status, result.Body = got.Status, got.Body
	return result, nil
}

// maxStatus is the largest status of an answer.
const maxStatus = 599

// runSafely is Run that cannot end the server.
func (s *Server) runSafely(ctx context.Context, r runner.Runner, req *runner.Request) (result *runner.Result, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			s.log.Error("a function panicked", "function", req.FunctionID, "panic", fault, "stack", string(debug.Stack()))
			result, err = &runner.Result{}, runner.ErrCrashed
		}
	}()
	return r.Run(ctx, req)
}

// functionNumber is the function's number, where it runs as users of its own.
func (s *Server) functionNumber(ctx context.Context, e *execution) (int, error) {
	if !runner.OwnUsers(e.fn.runner) {
		return 0, nil
	}
	return s.db.FunctionNumber(ctx, e.project.ID, e.fn.ID)
}

// request is what the function is asked.
func (s *Server) request(e *execution, key string, number int) *runner.Request {
	h := e.header.Clone()
	for name, value := range map[string]string{
		"X-Appwrite-Execution-Id": e.record.ID, "X-Appwrite-Key": key, "X-Appwrite-Trigger": e.record.Trigger,
		"X-Appwrite-User-Id": e.record.UserID, "X-Appwrite-User-Jwt": e.jwt, "X-Appwrite-Client-Ip": e.clientIP,
		// Where callers are, is not known.
		"X-Appwrite-Country-Code": "", "X-Appwrite-Continent-Code": "", "X-Appwrite-Continent-Eu": "false",
	} {
		h.Set(name, value)
	}
	r := &runner.Request{
		Method: e.record.Method, Path: rooted(e.record.Path), Header: h, Body: e.body,
		Number: number, FunctionID: e.fn.ID, FunctionName: e.fn.Name, ProjectID: e.project.ID, ExecutionID: e.record.ID,
		Endpoint: s.options.Endpoint, Trigger: e.record.Trigger, UserID: e.record.UserID, JWT: e.jwt,
	}
	if e.room != nil {
		r.Room, r.Expected = e.room.take, e.room.expected
	}
	return r
}

// note notes in the record what came of the execution. The tokens that the
// function was handed are not kept, wherever it wrote them.
func (e *execution) note(result *runner.Result, err error, key string) {
	pairs := []string{key, redacted}
	if e.jwt != "" {
		pairs = append(pairs, e.jwt, redacted)
	}
	clean := strings.NewReplacer(append(pairs, "\x00", "\uFFFD")...).Replace
	r := &e.record
	r.Status, r.ResponseStatus = store.StatusCompleted, result.Status
	r.Logs, r.Errors = clean(result.Logs), clean(result.Errors)
	if err != nil {
		r.ResponseStatus = http.StatusInternalServerError
		if why := clean(err.Error()); r.Errors == "" {
			r.Errors = why
		} else {
			r.Errors, e.ended = r.Errors+"\n"+why, why
		}
	}
	if r.ResponseStatus >= http.StatusInternalServerError {
		r.Status = store.StatusFailed
	}
	r.ResponseHeaders = headerList(result.Header, oneOf(shownResponse))
	for i := range r.ResponseHeaders {
		r.ResponseHeaders[i][1] = clean(r.ResponseHeaders[i][1])
	}
}

// redacted stands for a token in what is kept.
const redacted = "[redacted]"

// notBegun is why an execution failed that the server is to blame for.
const notBegun = "the server could not begin it"

// fail notes that the execution did not run, and why.
func (e *execution) fail(reason string) {
	e.record.Status, e.record.ResponseStatus = store.StatusFailed, http.StatusInternalServerError
	e.record.Errors, e.record.ResponseHeaders = reason, store.Headers{}
}

// key names the execution.
func (e *execution) key() store.ExecutionKey {
	return store.ExecutionKey{Project: e.project.ID, ID: e.record.ID}
}

// finish stores what came of the execution.
func (s *Server) finish(e *execution) error {
	err := s.tryFinish(e)
	// A database that is away for a moment would leave it under way for ever,
	// since this server lives.
	if err != nil && s.db.Shared() && s.life.begin() {
		go s.finishLater(e)
	}
	return err
}

// finishLater tries again until it succeeds, or the server stops: then another
// one will see to it.
func (s *Server) finishLater(e *execution) {
	defer s.life.end()
	for {
		select {
		case <-s.life.open.Done():
			return
		case <-time.After(pollPeriod):
		}
		if s.tryFinish(e) == nil {
			return
		}
	}
}

// tryFinish stores it once.
func (s *Server) tryFinish(e *execution) error {
	// What has happened is stored, whoever has gone meanwhile.
	ctx := context.Background()
	err := s.db.Tx(ctx, func(t *store.Tx) error {
		e.record.UpdatedAt = t.Now()
		return t.FinishExecution(ctx, e.project.ID, s.owner, e.record)
	})
	if err == nil || errors.Is(err, store.ErrNotFound) {
		s.running.Delete(e.key())
	}
	if errors.Is(err, store.ErrNotFound) {
		s.log.Warn("an execution ended that this server does not run any more: another server has taken this one for dead, or uses its data directory", "execution", e.record.ID)
		return nil
	}
	s.logExecution(e)
	if err == nil {
		s.boundLogs(ctx, e)
	}
	return err
}

// signFor makes the token by which a function acts for a user.
func (s *Server) signFor(ctx context.Context, p *projects.Project, fn *function, user *store.User, session string) (string, error) {
	p, err := s.projects.Current(ctx, p)
	if err != nil {
		return "", err
	}
	now := s.now()
	return p.Sign(userjwt.New(user.ID, session, now, fn.Timeout+jwtMargin), user, now)
}

// functionJWT is the token that the caller's function acts by: one of the
// session that is presented, the JWT that is, or none.
func (c *call) functionJWT(fn *function) (string, error) {
	switch {
	case c.user == nil:
		return "", nil
	case c.session != nil:
		return c.signJWT(c.user, c.session.ID, int((fn.Timeout+jwtMargin)/time.Second))
	}
	return c.r.Header.Get(headerJWT), nil
}

// runnerOf makes what runs a function; nil without Handler and Target.
func runnerOf(f Function) (runner.Runner, error) {
	switch {
	case f.Handler != nil:
		handler, err := runner.Handler(runner.Config{}, f.Handler)
		return logging{handler}, err
	case f.Target != "":
		return runner.Parse(runner.Config{}, f.Target)
	}
	return nil, nil
}
