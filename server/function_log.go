package server

import (
	"context"
	"io"

	"github.com/isojot/isojot/server/internal/executions"
)

// FunctionLog returns where the Handler of a Function writes the logs of its
// execution, by its request's context. A megabyte is kept. Elsewhere what is
// written is dropped.
func FunctionLog(ctx context.Context) io.Writer {
	return executions.Log(ctx)
}
