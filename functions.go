package isojot

import (
	"context"
	"strconv"
	"time"
)

// CreateExecution holds the parameters of Functions.CreateExecution. All of them
// may be left out but FunctionID.
type CreateExecution struct {
	FunctionID string `json:"-"`
	// Body has at most 10485760 characters.
	Body string `json:"body,omitempty"`
	// Async runs the function later: the answer comes at once, and
	// GetExecution tells what came of it, but for the answer's body.
	Async bool `json:"async,omitempty"`
	// Path is what the function is asked for, with its query, of at most 2048
	// characters; "" means "/".
	Path string `json:"path,omitempty"`
	// Method is GET, POST, PUT, PATCH, DELETE, OPTIONS or HEAD; "" means POST.
	Method string `json:"method,omitempty"`
	// Headers are at most 100, whose names do not begin with x-appwrite-.
	Headers map[string]string `json:"headers,omitempty"`
	// ScheduledAt, unless it is zero, is the minute in which to run the
	// function, at least one minute and at most 30 days ahead. It needs Async,
	// and guests cannot.
	ScheduledAt time.Time `json:"-"`
}

// CreateExecution executes a function and, unless it is asynchronous, waits for
// its answer: 30 seconds at most, after which it is
// ErrFunctionSynchronousTimeout. A function that fails is no error: see
// Execution.Status. An unknown function is ErrFunctionNotFound, one that the
// caller may not execute ErrUserUnauthorized (contract section 11).
func (f *Functions) CreateExecution(ctx context.Context, p CreateExecution) (*Execution, error) {
	body := struct {
		createExecutionFields
		ScheduledAt *Time `json:"scheduledAt,omitempty"`
	}{createExecutionFields: createExecutionFields(p)}
	if !p.ScheduledAt.IsZero() {
		body.ScheduledAt = &Time{p.ScheduledAt}
	}
	return DoJSON[Execution](ctx, f.client, opFunctionsCreateExecution,
		Params{Path: map[string]string{"functionId": p.FunctionID}, Body: encode(body)})
}

// ListExecutions returns executions of a function, the oldest first, 25 unless
// the queries say otherwise: the user's own, with an API key those of everybody.
// A query is JSON such as {"method":"limit","values":[5]}; there may be 100.
func (f *Functions) ListExecutions(ctx context.Context, functionID string, queries ...string) (*ExecutionList, error) {
	query := map[string]string{}
	for i, q := range queries {
		query["queries["+strconv.Itoa(i)+"]"] = q
	}
	return DoJSON[ExecutionList](ctx, f.client, opFunctionsListExecutions,
		Params{Path: map[string]string{"functionId": functionID}, Query: query})
}

// GetExecution returns an execution of a function. One that is not there, or
// somebody else's, is ErrExecutionNotFound.
func (f *Functions) GetExecution(ctx context.Context, functionID, executionID string) (*Execution, error) {
	return DoJSON[Execution](ctx, f.client, opFunctionsGetExecution,
		Params{Path: map[string]string{"functionId": functionID, "executionId": executionID}})
}
