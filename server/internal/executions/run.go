package executions

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

// JWTMargin is how much longer than the function's timeout its tokens live
// (contract section 11).
const JWTMargin = time.Minute

// The triggers of executions.
const (
	TriggerHTTP     = "http"
	TriggerSchedule = "schedule"
)

// The ends of an execution that the function does not decide.
var (
	ErrWaited  = errors.New("nobody waited for it any longer: an execution that takes longer must be asynchronous")
	errStopped = errors.New("the server was stopped while it ran")
)

// Execution is one that this server runs.
type Execution struct {
	Project  *projects.Project
	Function *Function
	Record   store.Execution
	Header   http.Header // the caller's
	Body     []byte
	ClientIP string
	// Room is asked for a place of the function's answer, of which expected bytes
	// are there already; nil where nobody waits for it.
	Room     func(bytes int) error
	Expected int
	// ByKey says that it was asked for by an API key; of those that run later.
	ByKey bool
	// JWT is the caller's, "" for guests and servers.
	JWT string
	// ended is why the run ended, where the function wrote errors before that;
	// without tokens.
	ended string
}

// Run runs the execution and notes in its record what came of it. The result
// is never nil.
func (s *Engine) Run(ctx context.Context, e *Execution) (*runner.Result, error) {
	e.Function.using.RLock()
	defer e.Function.using.RUnlock()
	ctx, cancel := context.WithTimeout(ctx, e.Function.Timeout)
	defer cancel()
	key, err := s.newEphemeralKey(e.Project.ID, e.Function.Scopes, s.now(), e.Function.Timeout+JWTMargin)
	number, numberErr := s.functionNumber(ctx, e)
	if err := errors.Join(err, numberErr); err != nil {
		s.log.Error("an execution cannot begin", "execution", e.Record.ID, "error", err)
		e.fail(notBegun)
		return &runner.Result{}, err
	}
	began := time.Now()
	result, err := s.runSafely(ctx, e.Function.Runner, s.request(e, key, number))
	e.Record.Duration = time.Since(began)
	result, err = checkResult(result, e.explain(ctx, err))
	e.note(result, err, key)
	return result, err
}

// explain says more of why a run failed: who ended it, or after which limit.
func (e *Execution) explain(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(cause, errStopped), errors.Is(cause, ErrWaited):
		return fmt.Errorf("%w (%w)", err, cause)
	case errors.Is(err, runner.ErrTimeout):
		return fmt.Errorf("%w after %v s (timeout)", err, e.Function.Timeout.Seconds())
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
	WithoutHopByHop(result.Header).Set("Content-Length", strconv.Itoa(len(got.Body)))
	result.Status, result.Body = got.Status, got.Body
	return result, nil
}

// maxStatus is the largest status of an answer.
const maxStatus = 599

// runSafely is Run that cannot end the server.
func (s *Engine) runSafely(ctx context.Context, r runner.Runner, req *runner.Request) (result *runner.Result, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			s.log.Error("a function panicked", "function", req.FunctionID, "panic", fault, "stack", string(debug.Stack()))
			result, err = &runner.Result{}, runner.ErrCrashed
		}
	}()
	return r.Run(ctx, req)
}

// functionNumber is the function's number, where it runs as users of its own.
func (s *Engine) functionNumber(ctx context.Context, e *Execution) (int, error) {
	if !runner.OwnUsers(e.Function.Runner) {
		return 0, nil
	}
	return s.db.FunctionNumber(ctx, e.Project.ID, e.Function.ID)
}

// region is what an Appwrite of one's own calls the place where it is.
const region = "default"

// request is what the function is asked.
func (s *Engine) request(e *Execution, key string, number int) *runner.Request {
	h := e.Header.Clone()
	for name, value := range map[string]string{
		"X-Appwrite-Execution-Id": e.Record.ID, "X-Appwrite-Key": key, "X-Appwrite-Trigger": e.Record.Trigger,
		"X-Appwrite-User-Id": e.Record.UserID, "X-Appwrite-User-Jwt": e.JWT, "X-Appwrite-Client-Ip": e.ClientIP,
		// Where callers are, is not known.
		"X-Appwrite-Country-Code": "", "X-Appwrite-Continent-Code": "", "X-Appwrite-Continent-Eu": "false",
	} {
		h.Set(name, value)
	}
	r := &runner.Request{
		Method: e.Record.Method, Path: Rooted(e.Record.Path), Header: h, Body: e.Body,
		Number: number, FunctionID: e.Function.ID, FunctionName: e.Function.Name, ProjectID: e.Project.ID, ExecutionID: e.Record.ID,
		DeploymentID: e.Record.Deployment, Version: s.version, Region: region,
		Endpoint: s.endpoint, Trigger: e.Record.Trigger, UserID: e.Record.UserID, JWT: e.JWT,
	}
	if e.Room != nil {
		r.Room, r.Expected = e.Room, e.Expected
	}
	return r
}

// note notes in the record what came of the execution. The tokens that the
// function was handed are not kept, wherever it wrote them.
func (e *Execution) note(result *runner.Result, err error, key string) {
	pairs := []string{key, Redacted}
	if e.JWT != "" {
		pairs = append(pairs, e.JWT, Redacted)
	}
	clean := strings.NewReplacer(append(pairs, "\x00", "\uFFFD")...).Replace
	r := &e.Record
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

// Redacted stands for a token in what is kept.
const Redacted = "[redacted]"

// notBegun is why an execution failed that the server is to blame for.
const notBegun = "the server could not begin it"

// fail notes that the execution did not run, and why.
func (e *Execution) fail(reason string) {
	e.Record.Status, e.Record.ResponseStatus = store.StatusFailed, http.StatusInternalServerError
	e.Record.Errors, e.Record.ResponseHeaders = reason, store.Headers{}
}

// Key names the execution.
func (e *Execution) Key() store.ExecutionKey {
	return store.ExecutionKey{Project: e.Project.ID, ID: e.Record.ID}
}

// Finish stores what came of the execution.
func (s *Engine) Finish(e *Execution) error {
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
func (s *Engine) finishLater(e *Execution) {
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
func (s *Engine) tryFinish(e *Execution) error {
	// What has happened is stored, whoever has gone meanwhile.
	ctx := context.Background()
	err := s.db.Tx(ctx, func(t *store.Tx) error {
		e.Record.UpdatedAt = t.Now()
		return t.FinishExecution(ctx, e.Project.ID, s.owner, e.Record)
	})
	if err == nil || errors.Is(err, store.ErrNotFound) {
		s.running.Delete(e.Key())
	}
	if errors.Is(err, store.ErrNotFound) {
		s.log.Warn("an execution ended that this server does not run any more: another server has taken this one for dead, or uses its data directory", "execution", e.Record.ID)
		return nil
	}
	s.logExecution(e)
	if err == nil {
		s.boundLogs(ctx, e)
	}
	return err
}

// signFor makes the token by which a function acts for a user.
func (s *Engine) signFor(ctx context.Context, p *projects.Project, fn *Function, user *store.User, session string) (string, error) {
	p, err := s.projects.Current(ctx, p)
	if err != nil {
		return "", err
	}
	now := s.now()
	return p.Sign(userjwt.New(user.ID, session, now, fn.Timeout+JWTMargin), user, now)
}

// Rooted is a path with the slash that a request's begins with.
func Rooted(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + path
}
