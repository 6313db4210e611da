package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"

	"github.com/urfave/cli/v3"
)

func execCommand() *cli.Command {
	afterCommand := 1
	return &cli.Command{
		Name:      "exec",
		Usage:     "run a command against a server of its own",
		ArgsUsage: "-- COMMAND [ARGUMENT...]",
		Description: "Starts a server on a free port of this machine, in memory unless --data is given,\n" +
			"runs COMMAND, stops the server and exits with COMMAND's exit code (128+n when\n" +
			"signal n ended it). COMMAND finds the server by these environment variables:\n\n" +
			"  ISOJOT_ENDPOINT, APPWRITE_ENDPOINT     the API, as in http://127.0.0.1:40123/v1\n" +
			"  ISOJOT_PROJECT, APPWRITE_PROJECT_ID    the project id\n" +
			"  ISOJOT_API_KEY, APPWRITE_API_KEY       an API key with all scopes\n" +
			"  ISOJOT_URL                             the page, as in http://127.0.0.1:40123\n" +
			"  ISOJOT_DEV_TOKEN                       the token that moves the clock\n\n" +
			"As with serve --dev, COMMAND can move the clock, and signs up and in as often as it\n" +
			"likes: what limits count by address is not counted for this machine. --dev=false makes\n" +
			"the server one as serve starts it.",
		// What follows the command belongs to it, with or without "--".
		StopOnNthArg: &afterCommand,
		Flags: slices.Concat([]cli.Flag{
			// Address and data have variables of their own: those of serve,
			// set for a server that runs all day, must neither collide with
			// this one nor hand its data to a test.
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:0", Sources: cli.EnvVars("ISOJOT_EXEC_ADDR"),
				Usage: "`HOST:PORT` to listen on; port 0 takes a free one"},
			&cli.StringFlag{Name: "data", Sources: cli.EnvVars("ISOJOT_EXEC_DATA"),
				Usage: "`DIR` of the database, instead of memory"},
			&cli.BoolFlag{Name: "memory", Sources: cli.EnvVars("ISOJOT_EXEC_MEMORY"),
				Usage: "keep everything in memory (what happens without --data)"},
			projectFlag(), apiKeyFlag("`KEY` with all scopes of the first project, of at least 16 characters; a random one without this flag"),
			algorithmFlag(), limitsFlag(), originsFlag(),
			&cli.BoolFlag{Name: "dev", Value: true, Sources: cli.EnvVars("ISOJOT_EXEC_DEV"),
				Usage: "let COMMAND move the clock, and count nothing by the address of this machine; on, unless --dev=false switches it off"},
			logFlag(),
		}, settingFlags("ISOJOT_EXEC_"), functionFlags(), mailFlags("ISOJOT_EXEC_"), oauthFlags()),
		Action: execute,
	}
}

func execute(ctx context.Context, c *cli.Command) error {
	if !c.Args().Present() {
		return errors.New("exec needs a command, as in: isojot exec -- npm test")
	}
	// The output belongs to the command: only what went wrong is logged.
	s, err := readSettings(c, slog.LevelWarn)
	if err != nil {
		return err
	}
	s.options.Memory = s.options.Memory || s.options.DataDir == ""
	if s.options.APIKey == "" {
		s.options.APIKey = rand.Text()
	}
	h, err := newHost(ctx, s)
	if err != nil {
		return err
	}
	for _, text := range warnings(h, s.options) {
		h.log.Warn(text)
	}
	command := &child{c.Args().Slice(), h.environment(s.options), c.Root().Writer, c.Root().ErrWriter}
	return h.serveWhile(ctx, command.run)
}

// serveWhile serves until run returns, and ends run's context should the server
// fail first: a command whose server is gone could wait for it for ever.
func (h *host) serveWhile(ctx context.Context, run func(context.Context) error) error {
	running, endRun := context.WithCancel(ctx)
	defer endRun()
	serving, endServer := context.WithCancel(ctx)
	defer endServer()
	served := make(chan error, 1)
	go func() {
		defer endRun()
		served <- h.serve(serving)
	}()
	result := run(running)
	endServer()
	if err := <-served; err != nil {
		return err
	}
	return result
}
