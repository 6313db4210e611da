package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/isojot/isojot"
	"github.com/urfave/cli/v3"
)

// Exit codes, by the custom of Unix tools.
const (
	exitFailure = 1
	exitUsage   = 2
)

// run runs the program with args, args[0] being its name, and returns its exit
// code. Errors are written to stderr. When ctx ends, so does the command.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	app := newApp(stdout, stderr)
	app.Metadata = map[string]any{argumentsKey: args}
	err := app.Run(ctx, args)
	var status exitStatus
	var failed *failure
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status) // the command that exec ran has said why
	case errors.As(err, &failed):
		fmt.Fprintln(stderr, "isojot:", err)
		return exitFailure
	}
	fmt.Fprintf(stderr, "isojot: %v\nSee isojot --help, or isojot COMMAND --help.\n", err)
	return exitUsage
}

// newApp returns the command tree.
func newApp(stdout, stderr io.Writer) *cli.Command {
	app := &cli.Command{
		Name:    "isojot",
		Usage:   "Appwrite-compatible auth server (not affiliated with Appwrite)",
		Version: isojot.Version,
		Writer:  stdout, ErrWriter: stderr,
		// The default handler ends the process; run decides here.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		Action:         unknownCommand,
		Commands:       []*cli.Command{serveCommand(), execCommand(), warnOfExposed(keyCommand()), warnOfExposed(projectCommand()), warnOfExposed(usersCommand()), warnOfExposed(jwtCommand()), warnOfExposed(mailCommand()), versionCommand()},
	}
	quiet(app)
	return app
}

// quiet keeps the library from printing the whole help at each mistake.
func quiet(c *cli.Command) {
	c.OnUsageError = func(_ context.Context, _ *cli.Command, err error, _ bool) error { return usageFault(err) }
	c.HideHelpCommand = true
	for _, sub := range c.Commands {
		quiet(sub)
	}
}

// usageFault says what a flag takes that is on or off, which the library does
// not; its error has no type.
func usageFault(err error) error {
	if strings.HasSuffix(err.Error(), ": parse error") {
		return fmt.Errorf("%w: use true or false", err)
	}
	return err
}

// unknownCommand runs when the first argument names no command.
func unknownCommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("unknown command %q: use serve, exec, key, project, users, jwt, mail or version", c.Args().First())
	}
	return cli.ShowAppHelp(c)
}

// failure is an error of a command that was asked for rightly. Every other
// error is one of usage: those of the command line library carry no type.
type failure struct{ err error }

// fail marks err as a failure; nil stays nil.
func fail(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err}
}

// Error implements error.
func (f *failure) Error() string { return f.err.Error() }

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.err }

// exitStatus ends the program with that code and without a message.
type exitStatus int

// Error implements error.
func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }
