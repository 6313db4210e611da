//go:build !linux

package supervise

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

// Process is a function that runs.
type Process struct {
	cmd  *exec.Cmd
	spec *Spec
	home string
	over chan struct{}
}

// Start starts what spec says. An error means that nothing runs; that the
// program itself could not be started is said by Wait's Report.
func Start(spec *Spec, streams IO) (*Process, error) {
	defer Close(streams.Files)
	home, err := os.MkdirTemp("", "isojot-run-")
	if err != nil {
		return nil, err
	}
	args, err := spec.arguments(home)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(home))
	}
	p := &Process{spec: spec, home: home, over: make(chan struct{}), cmd: &exec.Cmd{
		Path: spec.Path, Args: args, Dir: spec.Dir,
		Env:         append(spec.Env, homeVariables(home)...),
		Stdin:       streams.Stdin,
		Stdout:      streams.Stdout,
		Stderr:      streams.Stderr,
		ExtraFiles:  streams.Files,
		SysProcAttr: ownGroup(),
		WaitDelay:   waitDelay,
	}}
	p.cmd.Err = p.cmd.Start()
	return p, nil
}

// Terminate asks the function to end, and makes it end when Spec.Grace is over.
func (p *Process) Terminate() {
	if p.cmd.Process == nil {
		return
	}
	terminate(p.cmd.Process)
	go func() {
		select {
		case <-time.After(p.spec.Grace):
			p.Kill()
		case <-p.over:
		}
	}()
}

// Kill ends the function at once, and what it started in its process group.
func (p *Process) Kill() {
	if p.cmd.Process != nil {
		kill(p.cmd.Process)
	}
}

// Wait waits until the function is gone. What it moved to another process
// group may be left.
func (p *Process) Wait() (Report, error) {
	report := Report{Code: -1}
	if p.cmd.Process == nil {
		report.StartError = p.cmd.Err.Error()
	} else {
		err := p.cmd.Wait()
		close(p.over)
		p.Kill()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
			return report, errors.Join(err, os.RemoveAll(p.home))
		}
		report.Code = p.cmd.ProcessState.ExitCode()
		report.Signal = signalName(p.cmd.ProcessState)
	}
	if err := os.RemoveAll(p.home); err != nil {
		report.Left = err.Error()
	}
	return report, nil
}

// FindAbilities says what is not there outside Linux.
func FindAbilities(string, int, int) Abilities {
	return Abilities{Missing: append([]string{
		"a user of its own: only on Linux; the function can read what the server can, and signal it",
		"memory: only on Linux; Node.js alone holds its own heap to it",
		"number of processes: only on Linux",
	}, platformMissing...)}
}

// HasUsers reports that there are no users for functions outside Linux.
func HasUsers(int, int) bool { return false }
