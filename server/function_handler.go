package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/isojot/isojot/internal/runner"
)

// handlerRunner runs a handler of this process.
type handlerRunner struct{ h http.Handler }

// Close does nothing: nothing is kept.
func (handlerRunner) Close() error { return nil }

// Run lets the handler answer. One that goes on after its time is left behind.
func (f handlerRunner) Run(ctx context.Context, req *runner.Request) (*runner.Result, error) {
	r, err := http.NewRequestWithContext(ctx, req.Method, "http://function"+req.Path, bytes.NewReader(req.Body))
	if err != nil {
		return &runner.Result{}, errors.Join(runner.ErrStart, err)
	}
	r.Header = req.Header
	type outcome struct {
		result *runner.Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		a := &answerRecorder{header: http.Header{}}
		defer func() {
			if recover() != nil {
				done <- outcome{&runner.Result{}, runner.ErrCrashed}
			}
		}()
		f.h.ServeHTTP(a, r)
		a.WriteHeader(http.StatusOK)
		done <- outcome{&runner.Result{Status: a.status, Header: a.header, Body: a.body.Bytes()}, nil}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		return &runner.Result{}, runner.ErrTimeout
	}
}

// answerRecorder keeps an answer.
type answerRecorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answerRecorder) Header() http.Header { return a.header }

func (a *answerRecorder) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answerRecorder) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
