package runner

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/runner/supervise"
)

//go:embed harness.cjs
var harness string

// minNode is the oldest Node.js that is maintained in some way.
const minNode = 20

// node runs a function file under Node.js.
type node struct {
	*process
	file string
}

// Node runs a file written for Appwrite's Node.js runtime: its default export,
// or module.exports, is a function of {req, res, log, error}. Each run is a
// process of its own, which is ended once it has answered. The file may be an ES
// module or CommonJS and imports from its own node_modules.
//
// A function that throws gives an answer of status 500, with the stack in Result.Errors; a
// process that ends without an answer is ErrCrashed with status 500. The error
// wraps ErrStart where the file is not there, or Node.js 20 or later is not.
func Node(c Config, file string) (Runner, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	program, err := findProgram(orDefault(c.Node, "node"), "")
	if err != nil {
		return nil, err
	}
	if c.runtime.version, err = nodeVersion(program); err != nil {
		return nil, err
	}
	c.runtime.name = "Node.js"
	path, err := absolute(file, c.Dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("%w: there is no file %s", ErrStart, path), err)
	}
	dir, err := workingDir(c.Dir, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	// The heap gets three quarters; the rest is for buffers and Node.js itself.
	args := []string{"node", "--max-old-space-size=" + strconv.FormatInt(c.Memory>>20*3/4, 10)}
	n := &node{newProcess(c, program, args, dir, path), path}
	n.script = harness
	return n, nil
}

// versionTimeout is how long Node.js may take to say its version.
const versionTimeout = 10 * time.Second

// nodeVersion is the major version of a Node.js that is new enough.
func nodeVersion(program string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), versionTimeout)
	defer cancel()
	output, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s --version: %w", ErrStart, program, err)
	}
	version := strings.TrimSpace(string(output))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < minNode {
		return "", fmt.Errorf("%w: %s is Node.js %.40q, it must be %d or later", ErrStart, program, version, minNode)
	}
	return major, nil
}

func (n *node) Run(ctx context.Context, req *Request) (*Result, error) {
	if ctx.Err() != nil {
		return &Result{}, contextError(ctx)
	}
	secrets := secretsOf(req)
	over, end := context.WithCancel(context.Background())
	defer end()
	out, errs := newLogs(n.Logs, secrets, end), newLogs(n.Logs, secrets, end)
	got, interrupted, err := n.exchange(ctx, over, end, req, supervise.IO{Stdout: out, Stderr: errs})
	result := &Result{Logs: out.text(), Errors: errs.text()}
	flood := errors.Join(out.err(), errs.err())
	switch {
	case got.err == nil:
		result.Status, result.Header, result.Body = got.status, got.header, got.body
		return result, nil
	case flood != nil:
		return result, flood
	case interrupted:
		return result, contextError(ctx)
	case errors.Is(got.err, errNoAnswer) && err != nil:
		got.err = err
	}
	if errors.Is(got.err, ErrCrashed) {
		result.Status = http.StatusInternalServerError
	}
	return result, got.err
}

// exchange runs the process, hands it the call and calls end with its answer.
// interrupted reports whether ctx ended the process, and the error says how it
// ended.
func (n *node) exchange(
	ctx, over context.Context, end func(), req *Request, streams supervise.IO,
) (got reply, interrupted bool, err error) {
	calls, err := newChannel()
	if err != nil {
		return reply{err: err}, false, err
	}
	defer calls.close()
	streams.Files = calls.theirs()
	r, err := n.start(ctx, over, req.Number, n.environment(req, nil), streams)
	if err != nil {
		return reply{err: err}, false, err
	}
	go calls.send(callHead(n.file, req), req.Body)
	replies := make(chan reply, 1)
	go func() {
		replies <- calls.receive(req, n.Output)
		end()
	}()
	interrupted, err = r.wait()
	calls.expire()
	return <-replies, interrupted, err
}
