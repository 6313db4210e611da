package executions

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/internal/store"
)

// logKey is the key of the context's value.
type logKey struct{}

// Log is where the handler of an execution writes its logs, by the context of
// the execution; elsewhere what is written is dropped.
func Log(ctx context.Context) io.Writer {
	if l, ok := ctx.Value(logKey{}).(*functionLog); ok {
		return l
	}
	return io.Discard
}

// WithLog is a runner of a handler, of which it keeps the logs.
func WithLog(handler runner.Runner) runner.Runner { return logging{handler} }

// functionLog keeps the beginning of what is written.
type functionLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer; it never fails.
func (l *functionLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Write(p[:max(0, min(len(p), runner.DefaultLogs-l.b.Len()))])
	return len(p), nil
}

func (l *functionLog) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.ToValidUTF8(l.b.String(), "\uFFFD")
}

// logging is a runner of a handler, which keeps the logs.
type logging struct{ runner.Runner }

// Run implements runner.Runner.
func (r logging) Run(ctx context.Context, req *runner.Request) (*runner.Result, error) {
	log := &functionLog{}
	result, err := r.Runner.Run(context.WithValue(ctx, logKey{}, log), req)
	if result != nil {
		result.Logs = log.text()
	}
	return result, err
}

// maxStoredLogs bounds the logs and errors of all executions of a project, in
// bytes: each has a bound of its own, but guests can have thousands.
const maxStoredLogs = 64 << 20

// boundLogs sees to that bound after an execution was stored.
func (s *Engine) boundLogs(ctx context.Context, e *Execution) {
	cleared, err := s.db.BoundLogs(ctx, e.Project.ID, int64(len(e.Record.Logs)+len(e.Record.Errors)), maxStoredLogs)
	switch {
	case err != nil:
		s.log.Error("the logs of executions cannot be bounded", "project", e.Project.ID, "error", err)
	case cleared > 0:
		s.log.Info("the logs of the oldest executions were removed: a project's are bounded", "project", e.Project.ID, "executions", cleared, "bytes", maxStoredLogs)
	}
}

// logExecution logs what came of an execution; of a failed one also why, in a
// line. The record has all that the function wrote.
func (s *Engine) logExecution(e *Execution) {
	r := e.Record
	level, what := slog.LevelInfo, []any{"project", e.Project.ID, "function", e.Function.ID, "execution", r.ID,
		"trigger", r.Trigger, "status", r.Status, "code", r.ResponseStatus, "took", r.Duration}
	if r.Status == store.StatusFailed {
		level = slog.LevelWarn
		for _, why := range [][2]string{{"error", firstLine(r.Errors)}, {"ended", firstLine(e.ended)}} {
			if why[1] != "" {
				what = append(what, why[0], why[1])
			}
		}
	}
	s.log.Log(context.Background(), level, "execution", what...)
}

// maxErrorLine is how much of a function's error is logged, in bytes.
const maxErrorLine = 500

// firstLine is the first line of a text that is not blank, or its beginning.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if len(line) > maxErrorLine {
		line = strings.ToValidUTF8(line[:maxErrorLine], "") + "..."
	}
	return strings.TrimSpace(line)
}
