// Package runner runs functions: child processes, files for Appwrite's Node.js
// runtime, URLs and Go handlers. It knows nothing of accounts or storage: the
// server says who calls, and keeps what comes back.
package runner

import (
	"context"
	"errors"
	"net/http"
)

// Runner runs one function. It is safe for concurrent use.
type Runner interface {
	// Run runs the function once and waits for its answer. ctx's deadline is
	// the function's timeout: whatever the function started is gone when Run
	// returns, also after its deadline. An error is one of this package's, or
	// wraps one; the Result is not nil even then, and has the logs so far.
	Run(ctx context.Context, req *Request) (*Result, error)
	// Close ends what is kept between runs.
	Close() error
}

// Request is one call of a function.
type Request struct {
	Method string
	// Path begins with "/" and includes the query.
	Path string
	// Header has the caller's headers and the server's own x-appwrite-* ones;
	// the caller's cannot have set those.
	Header http.Header
	Body   []byte

	// Number is the function's own, from 0 on: where OwnUsers is true, it says
	// which users the function runs as.
	Number                   int
	FunctionID, FunctionName string
	ProjectID                string
	DeploymentID             string
	ExecutionID              string
	// Version is the version of Appwrite that the API is of, and Region where the
	// server is.
	Version, Region string
	// Endpoint is the API's URL, for functions that call it.
	Endpoint string
	// Trigger is "http" or "schedule".
	Trigger string
	// UserID is the caller, or "".
	UserID string
	// JWT is the caller's, or "". It must not get into logs.
	JWT string
	// Expected is the size of the buffer that the last answer's body needed, for
	// this one's; 0 where that is not known.
	Expected int
	// Room is asked for each part of the memory that the answer's body takes, in
	// bytes, and may wait; its error ends the run (ErrNoRoom). Nil: there is
	// always room. It is not called after the run.
	Room func(bytes int) error
}

// Result is what a function answered.
type Result struct {
	Status int // an HTTP status, 0 where there was no answer
	Header http.Header
	Body   []byte
	// Logs and Errors are what the function wrote, valid UTF-8 and bounded.
	Logs, Errors string
}

// What may go wrong. Each is wrapped in an error whose text says more and may be
// shown to the function's owner.
var (
	// ErrTimeout: it did not answer in time.
	ErrTimeout = errors.New("the function timed out")
	// ErrCrashed: it ended without an answer, or with another exit code than 0.
	ErrCrashed = errors.New("the function crashed")
	// ErrTooLarge: it answered more than is allowed.
	ErrTooLarge = errors.New("the function's answer is too large")
	// ErrNoRoom: Request.Room failed.
	ErrNoRoom = errors.New("there was no room for the function's answer")
	// ErrStart: it could not be started or reached.
	ErrStart = errors.New("the function could not be started")
)

// Limits lists the limits that cannot be set for r's function here, and why, a
// sentence each; the server prints them when it starts.
func Limits(r Runner) []string {
	if l, ok := r.(interface{ Limits() []string }); ok {
		return l.Limits()
	}
	return nil
}

// OwnUsers reports whether r's function runs as users of its own, which its
// Request.Number tells apart from those of others.
func OwnUsers(r Runner) bool {
	o, ok := r.(interface{ OwnUsers() bool })
	return ok && o.OwnUsers()
}

// TakesPath reports whether r may be asked for a path, which includes the query: a
// URL may not for one that could lead out of the URL's own path.
func TakesPath(r Runner, path string) bool {
	if t, ok := r.(interface{ TakesPath(path string) bool }); ok {
		return t.TakesPath(path)
	}
	return true
}
