package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/isojot/isojot/internal/runner"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of a function's timeout (contract section 11).
const (
	minFunctionTimeout     = time.Second
	maxFunctionTimeout     = 900 * time.Second
	defaultFunctionTimeout = 15 * time.Second
)

// Function is a program that callers execute by the API, and at a path of its
// own. It acts for its caller by the JWT it is handed.
type Function struct {
	// ID is a letter or digit, then up to 35 of a-z, A-Z, 0-9, period, hyphen
	// and underscore.
	ID string
	// Name is for people, at most 128 characters; "" means ID.
	Name string
	// Handler answers in this process: the request's path, method, headers and
	// body are the execution's, its context ends with the timeout. A handler
	// that goes on after that cannot be stopped. It logs by FunctionLog.
	Handler http.Handler
	// Target is what else runs: node:path/to/file.mjs, command:program and its
	// arguments, or an http:// or https:// URL; paths begin at the working
	// directory. With neither Handler nor Target the function is known, but
	// not deployed: executions are 404 deployment_not_found.
	Target string
	// Deployment names the version that runs, such as a commit; executions
	// show it as their deploymentId. It has at most 36 characters and may be
	// empty.
	Deployment string
	// Execute are the roles that may execute it: any, guests, users,
	// users/verified, users/unverified, user:ID, user:ID/verified,
	// user:ID/unverified, label:NAME, team:ID, team:ID/ROLE and member:ID (of a
	// membership). Without any, only API keys may.
	Execute []string
	// Timeout is how long one execution may take, 1 s to 900 s; 0 means 15 s.
	Timeout time.Duration
	// Scopes are what the API key may do that the function is handed
	// (x-appwrite-key), some of Scopes(). That key lives as long as the
	// execution and 60 s.
	Scopes []string
	// Disabled lets nobody but API keys see and execute it.
	Disabled bool
	// SameOrigin lets the pages that the function answers at its path act on
	// this server's origin: without it, browsers treat them as another site's
	// (Content-Security-Policy: sandbox). Set it for functions that are
	// trusted with the sessions of all users.
	SameOrigin bool
}

// deploymentPattern is what a deployment is called: nothing, or what fits an
// id.
var deploymentPattern = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]{0,35})?$`)

// rolePattern are the roles that may execute a function.
var rolePattern = regexp.MustCompile(`^(any|guests|users(/(un)?verified)?|user:[A-Za-z0-9][A-Za-z0-9._-]{0,35}(/(un)?verified)?|label:[0-9A-Za-z]{1,36}|team:[A-Za-z0-9][A-Za-z0-9._-]{0,35}(/[A-Za-z0-9][A-Za-z0-9._-]{0,80})?|member:[A-Za-z0-9][A-Za-z0-9._-]{0,35})$`)

// check says what is wrong with a function.
func (f *Function) check() error {
	switch {
	case !wire.ValidID(f.ID):
		return errors.New("its ID is not valid: use 1 to 36 of a-z, A-Z, 0-9, period, hyphen and underscore, the first a letter or digit")
	case utf8.RuneCountInString(f.Name) > wire.MaxName || strings.ContainsFunc(f.Name, isControl):
		return fmt.Errorf("its Name has more than %d characters or control characters: shorten it to one line", wire.MaxName)
	case f.Handler != nil && f.Target != "":
		return errors.New("its Handler and Target exclude each other: leave out one")
	case !deploymentPattern.MatchString(f.Deployment):
		return fmt.Errorf("its Deployment %q is not valid: use at most 36 of a-z, A-Z, 0-9, period, hyphen and underscore, the first a letter or digit", f.Deployment)
	case f.Timeout != 0 && (f.Timeout < minFunctionTimeout || f.Timeout > maxFunctionTimeout):
		return fmt.Errorf("its Timeout is %v: use %v to %v, or 0 for %v", f.Timeout, minFunctionTimeout, maxFunctionTimeout, defaultFunctionTimeout)
	}
	for _, role := range f.Execute {
		if !rolePattern.MatchString(role) {
			return fmt.Errorf("there is no role %q: use any, guests, users, users/verified, users/unverified, user:ID (with /verified or /unverified), label:NAME, team:ID, team:ID/ROLE or member:ID", role)
		}
	}
	return checkGrantable(f.Scopes)
}

// isControl reports whether a character is no text.
func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// checkFunctions says what is wrong with the functions of a project.
func checkFunctions(list []Function) error {
	seen := map[string]bool{}
	for i := range list {
		id := list[i].ID
		if err := list[i].check(); err != nil {
			return fmt.Errorf("the function %q: %w", id, err)
		}
		if seen[id] {
			return fmt.Errorf("the function %q is listed twice: list it once", id)
		}
		seen[id] = true
	}
	return nil
}

// newFunction makes what runs a function.
func newFunction(f Function) (*executions.Function, error) {
	if f.Name == "" {
		f.Name = f.ID
	}
	if f.Timeout == 0 {
		f.Timeout = defaultFunctionTimeout
	}
	made := &executions.Function{
		ID: f.ID, Name: f.Name, Target: f.Target, Deployment: f.Deployment, Execute: slices.Clone(f.Execute),
		Timeout: f.Timeout, Scopes: slices.Clone(f.Scopes), Disabled: f.Disabled, SameOrigin: f.SameOrigin,
	}
	var err error
	if made.Runner, err = runnerOf(f); err != nil {
		return nil, fmt.Errorf("server: the function %q: %w", f.ID, err)
	}
	return made, nil
}

// functionsOf are the functions of a list and of a folder, if there is one;
// after an error none is left.
func functionsOf(list []Function, dir string) (*executions.Set, error) {
	all := executions.NewSet()
	for _, f := range list {
		one, err := newFunction(f)
		if err != nil {
			return nil, errors.Join(err, all.Close())
		}
		all.Add(one)
	}
	return all, all.OpenFolder(dir)
}

// runnerOf makes what runs a function; nil without Handler and Target.
func runnerOf(f Function) (runner.Runner, error) {
	switch {
	case f.Handler != nil:
		handler, err := runner.Handler(runner.Config{}, f.Handler)
		return executions.WithLog(handler), err
	case f.Target != "":
		return runner.Parse(runner.Config{}, f.Target)
	}
	return nil, nil
}

// FunctionLog returns where the Handler of a Function writes the logs of its
// execution, by its request's context. A megabyte is kept. Elsewhere what is
// written is dropped.
func FunctionLog(ctx context.Context) io.Writer { return executions.Log(ctx) }
