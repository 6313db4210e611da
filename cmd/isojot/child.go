package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/isojot/isojot/server"
)

// Exit codes for a command that could not be run, by the custom of shells.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
	exitSignal        = 128 // plus the signal's number
)

// killDelay is how long a command may take to end after it was asked to.
const killDelay = 10 * time.Second

// environment is this process's environment with what a client of h needs.
func (h *host) environment(o server.Options) []string {
	info := h.auth.Info()
	env := append(os.Environ(),
		"ISOJOT_ENDPOINT="+h.endpoint(), "APPWRITE_ENDPOINT="+h.endpoint(),
		"ISOJOT_PROJECT="+info.Project, "APPWRITE_PROJECT_ID="+info.Project,
		"ISOJOT_API_KEY="+o.APIKey, "APPWRITE_API_KEY="+o.APIKey,
		"ISOJOT_URL="+h.url)
	if o.Dev != nil {
		env = append(env, "ISOJOT_DEV_TOKEN="+o.Dev.Token)
	}
	return env
}

// child is the command that exec runs.
type child struct {
	args, env      []string
	stdout, stderr io.Writer
}

// run runs the command to its end, passing on the signals that this process
// gets. When ctx ends, the command is asked to end, then killed. The error is
// an exitStatus when the command ran or could not be started.
func (c *child) run(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = c.env, os.Stdin, c.stdout, c.stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = killDelay
	signals := make(chan os.Signal, 8)
	// Before the start, so that no signal ends us and leaves the command behind.
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return c.notStarted(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			return exitOf(err)
		case s := <-signals:
			c.forward(cmd.Process, s)
		}
	}
}

// forward passes s on to the command. A terminal sends the signals of its keys
// to the command itself too, and many programs take a second one as an order
// to drop everything.
func (c *child) forward(process *os.Process, s os.Signal) {
	if (s == os.Interrupt || s == syscall.SIGQUIT) && onTerminal() {
		return
	}
	if err := process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		fmt.Fprintf(c.stderr, "isojot: could not pass on the signal %v: %v\n", s, err)
	}
}

// onTerminal reports whether standard input is a device other than the null
// device, which is to say a terminal.
func onTerminal() bool {
	in, err := os.Stdin.Stat()
	if err != nil || in.Mode()&fs.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(in, null)
}

func (c *child) notStarted(err error) error {
	fmt.Fprintf(c.stderr, "isojot: cannot run %s: %v\n", c.args[0], err)
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return exitStatus(exitNotFound)
	}
	return exitStatus(exitNotExecutable)
}

// exitOf turns the error of Wait into the exit code that a shell would give.
func exitOf(err error) error {
	var exit *exec.ExitError
	if err == nil || !errors.As(err, &exit) {
		return fail(err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitStatus(exitSignal + int(status.Signal()))
	}
	return exitStatus(exit.ExitCode())
}
