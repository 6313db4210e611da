package store

import (
	"context"
	"errors"
	"strings"
	"time"
)

// The statuses of an execution (contract section 11).
const (
	StatusWaiting    = "waiting"
	StatusScheduled  = "scheduled"
	StatusProcessing = "processing"
	StatusCompleted  = "completed"
	StatusFailed     = "failed"
)

// ErrRunning says that an execution is under way.
var ErrRunning = errors.New("store: the execution is under way")

// Execution is one execution of a function: what was asked, and what came of
// it. The bodies are in neither.
type Execution struct {
	ID         string
	FunctionID string
	// Deployment names the version of the function; it may be "".
	Deployment string
	// UserID is whom it acts for, "" for a guest or a server; SessionID is the
	// user's session by which a token is made when it runs, "" for none.
	UserID, SessionID string
	Trigger, Status   string
	Method, Path      string
	// RequestHeaders and ResponseHeaders are names and values, as they may be
	// shown.
	RequestHeaders, ResponseHeaders Headers
	// ResponseStatus is 0 before the answer.
	ResponseStatus int
	Logs, Errors   string
	Duration       time.Duration
	// ScheduledAt is zero unless it was to run at that time.
	ScheduledAt          time.Time
	CreatedAt, UpdatedAt time.Time
}

// Headers are names and values.
type Headers [][2]string

// Pending is what an execution needs to run, beside its record. It is kept
// until it has run.
type Pending struct {
	Headers  Headers `json:"headers"`
	Body     []byte  `json:"body"` // in base64: any bytes, in a text column
	ClientIP string  `json:"clientIp"`
	// ByKey says that a server with an API key asked for it.
	ByKey bool `json:"byKey,omitempty"`
}

// executionColumns are the columns of an Execution; dest is where they go.
const executionColumns = `e.id, e.function_id, e.deployment, e.user_id, e.session_id, e.trigger_kind, e.status, e.method, e.path,
	e.request_headers, e.response_status, e.response_headers, e.logs, e.errors, e.duration_us, e.scheduled_at, e.created_at, e.updated_at`

// briefColumns are the same without what may be long.
var briefColumns = strings.Replace(executionColumns, "e.logs, e.errors", "'', ''", 1)

func (e *Execution) dest() []any {
	return []any{&e.ID, &e.FunctionID, &e.Deployment, &e.UserID, &e.SessionID, &e.Trigger, &e.Status, &e.Method, &e.Path,
		jsonText{&e.RequestHeaders}, &e.ResponseStatus, jsonText{&e.ResponseHeaders}, &e.Logs, &e.Errors,
		micros{&e.Duration}, millis{&e.ScheduledAt}, millis{&e.CreatedAt}, millis{&e.UpdatedAt}}
}

// NewExecution is an execution to store.
type NewExecution struct {
	Execution
	// Owner is the server process that runs it already; "" leaves it to Claim.
	Owner string
	// Pending is what Claim hands out; nil with an Owner.
	Pending *Pending
	// Waiter is whom it counts for until it runs; "" is nobody.
	Waiter string
	// Keep is how many executions of the function to keep: the oldest ones
	// that have ended are deleted.
	Keep int
}

// InsertExecution stores a new execution.
func (t *Tx) InsertExecution(ctx context.Context, project string, e NewExecution) error {
	if err := t.lockProject(ctx, project); err != nil {
		return err
	}
	var seq int64
	err := t.row(ctx, []any{&seq}, `SELECT COALESCE(MAX(seq), 0) + 1 FROM executions WHERE project_id = $1`, project)
	if err != nil {
		return err
	}
	var pending any
	size := 0
	if e.Pending != nil {
		text := jsonOf(e.Pending)
		pending, size = text, len(text)
	}
	due := int64(0)
	if !e.ScheduledAt.IsZero() {
		due = e.ScheduledAt.UnixMilli()
	}
	err = t.insert(ctx, `INSERT INTO executions (project_id, id, seq, function_id, deployment, user_id, session_id, trigger_kind, status,
		method, path, request_headers, scheduled_at, created_at, updated_at, due_at, owner, pending, pending_size, waiter)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING`,
		project, e.ID, seq, e.FunctionID, e.Deployment, e.UserID, e.SessionID, e.Trigger, e.Status,
		e.Method, e.Path, jsonOf(e.RequestHeaders), ms(e.ScheduledAt), ms(e.CreatedAt), ms(e.UpdatedAt), due, e.Owner, pending, size, e.Waiter)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM executions WHERE project_id = $1 AND function_id = $2 AND seq <= COALESCE((
		SELECT seq FROM executions WHERE project_id = $1 AND function_id = $2 ORDER BY seq DESC LIMIT 1 OFFSET $3), 0)
		AND status IN ('completed', 'failed')`, project, e.FunctionID, e.Keep)
	return err
}
