package runner

import (
	"context"
	"errors"
	"fmt"
)

// Besides those of runner.go.
var (
	// ErrStopped: its context was canceled before it answered.
	ErrStopped = errors.New("the function was stopped")
	// ErrBusy: as many functions run as there are users to run them as.
	ErrBusy = errors.New("too many functions are running")
)

// contextError says why a run whose context is done ended.
func contextError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrTimeout
	}
	return fmt.Errorf("%w: %w", ErrStopped, context.Cause(ctx))
}

func tooLarge(what string, limit int) error {
	return fmt.Errorf("%w: %s is above %d bytes", ErrTooLarge, what, limit)
}
