package runner

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/isojot/isojot/internal/runner/supervise"
)

// command runs a program.
type command struct{ *process }

// Command runs a program, found on PATH or, where its name has a slash, below
// c.Dir. Each run is a process of its own, without a shell:
//
//   - standard input is the request's body;
//   - the environment describes the call by Appwrite's APPWRITE_FUNCTION_
//     variables and, for the request, by those of CGI (RFC 3875);
//   - standard output is the answer's body, or an answer as parseCGI reads it;
//   - standard error is the logs;
//   - another exit code than 0, or a signal, is ErrCrashed with status 500.
//
// The error wraps ErrStart where the program is not there.
func Command(c Config, program string, args ...string) (Runner, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	path, err := findProgram(program, c.Dir)
	if err != nil {
		return nil, err
	}
	folder := "."
	if strings.ContainsRune(filepath.ToSlash(program), '/') {
		folder = filepath.Dir(path)
	}
	dir, err := workingDir(c.Dir, folder)
	if err != nil {
		return nil, err
	}
	c.runtime.name = filepath.Base(program)
	return &command{newProcess(c, path, append([]string{program}, args...), dir)}, nil
}

func (c *command) Run(ctx context.Context, req *Request) (*Result, error) {
	if ctx.Err() != nil {
		return &Result{}, contextError(ctx)
	}
	over, end := context.WithCancel(context.Background())
	defer end()
	output := &capture{max: c.Output + maxHeader, full: end, req: req}
	errs := newLogs(c.Logs, secretsOf(req), end)
	r, err := c.start(ctx, over, req.Number, c.environment(req, cgiVariables(req)), supervise.IO{
		Stdin: bytes.NewReader(req.Body), Stdout: output, Stderr: errs,
	})
	if err != nil {
		return &Result{}, err
	}
	interrupted, err := r.wait()
	result := &Result{Logs: errs.text()}
	switch {
	case output.noRoom != nil:
		return result, output.noRoom
	case output.flooded:
		return result, tooLarge("standard output", c.Output)
	case errs.flooded:
		return result, errs.err()
	case interrupted:
		return result, contextError(ctx)
	case errors.Is(err, ErrCrashed):
		result.Status = http.StatusInternalServerError
		return result, err
	case err != nil:
		return result, err
	}
	return result, c.answer(result, output.kept)
}

// answer reads a program's standard output into result.
func (c *command) answer(result *Result, output []byte) error {
	a, err := parseCGI(output)
	if err == nil && len(a.body) > c.Output {
		err = tooLarge("its body", c.Output)
	}
	if errors.Is(err, ErrCrashed) {
		result.Status = http.StatusInternalServerError
	}
	if err != nil {
		return err
	}
	result.Status, result.Header, result.Body = a.status, a.header, a.body
	return nil
}
