package supervise

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// Process is a function that runs.
type Process struct {
	supervisor *exec.Cmd
	control    *os.File
	report     *os.File
}

// Start starts what spec says. An error means that nothing runs; that the
// program itself could not be started is said by Wait's Report.
func Start(spec *Spec, streams IO) (*Process, error) {
	defer Close(streams.Files)
	theirs, control, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	report, reportEnd, err := os.Pipe()
	if err != nil {
		Close([]*os.File{theirs, control})
		return nil, err
	}
	spec.Files = len(streams.Files)
	p := &Process{control: control, report: report, supervisor: &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{argv0},
		// Few threads, and nothing of the server's environment but where
		// temporary files go. Built with the race detector, a program would
		// sleep for a second before it exits.
		Env:         []string{"GOMAXPROCS=2", "GORACE=atexit_sleep_ms=0", "TMPDIR=" + os.TempDir()},
		Stdin:       streams.Stdin,
		Stdout:      streams.Stdout,
		Stderr:      streams.Stderr,
		ExtraFiles:  append([]*os.File{theirs, reportEnd}, streams.Files...),
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
		WaitDelay:   waitDelay,
	}}
	err = p.supervisor.Start()
	// Not held here, so that the end of the supervisor is the end of the pipes.
	Close([]*os.File{theirs, reportEnd})
	if err != nil {
		p.close()
		return nil, err
	}
	// A supervisor that is gone already is noticed by Wait.
	if err := writeSpec(control, spec); err != nil && !errors.Is(err, syscall.EPIPE) {
		p.Kill()
		_, waitErr := p.Wait()
		return nil, errors.Join(err, waitErr)
	}
	return p, nil
}

// Terminate asks the function to end, and makes it end when Spec.Grace is over.
func (p *Process) Terminate() { p.order(commandTerminate) }

// Kill ends the function at once.
func (p *Process) Kill() { p.order(commandKill) }

// order says b to the supervisor; one that is gone needs no orders.
func (p *Process) order(b byte) { _, _ = p.control.Write([]byte{b}) }

// Wait waits until the function, and all it started, is gone.
func (p *Process) Wait() (Report, error) {
	defer p.close()
	err := p.supervisor.Wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	var report Report
	if jsonErr := json.NewDecoder(io.LimitReader(p.report, maxSpec)).Decode(&report); jsonErr != nil {
		return report, fmt.Errorf("its supervisor ended without a report: %w", errors.Join(err, jsonErr))
	}
	return report, err
}

func (p *Process) close() {
	Close([]*os.File{p.control, p.report})
}
