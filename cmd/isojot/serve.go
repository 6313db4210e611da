package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// defaultAddr is the loopback address with the number of the RFC of JWT as its
// port.
const defaultAddr = "127.0.0.1:7519"

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "serve the API and the demo page",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "addr", Value: defaultAddr, Sources: cli.EnvVars("ISOJOT_ADDR"),
				Usage: "`HOST:PORT` to listen on; port 0 takes a free one"},
			dataFlag(), databaseFlag(),
			&cli.IntFlag{Name: "database-connections", Sources: cli.EnvVars("ISOJOT_DATABASE_CONNECTIONS"), Value: server.DefaultDatabaseConnections,
				Usage: "most connections to PostgreSQL at once"},
			&cli.DurationFlag{Name: "lease", Sources: cli.EnvVars("ISOJOT_LEASE"), Value: server.DefaultLease,
				Usage: "how long a server that shares its database may be silent until the others report what it ran as failed"},
			&cli.BoolFlag{Name: "memory", Sources: cli.EnvVars("ISOJOT_MEMORY"),
				Usage: "keep everything in memory, lost at exit"},
			projectFlag(), apiKeyFlag("`KEY` with all scopes of the first project, of at least 16 characters; better given by the variable, since every program can read a command line"),
			algorithmFlag(), limitsFlag(), memoryFlag(), originsFlag(), proxiesFlag(),
			&cli.BoolFlag{Name: "dev", Sources: cli.EnvVars("ISOJOT_DEV"),
				Usage: "let programs on this machine that know a token move the clock, count nothing by the address of this machine, let users sign in at the toy provider dev, and keep mails and text messages to be read unless something sends them; never on a server that others reach"},
			logFlag(),
		}, settingFlags("ISOJOT_"), functionFlags(), mailFlags("ISOJOT_"), oauthFlags("ISOJOT_")),
		Action: serve,
	}
}

func serve(ctx context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("serve takes no arguments, got %q", c.Args().First())
	}
	s, err := readSettings(c, slog.LevelInfo)
	if err != nil {
		return err
	}
	if s.options.DataDir == "" && !s.options.Memory && s.options.DatabaseURL == "" {
		return errors.New("--data is empty: name a folder, or give --memory to keep nothing (their environment variables count too)")
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	h, err := newHost(ctx, s)
	if err != nil {
		return err
	}
	if err := printBanner(c.Root().Writer, h, s.options); err != nil {
		h.log.Warn("the start-up lines could not be written", "error", err)
	}
	return h.serve(ctx)
}
