// Command build makes the browser artefacts of isojot and checks what they are
// made of. It is a module of its own, so that the tools it needs (esbuild,
// brotli, staticcheck) never enter the go.mod of a program that uses isojot.
//
// Run it from anywhere in the repository:
//
//	go run -C internal/build . wasm|js|assets|size|guard
//
// The Makefile builds it to bin/build, so that what takes long is said before.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// command is one thing this program can do. It gets the repository's root, the
// arguments after its name and where to report.
type command struct {
	name  string
	usage string
	run   func(ctx context.Context, repo string, args []string, out io.Writer) error
}

var commands = []command{
	{"wasm", "compile ./wasm to js/dist/isojot.wasm", wasmCommand},
	{"js", "bundle js/src into js/dist", bundleCommand},
	{"assets", "copy the page and the browser build to cmd/isojot/assets", assetsCommand},
	{"size", "compare isojot.wasm with an empty and a hello program (--check: fail above the limit)", sizeCommand},
	{"guard", "fail when the browser build links a forbidden package, or when versions differ", guardCommand},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// run finds the command that args name and the repository around the working
// directory, and runs the one in the other.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage())
	}
	for _, c := range commands {
		if c.name == args[0] {
			repo, err := findRepo(".")
			if err != nil {
				return err
			}
			return c.run(ctx, repo, args[1:], out)
		}
	}
	return fmt.Errorf("unknown command %q\n%s", args[0], usage())
}

func usage() string {
	text := "usage: build COMMAND"
	for _, c := range commands {
		text += fmt.Sprintf("\n  %-7s %s", c.name, c.usage)
	}
	return text
}

// noArguments refuses arguments where a command takes none, so that a typing
// error is not silently ignored.
func noArguments(name string, args []string) error {
	return parseFlags(flag.NewFlagSet(name, flag.ContinueOnError), args)
}

func parseFlags(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%s: %w", flags.Name(), err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%s: unexpected argument %q", flags.Name(), flags.Arg(0))
	}
	return nil
}
